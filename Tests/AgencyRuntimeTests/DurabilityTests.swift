// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencyTestKit
import Synchronization
import Testing

/// How durable what is recorded is asked to be, by whoever works on a run.
@Suite(.timeLimit(.minutes(4)))
struct DurabilityTests {
    /// Notes with which durability events were appended, by their type.
    private final class NotingStore: WrappingLedgerStore {
        let leases = InMemoryLedgerStore()
        var store: any LedgerStore { leases }
        private let noted = Mutex<[String: Set<Durability>]>([:])

        /// The durability of all events of a type.
        func durability(of type: String) -> Set<Durability> { noted.withLock { $0[type] ?? [] } }

        func append(
            _ events: [[UInt8]],
            artefacts: [Artefact],
            to run: RunID,
            after head: Head,
            row: RunRow?,
            durability: Durability
        ) async throws -> [Entry] {
            for event in events {
                let type = try RecordedEvent(sequence: 0, storedBytes: event).event.type
                noted.withLock { _ = $0[type, default: []].insert(durability) }
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

    /// Starts a long work, and gives what works on it.
    private func start(_ store: NotingStore, _ durability: Durability?) async throws -> (RunID, Cast) {
        let cast = Cast(everyone: Counter(until: 5), in: IterationTests.architecture)
        let run = try await Agency(store: store).start(
            IterationTests.brief,
            with: IterationTests.architecture,
            cast: cast,
            by: "ada",
            durability: durability
        )
        return (run, cast)
    }

    private func requireRestInFull(_ store: NotingStore, at place: SourceLocation = #_sourceLocation) {
        for type in ["run_started", "iteration_begun", "run_finished"] {
            #expect(store.durability(of: type) == [.full], "\(type)", sourceLocation: place)
        }
    }

    @Test(arguments: [nil, .full, .relaxed] as [Durability?])
    func `a pool works on a run with the durability that it was started with`(_ durability: Durability?) async throws {
        let store = NotingStore()
        let (run, cast) = try await start(store, durability)
        let pool = WorkerPool(
            agency: Agency(store: store),
            leases: store.leases,
            settings: .init(name: "w", period: .milliseconds(10), endsWhenIdle: true),
            stage: { _, work in try await work(cast, nil) }
        )
        try await pool.run()
        #expect(try await Agency(store: store).state(of: run).finished?.outcome == .done)
        #expect(store.durability(of: "state_advanced") == [durability ?? .full])
        requireRestInFull(store)
    }

    @Test func `whoever says so works on a run with another durability`() async throws {
        let store = NotingStore()
        let (run, cast) = try await start(store, .relaxed)
        _ = try await Agency(store: store, durability: .full).work(on: run, cast: cast)
        #expect(store.durability(of: "state_advanced") == [.full])
        requireRestInFull(store)
    }
}
