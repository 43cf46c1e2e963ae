// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyLedger

extension Agency {
    /// Where a run can be forked, and what its fork would begin with.
    public struct ForkingPoint: Sendable {
        /// What is known of the run at the event, in its own name.
        public let state: RunState
        /// What was last put before the person, up to the event.
        public let shown: ChoiceSheet?
        /// The checkpoint that a copy of the workspace has to be at; `nil` when nothing had been enacted.
        public let checkpoint: String?
        let head: Digest
        let started: RunStarted
        let shared: [[UInt8]]
    }

    /// Reads a run up to an event and finds out whether it can be forked there.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - sequence: The position of the last event that is to be shared.
    /// - Returns: What a fork there begins with.
    /// - Throws: ``RuntimeError``: `.notFound` when there is no such run or event, `.notNow` where a fork would not be
    ///   sound (the message says where it would be).
    public func forkingPoint(of run: RunID, at sequence: Int) async throws -> ForkingPoint {
        var state = RunState(run: run)
        var shown: ChoiceSheet?
        var shared: [[UInt8]] = []
        var head: Digest?
        var started: RunStarted?
        while sequence >= 0, state.sequence < sequence {
            let page = try await store.entries(
                of: run,
                from: shared.count,
                limit: min(511, sequence - shared.count) + 1
            )
            if page.isEmpty { break }
            for entry in page {
                let recorded = try Journal.read(entry)
                state.apply(recorded)
                shared.append(entry.bytes)
                head = entry.hash
                if case .choiceRequested(let event) = recorded.event { shown = event.sheet }
                if case .runStarted(let event) = recorded.event { started = event }
            }
        }
        guard !shared.isEmpty || sequence < 0 else { throw Self.notFound(run) }
        guard let head, let started, state.sequence == sequence else {
            let last = try await store.head(of: run).sequence
            throw RuntimeError(.notFound, "run \(run) has no event \(sequence); its events are 0 to \(last)")
        }
        try Self.requireForkable(state, sequence)
        return ForkingPoint(
            state: state,
            shown: shown,
            checkpoint: state.enactment.checkpoint,
            head: head,
            started: started,
            shared: shared
        )
    }

    private static func requireForkable(_ state: RunState, _ sequence: Int) throws {
        let run = state.run
        if let past = state.forks.last, sequence <= past.sequence {
            throw RuntimeError(
                .notNow,
                "run \(run) shares event \(sequence) with run \(past.run); fork that one there"
            )
        }
        guard state.status == .running || state.status == .paused else {
            throw RuntimeError(.notNow, "run \(run) is over at event \(sequence); fork it at an earlier one")
        }
        if let current = state.enactment.current {
            throw RuntimeError(
                .notNow,
                "step \(current.step.id) is under way at event \(sequence), and a fork cannot share half an act; "
                    + "fork before it was authorised or after its checkpoint: agency events \(run)"
            )
        }
    }

    /// Starts a run that shares the past of another up to an event, and differs from there.
    ///
    /// The shared events are recorded in the new run byte for byte; the episodes that they hold are not performed again.
    /// No permission is shared: a choice that stood is asked for anew, unless the person makes it here.
    ///
    /// - Parameters:
    ///   - parent: The run whose past is shared.
    ///   - sequence: The position of the last shared event.
    ///   - difference: In what the fork differs.
    ///   - cast: Who plays the roles of the fork.
    ///   - workspace: The directory that the fork works on: a copy, at the checkpoint that the point names.
    ///   - person: Who forks.
    ///   - reason: Why.
    /// - Returns: The name of the fork.
    /// - Throws: ``RuntimeError`` as ``forkingPoint(of:at:)`` does; `.badInput` for roles, profiles or goals that cannot be
    ///   used, `.stale` when what stands is not what was shown, `.notNow` when no choice can be made there; `LedgerError`.
    ///   Whatever is thrown, no run was made.
    public func fork(
        _ parent: RunID,
        at sequence: Int,
        _ difference: Difference = Difference(),
        cast: Cast,
        workspace: String?,
        by person: Person,
        reason: String
    ) async throws -> RunID {
        let point = try await forkingPoint(of: parent, at: sequence)
        try Self.check(difference, of: point, cast: cast)
        let run = makeRunID()
        guard try await store.head(of: run).isEmpty else {
            throw RuntimeError(.busy, "there is already a run \(run); try again")
        }
        let at = max(now(), point.state.updatedAtMilliseconds)
        let fork = Fork(
            run: parent,
            sequence: sequence,
            head: point.head,
            performers: Dictionary(
                difference.performers.map { ($0.key.rawValue, $0.value) },
                uniquingKeysWith: { first, _ in first }
            ),
            person: person.name,
            identifiedBy: person.identifiedBy,
            reason: reason,
            atMilliseconds: at,
            desks: try desks(for: point.started.architecture)
        )
        var started = point.started
        started.run = run
        started.performers = cast.about
        started.workspace = workspace
        started.person = person.name
        started.forks = (started.forks ?? []) + [fork]
        // The first event keeps its time: the past is at the time at which it was.
        let first = try RecordedEvent(sequence: 0, storedBytes: point.shared[0]).atMilliseconds
        var bytes = [try RecordedEvent(sequence: 0, atMilliseconds: first, event: .runStarted(started)).storedBytes()]
        bytes += point.shared.dropFirst()
        var state = RunState(run: run)
        for (sequence, stored) in bytes.enumerated() {
            state.apply(try RecordedEvent(sequence: sequence, storedBytes: stored))
        }
        for event in try events(of: difference, in: &state, shown: point.shown, by: person, reason: reason, at: at) {
            bytes.append(try event.storedBytes())
        }
        _ = try await store.append(bytes, artefacts: [], to: run, after: Head(emptyRun: run), row: state.row)
        return run
    }

