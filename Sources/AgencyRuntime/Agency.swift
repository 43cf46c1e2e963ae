// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger

/// Takes up briefs, works on runs, and lets people steer them; everything it knows is in its ledger.
public struct Agency: Sendable {
    /// Where runs are kept.
    public let store: any LedgerStore
    /// What became of what was forecast in them.
    public let records: RecordShelf
    let now: @Sendable () -> Int64
    /// How many runs record something at once; more would only wait for the same disk.
    private let turnstile = Turnstile(most: 32)
    /// What the episodes of all runs are instructed with.
    let instructions = InstructionShelf()
    let clock: any Clock<Duration>
    private(set) var makeRunID: @Sendable () -> RunID
    let makeNonce: @Sendable () -> String
    /// What signs the choices that are made here; without one, only runs that know no desk can be chosen in.
    public private(set) var desk: Desk?
    /// Whose choices are enacted here; `nil` for those of the desks that the record of a run names.
    public private(set) var trust: DeskTrust?
    /// How durable an episode of a long work is before the next begins; `nil` for what the record of its run says.
    public private(set) var durability: Durability?

    /// Makes an agency.
    ///
    /// - Parameters:
    ///   - store: Where runs are kept.
    ///   - clock: Measures how long things take.
    ///   - now: The time in milliseconds since 1970 UTC, for stamping events and letting choices lapse.
    ///   - makeRunID: Names new runs; each name must be new in the store.
    ///   - durability: How durable an episode of a long work is before the next begins; left out, what its run was
    ///     started with. Whatever else is recorded is always durable in full.
    ///   - desk: What signs the choices that are made here; runs that are started here know it.
    ///   - trust: Whose choices are enacted here; left out, those of the desks that the record of a run names.
    ///   - makeNonce: Makes numbers that are used once, of 32 hexadecimal digits.
    public init(
        store: any LedgerStore,
        clock: any Clock<Duration> = ContinuousClock(),
        now: @escaping @Sendable () -> Int64 = WallClock.milliseconds,
        makeRunID: @escaping @Sendable () -> RunID = RunNames.random,
        durability: Durability? = nil,
        desk: Desk? = nil,
        trust: DeskTrust? = nil,
        makeNonce: @escaping @Sendable () -> String = Nonces.random
    ) {
        self.desk = desk
        self.trust = trust
        self.makeNonce = makeNonce
        self.store = store
        records = RecordShelf(store)
        self.clock = clock
        self.now = now
        self.makeRunID = makeRunID
        self.durability = durability
    }

    /// The same agency, with another durability for the episodes of long works; `nil` for what each run was started with.
    public func keeping(_ durability: Durability?) -> Agency {
        var other = self
        other.durability = durability
        return other
    }

    /// The same agency at another desk.
    public func at(_ desk: Desk?, trusting trust: DeskTrust?) -> Agency {
        var other = self
        other.desk = desk
        other.trust = trust
        return other
    }

    /// The same agency, which names new runs in another way.
    public func naming(_ makeRunID: @escaping @Sendable () -> RunID) -> Agency {
        var other = self
        other.makeRunID = makeRunID
        return other
    }

