// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencyTestKit
import Synchronization
import Testing

/// What becomes of a step that is under way while people do something else with the run.
@Suite(.timeLimit(.minutes(4)))
struct DoubtTests {
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
        let rival = RivalStore(store) { kinds in
            guard kinds.contains("reconciliation_requested"), try await bench.state().status == .running else { return }
            try await bench.agency.stop(bench.run, by: Bench.person, reason: "enough")
        }
        let state = try await Bench.agency(rival, bench.clock).work(on: bench.run, cast: bench.cast, world: bench.world)
        #expect(state.status == .stopped)
        #expect(state.openQuestion == nil)
        #expect(try await bench.events().last?.type == "run_stopped")
    }

    @Test func `what an act showed counts for nothing when a person has gone back before it meanwhile`() async throws {
        let store = InMemoryLedgerStore()
        let bench = try await Bench(SimulatedRun(critique: 0), store: store)
        try await bench.work()
        try await bench.choose("p1")
        let observations = Mutex(0)
        let rival = RivalStore(store) { kinds in
            guard kinds.contains("step_observed"),
                observations.withLock({
                    $0 += 1; return $0
                }) == 2
            else { return }
            _ = try await bench.agency.revert(
                to: nil,
                in: bench.run,
                world: bench.world,
                by: Bench.person,
                reason: "from the start"
            )
        }
        let state = try await Bench.agency(rival, bench.clock).work(on: bench.run, cast: bench.cast, world: bench.world)
        #expect(state.anomalies == [])
        #expect(state.enactment.done.isEmpty)
        #expect(state.enactment.current == nil)
        #expect(state.agenda() == .wait(.choice))
        #expect(try await bench.finish().finished?.outcome == .done)
    }
}