    private static func check(_ difference: Difference, of point: ForkingPoint, cast: Cast) throws {
        let roles = point.started.architecture.roles
        for (role, profile) in difference.performers.sorted(by: { $0.key < $1.key }) {
            guard roles.contains(where: { $0.name == role && $0.performer != nil }) else {
                let names = roles.filter { $0.performer != nil }.map(\.name.rawValue).joined(separator: ", ")
                throw RuntimeError(.badInput, "no role “\(role)” is performed; there are: \(names)")
            }
            guard cast.performer(profile) != nil else {
                throw RuntimeError(
                    .badInput,
                    "no profile “\(profile)” says who would play “\(role)”; add it to agency.yaml"
                )
            }
        }
        for role in roles where difference.performers[role.name] == nil {
            guard let name = role.performer, cast.performer(name) == nil else { continue }
            throw RuntimeError(
                .badInput,
                "role “\(role.name)” is to be performed by “\(name)”, which no profile describes"
            )
        }
        if let goals = difference.goals { try requireUsable(goals) }
        if difference.goals != nil, difference.choice != nil {
            throw RuntimeError(
                .badInput,
                "options are judged anew by rewritten goals, so nothing can be chosen yet; fork without a choice, then choose"
            )
        }
    }

    /// The fork's own first events, each folded as it is made.
    private func events(
        of difference: Difference,
        in state: inout RunState,
        shown: ChoiceSheet?,
        by person: Person,
        reason: String,
        at: Int64
    ) throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        func take(_ event: Event) throws {
            let made = RecordedEvent(sequence: state.sequence + 1, atMilliseconds: at, event: event)
            let recorded = try RecordedEvent(sequence: made.sequence, storedBytes: try made.storedBytes())
            state.apply(recorded)
            events.append(recorded)
        }
        if let goals = difference.goals {
            try take(
                .goalsEdited(
                    GoalsEdited(goals: goals, person: person.name, identifiedBy: person.identifiedBy, reason: reason)
                )
            )
        }
        guard let selection = difference.choice else { return events }
        try Self.require(reason, "a choice needs a reason")
        guard case .requestChoice(let sheet) = state.agenda(), let shown else {
            throw RuntimeError(
                .notNow,
                "no options were put before a person at that event; fork where they were (choice_requested)"
            )
        }
        guard selection.shown.utf8.count >= 12, shown.digest.hex.hasPrefix(selection.shown) else {
            throw RuntimeError(
                .stale,
                "\(selection.shown) is not the digest of what was shown there, which is \(shown.digest.short)"
            )
        }
        guard sheet.isAsShown(shown) else {
            throw RuntimeError(
                .stale,
                "what stands in the fork is not what was shown there; fork without a choice, look, and choose"
            )
        }
        if case .option(let id) = selection.verdict, !sheet.options.contains(where: { $0.proposal == id }) {
            let names = sheet.options.map(\.proposal.rawValue).joined(separator: ", ")
            throw RuntimeError(.notFound, "there is no option “\(id)” there; there are: \(names)")
        }
        let nonce = state.isSigned ? makeNonce() : nil
        try take(.choiceRequested(ChoiceRequested(sheet: sheet, digest: sheet.digest, nonce: nonce)))
        let choice = Choice(
            verdict: selection.verdict,
            person: person.name,
            identifiedBy: person.identifiedBy,
            reason: reason,
            shown: sheet.digest,
            expiresAtMilliseconds: state.choiceExpiry(from: at)
        )
        let signature = try signature(of: choice, in: state)
        if let why = state.whyNotCounted(choice, signature: signature) {
            throw RuntimeError(.notPermitted, "the choice of \(person.name) \(why)")
        }
        try take(.choiceRecorded(ChoiceRecorded(choice: choice, signature: signature)))
        return events
    }
}

extension ChoiceSheet {
    /// Whether it puts the same before the person as another did in the name of another run, whoever performs.
    fileprivate func isAsShown(_ other: ChoiceSheet) -> Bool {
        options == other.options && judgement == other.judgement && goals == other.goals
    }
}
