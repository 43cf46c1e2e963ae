// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencyTestKit
import LedgerPostgres
import Synchronization
import Testing

@Suite(.needsPostgres, .timeLimit(.minutes(5))) struct WorkersTests {
    @Test func `workers share a server, and each run is performed once`() async throws {
        try await withStore(.init(timeout: .seconds(60))) { store, _, url in
            let desk = try await Desk(store, runs: 9)
            try await desk.withPools(3, on: url, .init(timeout: .seconds(60))) { try await desk.chooseUntilDone() }
            let asked = desk.performer.requests.map { "\($0.run) \($0.episode)" }
            #expect(Set(asked).count == asked.count)
            try await desk.requireSound()
        }
    }

    /// In which way a server is away: gone, or standing still with all that was sent to it on its way.
    enum Absence: CaseIterable {
        case killed, still
    }

    @Test(arguments: Absence.allCases)
    func `workers outlast a server that is away for longer than they wait, and no effect stands twice`(
        _ absence: Absence
    ) async throws {
        try await withOwnServer(.init(timeout: .seconds(60))) { store, server in
            let desk = try await Desk(store, runs: 6)
            try await desk.withPools(3, on: server.url(), .init(timeout: .milliseconds(500))) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        for asked in [10, 40] {
                            while desk.performer.requests.count < asked { try await Task.sleep(for: .milliseconds(2)) }
                            // Longer than the workers wait for it, so that their work breaks off; the second time longer than
                            // their leases too.
                            let pause = Duration.milliseconds(asked == 10 ? 1200 : 2500)
                            switch absence {
                            case .killed:
                                try await server.kill()
                                try await Task.sleep(for: pause)
                                try await server.restart()
                            case .still:
                                try await server.pause()
                                try await Task.sleep(for: pause)
                                try await server.resume()
                            }
                        }
                    }
                    group.addTask { try await desk.chooseUntilDone() }
                    try await group.waitForAll()
                }
            }
            try await desk.requireSound()
        }
    }
}

/// Runs on a server, and a person who chooses.
private struct Desk: Sendable {
    private final class Worlds: Sendable {
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

    private static let person = Person(name: "chooser", identifiedBy: "test")
    let store: PostgresLedgerStore
    let simulated = SimulatedRun(critique: 0)
    let performer: ScriptedPerformer
    let runs: [RunID]
    private let worlds = Worlds()

    init(_ store: PostgresLedgerStore, runs count: Int) async throws {
        self.store = store
        performer = simulated.makePerformer()
        runs = (0..<count).map { RunID("r-\($0)") }
        for run in runs {
            _ = try await Agency(store: store, makeRunID: { run }).start(
                simulated.brief,
                with: simulated.architecture,
                cast: Cast(everyone: performer, in: simulated.architecture),
                tools: simulated.tools,
                workspace: "notes",
                by: "starter"
            )
        }
    }

    /// Lets pools work, each with a store of its own as another process would have it.
    func withPools(
        _ count: Int,
        on url: String,
        _ settings: PostgresLedgerStore.Settings,
        _ body: () async throws -> Void
    ) async throws {
        var stores: [PostgresLedgerStore] = []
        var pools: [WorkerPool] = []
        let cast = Cast(everyone: performer, in: simulated.architecture)
        for number in 0..<count {
            let store = try await PostgresLedgerStore.open(try PostgresLocation(url), settings: settings)
            stores.append(store)
            let settings = WorkerPool.Settings(
                name: "worker-\(number)",
                runs: 3,
                lease: .seconds(2),
                period: .milliseconds(100)
            )
            pools.append(
                WorkerPool(
                    agency: Agency(store: store),
                    leases: store,
                    settings: settings,
                    stage: { state, work in try await work(cast, worlds.world(state.run, of: simulated)) }
                )
            )
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for pool in pools { group.addTask { try await pool.run() } }
            try await body()
            for pool in pools { pool.stop() }
            try await group.waitForAll()
        }
        for store in stores { await store.close() }
    }

    /// Chooses whenever a run waits for it, until all are over.
    func chooseUntilDone() async throws {
        let agency = Agency(store: store)
        var left = Set(runs)
        while !left.isEmpty {
            for row in try await store.runs() where !row.isDue && left.contains(row.run) {
                let state = try await agency.state(of: row.run)
                if state.finished != nil {
                    left.remove(row.run)
                } else if state.agenda() == .wait(.choice), let sheet = state.sheet, let option = state.options.first {
                    try await agency.choose(
                        .option(option.id),
                        in: row.run,
                        shown: sheet.digest,
                        by: Self.person,
                        reason: "it looks sound"
                    )
                }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Asserts that nothing was lost, nothing is there twice, and every run has come to its end.
    func requireSound(at place: SourceLocation = #_sourceLocation) async throws {
        let agency = Agency(store: store)
        for run in runs {
            let state = try await agency.state(of: run)
            let events = try await agency.events(of: run).map(\.event)
            let completed = events.compactMap { if case .episodeCompleted(let body) = $0 { body.episode } else { nil } }
            #expect(Set(completed).count == completed.count, "\(run)", sourceLocation: place)
            #expect(state.finished?.outcome == .done, "\(run)", sourceLocation: place)
            #expect(state.anomalies == [], "\(run)", sourceLocation: place)
            let standing = worlds.world(run, of: simulated).standing
            #expect(standing.map(\.step) == ["s1", "s2", "s3"], "\(run)", sourceLocation: place)
            #expect(Set(standing.map(\.effect)).count == standing.count, "\(run)", sourceLocation: place)
            #expect(try await store.verify(run: run).isSound, "\(run)", sourceLocation: place)
        }
    }
}
#endif
