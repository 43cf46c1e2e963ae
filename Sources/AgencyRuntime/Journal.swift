// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger

/// The events of one run as its worker sees them: what has been read, and what is appended after it.
public struct Journal: Sendable {
    let store: any LedgerStore
    /// The last event read or written.
    public internal(set) var head: Head
    /// What is known of the run.
    @Boxed public internal(set) var state: RunState
    /// The claim under which it may append, as long as it is the last on record; without one, to whatever stands.
    public internal(set) var claim: RunClaimed?
    private let now: @Sendable () -> Int64
    /// Where runs wait for their turn to record something.
    private let turnstile: Turnstile
    /// The position from which the next snapshot is due.
    var nextSnapshot = Journal.snapshotInterval

    /// Reads a run: the snapshot that is kept of it, and every event since; without one, every event.
    ///
    /// - Parameters:
    ///   - run: The run; one of which nothing has happened is empty, not an error.
    ///   - store: Where it is kept.
    ///   - now: The time in milliseconds since 1970 UTC.
    ///   - turnstile: Where it waits for its turn among others to record something.
    /// - Throws: `LedgerError` from the store; ``RuntimeError`` with `.corrupt` when an event cannot be read.
    init(
        reading run: RunID,
        in store: any LedgerStore,
        now: @escaping @Sendable () -> Int64,
        through turnstile: Turnstile
    ) async throws {
        self.init(before: run, in: store, now: now, through: turnstile)
        try await openSnapshot()
        try await refresh()
        await keepSnapshot()
    }

    /// Stands before the first event of a run; ``refresh()`` reads it.
    init(
        before run: RunID,
        in store: any LedgerStore,
        now: @escaping @Sendable () -> Int64,
        through turnstile: Turnstile
    ) {
        self.store = store
        self.now = now
        self.turnstile = turnstile
        state = RunState(run: run)
        head = Head(sequence: -1, hash: HashChain.genesis(of: run))
    }

    /// Takes in what others have appended since.
    ///
    /// - Returns: How many events were taken in.
    @discardableResult
    public mutating func refresh() async throws -> Int {
        let known = head.sequence
        while true {
            let entries = try await store.entries(of: state.run, from: head.sequence + 1, limit: Self.page)
            for entry in entries { try take(entry) }
            if entries.count < Self.page { return head.sequence - known }
        }
    }

    /// How many entries are held in memory at a time.
    static let page = 512

    /// Appends events if they are still right when those of others have been taken in.
    ///
    /// - Parameters:
    ///   - artefacts: The bytes that the events refer to; asked for once those are made.
    ///   - durability: When the call returns.
    ///   - listed: Whether lists show the run as it is after this.
    ///   - make: Makes the events from the state that they will follow; an empty list appends nothing.
    /// - Returns: The events as recorded.
    /// - Throws: what `make` throws; `LedgerError` from the store, `.conflict` only after repeated losing.
    @discardableResult
    public mutating func append(
        artefacts: @autoclosure () throws -> [Artefact] = [],
        durability: Durability = .full,
        listed: Bool = true,
        _ make: (RunState) throws -> [Event]
    ) async throws -> [RecordedEvent] {
        try await turnstile.pass {
            try await appendInTurn(artefacts: artefacts, durability: durability, listed: listed, make)
        }
    }

    @inline(never)
    private mutating func appendInTurn(
        artefacts: () throws -> [Artefact],
        durability: Durability,
        listed: Bool,
        _ make: (RunState) throws -> [Event]
    ) async throws -> [RecordedEvent] {
        for attempt in 1... {
            let (bytes, recorded) = try fold(make)
            guard !recorded.isEmpty else { return [] }
            do {
                let entries = try await store.append(
                    bytes,
                    artefacts: artefacts(),
                    to: run,
                    after: head,
                    row: listed ? row : nil,
                    durability: durability
                )
                if let last = entries.last { head = Head(sequence: last.sequence, hash: last.hash) }
                await keepSnapshot()
                return recorded
            } catch {
                try await reread()
                guard let error = error as? LedgerError, error.code == .conflict, attempt < 20 else { throw error }
            }
        }
        return []
    }

    /// Makes events and folds them, before they are stored.
    @inline(never)
    private mutating func fold(
        _ make: (RunState) throws -> [Event]
    ) throws -> (bytes: [[UInt8]], recorded: [RecordedEvent]) {
        try requireClaim()
        let events = try make(state)
        let (bytes, recorded) = try stored(events)
        // In place: copying the state for each event would make a long run quadratic.
        recorded.forEach { state.apply($0) }
        return (bytes, recorded)
    }

    /// What is due in the run.
    @inline(never)
    var agenda: Work { state.agenda() }

    /// The run.
    @inline(never)
    var run: RunID { state.run }

