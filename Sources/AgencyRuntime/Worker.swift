// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// Does what the agenda says and records what came of it, until the run waits or is over.
///
/// What is inlined into a suspended function lies in its frame for as long as that waits, once for every run. So what looks at
/// the whole state decides in functions of its own, which are not inlined and have returned before anything is waited for.
struct Worker {
    @Boxed private(set) var agency: Agency
    var journal: Journal
    let cast: Cast
    let world: (any World)?
    /// The hold on the run, where workers share the runs of a ledger.
    var hold: Hold?
    /// Who looks out for people's words; without anybody, the worker does so itself.
    var lookout: Lookout?
    let observe: @Sendable (Agency.Notice) -> Void
    /// Actions that were sent in this worker's life and not answered.
    var doubts: [Digest: Doubt] = [:]

    /// Works until the run waits, is over, or is to be given back.
    mutating func work() async throws {
        try await open()
        while let work = try due() {
            switch work {
            case .perform(let orders): try await perform(orders)
            case .iterate(let order): try await iterate(order)
            default: if try await dispatch(work) { return }
            }
        }
    }

    @inline(never)
    private func open() async throws {
        if try needsWorld() { try await world?.open() }
    }

    /// Whether the workspace is to be opened before anything is done in the run.
    @inline(never)
    private func needsWorld() throws -> Bool {
        if journal.state.isInSharedPast, let past = journal.state.forks.last {
            let run = journal.state.run
            throw RuntimeError(
                .corrupt,
                "the record of run \(run) ends within the past that it shares with run \(past.run); fork that one again"
            )
        }
        return journal.state.status == .running && isUntouched
    }

    /// Whether nothing has been done in the workspace.
    @inline(never)
    var isUntouched: Bool { journal.state.enactment.base == nil }

    /// Puts the claim of a hold on record, under which everything is recorded from then on.
    ///
    /// A worker that stood still since it got the lease puts nothing on record any more.
    @inline(never)
    mutating func claim(under hold: Hold) async throws {
        try await hold.ensure()
        tell(try await journal.take(under: hold.claim))
    }

    /// What is to be done next; `nil` when the run is to be given back.
    @inline(never)
    private func due() throws -> Work? {
        try Task.checkCancellation()
        return hold?.mustYield == true ? nil : journal.state.agenda()
    }

    /// Does what does not wait for performers.
    ///
    /// - Returns: Whether the run waits or is over.
    @inline(never)
    private mutating func dispatch(_ work: Work) async throws -> Bool {
        if work.touchesWorld { try await hold?.ensure() }
        switch work {
        case .perform, .iterate: break
        case .requestChoice: try await requestChoice()
        case .uphold(let event): try await record(event: .choiceUpheld(event), as: work)
        case .checkpoint(let step): try await checkpoint(step)
        case .fill(let step): try await fill(step)
        case .enact(let step): try await enact(step)
        case .reconcile(let step): try await reconcile(step)
        case .settle(let step): try await settle(step)
        case .revert(let steps, let checkpoint, let reason, let note):
            try await requireWorld().restore(checkpoint)
            let event = StepsReverted(steps: steps, checkpoint: checkpoint, reason: reason, note: note)
            try await record(event: .stepsReverted(event), as: work)
        case .settleGoals: try await settleGoals()
        case .finish(let ending):
            try await record(event: .runFinished(ending), as: work)
            try await reviewMandate()
        case .wait, .nothing: return try await isAtRest(work)
        }
        return false
    }

    /// Whether a run really waits or is over: somebody may have appended while that was being worked out.
    @inline(never)
    private mutating func isAtRest(_ work: Work) async throws -> Bool {
        if try await journal.refresh() > 0 { return false }
        if try await !record({ [agency] in $0.overdue(at: agency.now()) }).isEmpty { return false }
        observe(.stopped(work, journal.state))
        return true
    }

    /// Records what came of some work, as long as that is still due.
    private mutating func record(event: Event, as work: Work) async throws {
        try await record { $0.agenda() == work ? [event] : [] }
    }

    @discardableResult
    @inline(never)
    mutating func record(
        artefacts: @autoclosure () throws -> [Artefact] = [],
        durability: Durability = .full,
        listed: Bool = true,
        _ make: (RunState) throws -> [Event]
    ) async throws -> [RecordedEvent] {
        let recorded = try await journal.append(
            artefacts: try artefacts(),
            durability: durability,
            listed: listed,
            make
        )
        tell(recorded)
        return recorded
    }

    /// Tells whoever watches what was recorded.
    @inline(never)
    func tell(_ recorded: [RecordedEvent]) {
        for event in recorded { observe(.recorded(event, journal.state)) }
    }

    /// Puts on record what this worker brings after it has lost the run; nothing follows from it.
    func recordLate(_ results: [(Artefact, EpisodeID?, StepID?, effect: Digest?, Usage)]) async throws {
        guard let claim = journal.claim else { return }
        var unfenced = journal
        unfenced.claim = nil
        try await unfenced.append(artefacts: results.map(\.0)) { _ in
            results.map { artefact, episode, step, effect, usage in
                .lateResult(
                    LateResult(
                        worker: claim.worker,
                        epoch: claim.epoch,
                        episode: episode,
                        step: step,
                        effect: effect,
                        result: artefact.reference,
                        usage: usage
                    )
                )
            }
        }
    }

    func requireWorld() throws -> any World {
        guard let world else {
            throw RuntimeError(
                .badInput,
                "run \(journal.state.run) enacts steps and was given no workspace; use -w DIRECTORY"
            )
        }
        return world
    }
}

extension Work {
    /// Whether doing it changes something outside the ledger, so that nobody else may be doing it.
    fileprivate var touchesWorld: Bool {
        switch self {
        case .perform, .iterate, .requestChoice, .uphold, .fill, .finish, .wait, .nothing: false
        default: true
        }
    }
}
