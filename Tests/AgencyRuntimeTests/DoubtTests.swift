// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencyTestKit
import Testing

/// What becomes of a doubt while people do something else with the run.
@Suite(.timeLimit(.minutes(1)))
struct DoubtTests {
    /// A ledger before which a person stops the run just when something of a type is about to be recorded.
    private struct StoppingStore: LedgerStore {
        let store: InMemoryLedgerStore
        let type: String

        func append(
            _ events: [[UInt8]],
            artefacts: [Artefact],
            to run: RunID,
            after head: Head,
            row: RunRow?,
            durability: Durability
        ) async throws -> [Entry] {
            let types = try events.map { try RecordedEvent(sequence: 0, storedBytes: $0).event.type }
            if types.contains(type) {
                let agency = Agency(store: store)
                if try await agency.state(of: run).status == .running {
                    try await agency.stop(run, by: Bench.person, reason: "enough")
                }
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
        func head(of run: RunID) async throws -> Head { await store.head(of: run) }
        func entries(of run: RunID, from sequence: Int, limit: Int) async throws -> [Entry] {
            await store.entries(of: run, from: sequence, limit: limit)
        }
        func artefact(_ digest: Digest) async throws -> [UInt8]? { try await store.artefact(digest) }
        func runs() async throws -> [RunRow] { await store.runs() }
        func snapshot(of run: RunID) async throws -> Snapshot? { await store.snapshot(of: run) }
        func keep(_ snapshot: Snapshot, of run: RunID) async throws { await store.keep(snapshot, of: run) }
    }

    @Test func `nobody is asked what became of an act when the run has been stopped meanwhile`() async throws {
        var simulated = SimulatedRun(critique: 0)
        for index in simulated.tools.indices where simulated.tools[index].name == "notes.append" {
            simulated.tools[index].repeatability = .blind
        }
        let store = InMemoryLedgerStore()
        let bench = try await Bench(simulated, store: store, tools: simulated.tools)
        try await bench.work()
        bench.world.crash(.afterActing)
        try await bench.choose("p1")
        await #expect(throws: SimulatedFault.self) { try await bench.work() }
        let stopping = Bench.agency(StoppingStore(store: store, type: "reconciliation_requested"), bench.clock)
        let state = try await stopping.work(on: bench.run, cast: bench.cast, world: bench.world)
        #expect(state.status == .stopped)
        #expect(state.openQuestion == nil)
        #expect(try await bench.events().last?.type == "run_stopped")
    }
}