    /// The line that lists show of the run.
    @inline(never)
    var row: RunRow { state.row }

    /// Waits until everything that was appended is durable, and has lists show the run as it is.
    ///
    /// When something was not stored after all, or somebody else has appended, the run is read again.
    mutating func settle() async throws {
        do {
            _ = try await store.append([], artefacts: [], to: run, after: head, row: row, durability: .full)
        } catch let error as LedgerError where error.code == .conflict {
            try await reread()
        }
    }

    /// Puts a claim on record, under which everything is appended from then on.
    ///
    /// - Throws: ``RuntimeError`` with `.takenOver` when a later claim is there already; as ``append(artefacts:_:)`` does.
    mutating func take(under claim: RunClaimed) async throws -> [RecordedEvent] {
        let recorded = try await append { state in
            guard claim.epoch > state.claim?.epoch ?? 0 else {
                throw RuntimeError(
                    .takenOver,
                    "run \(state.run) has a later claim (\(state.claim?.epoch ?? 0)) than \(claim.worker)'s (\(claim.epoch))"
                )
            }
            return [.runClaimed(claim)]
        }
        self.claim = claim
        return recorded
    }

    /// Writes events and reads them again, so that what is folded now is what will be folded by whoever reads the run.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for an event that could be written and never be read.
    private func stored(_ events: [Event]) throws -> (bytes: [[UInt8]], recorded: [RecordedEvent]) {
        let at = max(now(), state.updatedAtMilliseconds)
        var bytes: [[UInt8]] = []
        var recorded: [RecordedEvent] = []
        for (offset, event) in events.enumerated() {
            let sequence = head.sequence + 1 + offset
            do {
                bytes.append(try RecordedEvent(sequence: sequence, atMilliseconds: at, event: event).storedBytes())
                if case .stateAdvanced = event {
                    // Reads back as it is by construction, and there are millions of them.
                    recorded.append(RecordedEvent(sequence: sequence, atMilliseconds: at, event: event))
                } else {
                    recorded.append(try RecordedEvent(sequence: sequence, storedBytes: bytes[offset]))
                }
            } catch {
                throw RuntimeError(.badInput, "this cannot be recorded (\(event.type)): \(error)", cause: error)
            }
        }
        return (bytes, recorded)
    }

    /// Forgets what was not stored after all, and folds the run again.
    private mutating func reread() async throws {
        let claim = claim
        self = Journal(before: state.run, in: store, now: now, through: turnstile)
        self.claim = claim
        try await openSnapshot()
        try await refresh()
    }

    /// The fence: whoever lost the run finds the other's claim on the record, at the latest when the head has moved.
    private func requireClaim() throws {
        guard let claim, state.claim != claim else { return }
        let other = state.claim.map { "worker \($0.worker) (claim \($0.epoch))" } ?? "nobody"
        throw RuntimeError(
            .takenOver,
            "run \(state.run) is with \(other), no longer with \(claim.worker) (claim \(claim.epoch))"
        )
    }

    private mutating func take(_ entry: Entry) throws {
        state.apply(try Self.read(entry))
        head = Head(sequence: entry.sequence, hash: entry.hash)
    }

    /// Reads an entry as the event that it is.
    ///
    /// - Throws: ``RuntimeError`` with `.corrupt` when it is none.
    static func read(_ entry: Entry) throws -> RecordedEvent {
        do {
            return try RecordedEvent(sequence: entry.sequence, storedBytes: entry.bytes)
        } catch {
            throw RuntimeError(
                .corrupt,
                "event \(entry.sequence) of run \(entry.run) cannot be read: \(error); run agency verify",
                cause: error
            )
        }
    }
}

extension RunState {
    /// The line that lists show of this run.
    public var row: RunRow {
        RunRow(
            run: run,
            title: started?.brief.title ?? "",
            architecture: architecture?.name ?? "",
            status: statusWord,
            updatedAtMilliseconds: updatedAtMilliseconds,
            startedAtMilliseconds: startedAtMilliseconds,
            events: sequence + 1,
            isDue: isDue
        )
    }

    /// Whether there is work to do.
    private var isDue: Bool {
        switch agenda() {
        case .wait, .nothing: false
        default: true
        }
    }

    /// Where the run is, in a word or two: `choose`, `enact`, `done`, `paused`.
    public var statusWord: String {
        switch status {
        case .running: currentStage?.word ?? "ending"
        case .finished: finished?.outcome.rawValue ?? "finished"
        case .notStarted, .paused, .stopped: status.rawValue
        }
    }
}

extension RunRow {
    /// Whether the run was over when the row was written; what its record says counts.
    public var isOver: Bool {
        RunFinished.Outcome(rawValue: status) != nil
            || [RunState.Status.finished.rawValue, RunState.Status.stopped.rawValue].contains(status)
    }
}