    /// Takes up a brief; nothing is performed yet.
    ///
    /// - Parameters:
    ///   - brief: What is asked for.
    ///   - architecture: Who does what.
    ///   - cast: Who plays the roles.
    ///   - tools: The tools there are; none for work without a workspace.
    ///   - workspace: The directory that is worked on.
    ///   - person: Who starts it.
    ///   - durability: How durable an episode of a long work is before the next begins, whoever performs it; left out, in
    ///     full.
    ///   - check: How the architecture was checked, with what was decided about rules; it goes onto the record.
    ///   - policy: What the flow of information leads to; it goes onto the record.
    /// - Returns: The name of the run.
    /// - Throws: ``RuntimeError`` with `.badInput` when the architecture breaks a rule, by itself or by what was decided, or
    ///   names a profile that nobody plays; `LedgerError`.
    public func start(
        _ brief: Brief,
        with architecture: Architecture,
        cast: Cast,
        tools: [ToolManifest] = [],
        workspace: String? = nil,
        by person: String,
        durability: Durability? = nil,
        check: CheckRecord? = nil,
        policy: Policy = .standard
    ) async throws -> RunID {
        // Without a workspace there are no tools to compare with.
        let faults = architecture.faults(tools: tools.isEmpty ? nil : tools) + architecture.faults(for: brief)
        if let fault = faults.first {
            throw RuntimeError(
                .badInput,
                "the architecture cannot be used: \(fault) [\(fault.rule.id)]; \(fault.hint)"
            )
        }
        if let refused = check?.findings.first(where: { $0.severity == .error }) {
            throw RuntimeError(.badInput, "the architecture is refused: \(refused.message) [\(refused.rule)]")
        }
        for role in architecture.roles {
            guard let profile = role.performer else { continue }
            guard cast.performer(profile) != nil else {
                throw RuntimeError(
                    .badInput,
                    "role “\(role.name)” is to be performed by “\(profile)”, which no profile describes; add it to agency.yaml"
                )
            }
        }
        let run = makeRunID()
        // If there is a run of that name against all odds, it is found when this is to begin it.
        var journal = Journal(before: run, in: store, now: now, through: turnstile)
        let event = RunStarted(
            run: run,
            brief: brief,
            architecture: architecture,
            performers: cast.about,
            tools: tools,
            workspace: workspace,
            person: person,
            durability: durability,
            check: check,
            desks: try desks(for: architecture),
            policy: policy
        )
        guard try await !journal.append({ $0.status == .notStarted ? [.runStarted(event)] : [] }).isEmpty else {
            throw RuntimeError(.busy, "there is already a run \(run); try again")
        }
        return run
    }

    /// The desks that a run which begins here takes choices from: this one, and those that it trusts.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` when more persons have to choose than there are desks.
    func desks(for architecture: Architecture) throws -> [DeskKey]? {
        guard let desk else { return nil }
        let others = (try trust?.desks() ?? []).filter { $0.publicKey != desk.key.publicKey }
        let persons = max(1, architecture.choosing?.persons ?? 1)
        // Whoever reads the terminal may have an account as well, and is one person: where accounts suffice, the desk is none.
        let isPerson = try persons == 1 || (trust?.accounts().count ?? 0) < persons
        let desks = (isPerson ? [desk.key] : []) + others
        guard persons <= desks.count else {
            throw RuntimeError(
                .badInput,
                "\(persons) persons have to choose, each at a desk of their own, and \(desks.count == 1 ? "only this one is" : "\(desks.count) are") "
                    + "trusted here; add one with: agency desk trust KEY, or give people accounts at agency serve, and have them sign in once"
            )
        }
        return desks
    }

    /// Reads a run.
    ///
    /// - Throws: ``RuntimeError`` with `.notFound` when there is no such run; `LedgerError`.
    public func state(of run: RunID) async throws -> RunState { try await journal(of: run).state }

    /// Reads the events of a run.
    ///
    /// - Throws: as ``state(of:)`` does.
    public func events(of run: RunID) async throws -> [RecordedEvent] {
        var events: [RecordedEvent] = []
        try await store.eachEvent(of: run) { events.append($0) }
        guard !events.isEmpty else { throw Self.notFound(run) }
        return events
    }

    /// Reads a part of a run's events, for whoever cannot hold all of a long run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - position: The first event's position, from 0.
    ///   - limit: The most events.
    /// - Returns: The events in order; none at the end of the run, and for a run that there is not.
    /// - Throws: `LedgerError` from the store; ``RuntimeError`` with `.corrupt` when an event cannot be read.
    public func events(of run: RunID, from position: Int, limit: Int) async throws -> [RecordedEvent] {
        try await store.entries(of: run, from: position, limit: limit).map(Journal.read)
    }

    func journal(of run: RunID) async throws -> Journal {
        let journal = try await Journal(reading: run, in: store, now: now, through: turnstile)
        guard journal.state.status != .notStarted else { throw Self.notFound(run) }
        return journal
    }

    static func notFound(_ run: RunID) -> RuntimeError {
        RuntimeError(.notFound, "there is no run “\(run)” here; agency status lists them")
    }
}

extension LedgerStore {
    /// Goes through a run's events, of which never more than a page is held for it: some runs are very long.
    func eachEvent(of run: RunID, _ take: (RecordedEvent) -> Void) async throws {
        var next = 0
        while true {
            let page = try await entries(of: run, from: next, limit: Journal.page).map(Journal.read)
            for event in page { take(event) }
            next += page.count
            if page.count < Journal.page { return }
        }
    }
}
