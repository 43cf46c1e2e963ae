// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// A ledger with many runs in memory, with a clock that is moved by hand, and pools that work on them.
struct PoolBench: Sendable {
    let simulated: SimulatedRun
    let clock: SteppedClock
    let store: InMemoryLedgerStore
    let performer: ScriptedPerformer
    let worlds = Worlds()
    let runs: [RunID]

    /// The workspace of each run.
    final class Worlds: Sendable {
        private let worlds = Mutex<[RunID: SimulatedWorld]>([:])

        func world(_ run: RunID, of simulated: SimulatedRun) -> SimulatedWorld {
            worlds.withLock { worlds in
                if let world = worlds[run] { return world }
                let world = simulated.makeWorld()
                worlds[run] = world
                return world
            }
        }
    }

    init(
        runs count: Int,
        simulated: SimulatedRun = SimulatedRun(critique: 0),
        clock: SteppedClock = SteppedClock(),
        performer: ScriptedPerformer? = nil
    ) async throws {
        self.simulated = simulated
        self.clock = clock
        self.performer = performer ?? simulated.makePerformer()
        store = InMemoryLedgerStore(now: { clock.nowMilliseconds })
        runs = (0..<count).map { RunID("r-\($0)") }
        for run in runs {
            let agency = Agency(store: store, clock: clock, now: { clock.nowMilliseconds }, makeRunID: { run })
            _ = try await agency.start(
                simulated.brief,
                with: simulated.architecture,
                cast: Cast(everyone: self.performer, in: simulated.architecture),
                tools: simulated.tools,
                workspace: "notes",
                by: "starter"
            )
        }
    }

    var agency: Agency { Bench.agency(store, clock) }

    func world(_ run: RunID) -> SimulatedWorld { worlds.world(run, of: simulated) }

    /// A pool as another process would have it.
    func pool(
        _ name: String,
        store: (any LedgerStore)? = nil,
        leases: (any LeaseStore)? = nil,
        clock: SteppedClock? = nil,
        performer: ScriptedPerformer? = nil,
        change: (inout WorkerPool.Settings) -> Void = { _ in },
        refusing refusal: @escaping @Sendable (RunID) throws -> Void = { _ in },
        observe: @escaping @Sendable (WorkerPool.Notice) -> Void = { _ in }
    ) -> WorkerPool {
        var settings = WorkerPool.Settings(name: name)
        change(&settings)
        let cast = Cast(everyone: performer ?? self.performer, in: simulated.architecture)
        return WorkerPool(
            agency: Bench.agency(store ?? self.store, clock ?? self.clock),
            leases: leases ?? self.store,
            settings: settings,
            stage: { state, work in
                try refusal(state.run)
                try await work(cast, world(state.run))
            },
            observe: observe
        )
    }

    /// Lets pools work, while time goes on, until something is so; then stops them.
    func work(
        _ pools: WorkerPool...,
        step: Duration = .milliseconds(100),
        until isSo: @Sendable () async throws -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for pool in pools { group.addTask { try await pool.run() } }
            try await pass(step: step, until: isSo)
            for pool in pools { pool.stop() }
            try await pass(step: step) { pools.allSatisfy { $0.inFlight == 0 } }
            try await group.waitForAll()
        }
    }

    /// Lets time go on until something is so.
    func pass(step: Duration = .milliseconds(100), until isSo: @Sendable () async throws -> Bool) async throws {
        for round in 0..<200_000 {
            if round % 20 == 0, try await isSo() { return }
            if round % 20 == 0 { clock.advance(by: step) }
            await Task.yield()
        }
        throw SimulatedFault("it did not come about")
    }

    func state(_ run: RunID) async throws -> RunState { try await agency.state(of: run) }

    /// Whether no run is due any more.
    @Sendable func isIdle() async throws -> Bool { await store.runs().allSatisfy { !$0.isDue } }

    func events(_ run: RunID) async throws -> [Event] { try await agency.events(of: run).map(\.event) }

    func choose(_ run: RunID) async throws {
        let state = try await state(run)
        try await agency.choose(
            .option(state.options.first?.id ?? ""),
            in: run,
            shown: state.sheet?.digest ?? Digest(of: ""),
            by: Bench.person,
            reason: "it looks sound"
        )
    }

    /// Asserts that nothing was done twice and that everything is in order.
    func requireSound(at place: SourceLocation = #_sourceLocation) async throws {
        for run in runs {
            let events = try await events(run)
            let completed = events.compactMap { if case .episodeCompleted(let body) = $0 { body.episode } else { nil } }
            #expect(Set(completed).count == completed.count, "\(run)", sourceLocation: place)
            #expect(try await state(run).anomalies == [], "\(run)", sourceLocation: place)
            #expect(world(run).actsByEffect.values.allSatisfy { $0 == 1 }, "\(run)", sourceLocation: place)
            #expect(try await store.verify(run: run).isSound, "\(run)", sourceLocation: place)
        }
        #expect(await store.holders().isEmpty, sourceLocation: place)
    }
}

/// Leases that can be made to fail, as over a network.
final class FaultyLeases: LeaseStore {
    private let leases: any LeaseStore
    private let fault: @Sendable (String) throws -> Void

    /// Calls before each call with its name.
    init(_ leases: any LeaseStore, fault: @escaping @Sendable (String) throws -> Void) {
        self.leases = leases
        self.fault = fault
    }

    func claimDue(limit: Int, worker: String, for duration: Duration) async throws -> [Lease] {
        try fault("claim")
        return try await leases.claimDue(limit: limit, worker: worker, for: duration)
    }

    func claim(_ run: RunID, worker: String, for duration: Duration) async throws -> Lease? {
        try fault("claim")
        return try await leases.claim(run, worker: worker, for: duration)
    }

    func renew(_ lease: Lease, for duration: Duration) async throws -> Lease? {
        try fault("renew")
        return try await leases.renew(lease, for: duration)
    }

    func release(_ lease: Lease) async throws {
        try fault("release")
        try await leases.release(lease)
    }

    func holders() async throws -> [Lease] { try await leases.holders() }
    func wakeUps() async -> AsyncStream<RunID> { await leases.wakeUps() }
}
