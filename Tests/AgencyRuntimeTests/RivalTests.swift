// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// Several workers on one run, which one lock for each run is to prevent, and which must do no harm all the same.
@Suite(.timeLimit(.minutes(4)))
struct RivalTests {
    static let simulated = SimulatedRun(critique: 0)

    @Test(arguments: 0..<8)
    func `two workers at once leave a sound record in which no episode is completed twice`(_: Int) async throws {
        let bench = try await Bench(SimulatedRun(critique: 1))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask { _ = try? await bench.another.work(on: bench.run, cast: bench.cast, world: bench.world) }
            }
        }
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(state.anomalies.isEmpty)
        #expect(state.options.count == 3)
        let completed = try await bench.events().compactMap { event -> EpisodeID? in
            if case .episodeCompleted(let body) = event { body.episode } else { nil }
        }
        #expect(Set(completed).count == completed.count)
        #expect(try await bench.store.verify(run: bench.run).isSound)
    }

    @Test func `a worker that loses the race to a step does not act on it`() async throws {
        let ledger = InMemoryLedgerStore()
        let bench = try await Bench(Self.simulated, store: ledger)
        try await bench.work()
        try await bench.choose("p1")
        // Somebody else's worker stores the very same intent first.
        let rival = RivalStore(ledger, stealing: "step_intended")
        let slower = Bench.agency(rival, bench.clock)
        await #expect { try await slower.work(on: bench.run, cast: bench.cast, world: bench.world) } throws: {
            ($0 as? RuntimeError)?.code == .busy
        }
        #expect(bench.world.acts.isEmpty)
        #expect(try await bench.finish().finished?.outcome == .done)
    }

    @Test func `an episode that another worker has completed is not begun again`() async throws {
        let ledger = InMemoryLedgerStore()
        let bench = try await Bench(Self.simulated, store: ledger)
        let isFirst = Mutex(true)
        let rival = RivalStore(ledger) { events in
            guard events.contains("episode_started"),
                isFirst.withLock({ value in
                    defer { value = false }
                    return value
                })
            else { return }
            // The other worker is faster by a whole stage.
            try await bench.work()
        }
        let state = try await Bench.agency(rival, bench.clock).work(on: bench.run, cast: bench.cast, world: bench.world)
        #expect(state.agenda() == .wait(.choice))
        #expect(state.anomalies.isEmpty)
        #expect(Set(bench.performer.requests.map(\.episode)).count == bench.performer.requests.count)
    }

    @Test func `two choices from the same sheet at once: one stands and the other is told`() async throws {
        let bench = try await Bench(Self.simulated)
        let state = try await bench.work()
        let shown = try #require(state.sheet?.digest)
        let results = await withTaskGroup(of: RuntimeError.Code?.self) { group in
            for option in ["p1", "p2"] as [ProposalID] {
                group.addTask {
                    do {
                        try await bench.another.choose(
                            .option(option),
                            in: bench.run,
                            shown: shown,
                            by: Bench.person,
                            reason: "r"
                        )
                        return nil
                    } catch { return (error as? RuntimeError)?.code }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 == nil } == 1)
        #expect(results.contains(.notNow))
        #expect(try await bench.state().choices.count == 1)
    }
}

/// A store in which somebody else gets in first.
final class RivalStore: WrappingLedgerStore {
    let store: any LedgerStore
    private let stolen: String?
    private let before: @Sendable ([String]) async throws -> Void
    private let isDone = Mutex(false)

    /// Stores the same events once more before an append that has an event of a kind.
    init(_ store: any LedgerStore, stealing kind: String) {
        self.store = store
        stolen = kind
        before = { _ in }
    }

    /// Calls before each append with the kinds of its events.
    init(_ store: any LedgerStore, before: @escaping @Sendable ([String]) async throws -> Void) {
        self.store = store
        stolen = nil
        self.before = before
    }

    func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        let kinds = try events.map { try RecordedEvent(sequence: 0, storedBytes: $0).event.type }
        try await before(kinds)
        if let stolen, kinds.contains(stolen),
            isDone.withLock({ value in
                defer { value = true }
                return !value
            })
        {
            _ = try await store.append(
                events,
                artefacts: artefacts,
                to: run,
                after: head,
                row: row,
                durability: durability
            )
        }
        return try await store.append(
            events,
            artefacts: artefacts,
            to: run,
            after: head,
            row: row,
            durability: durability
        )
    }
}
