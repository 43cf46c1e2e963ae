// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyTestKit
import Testing

/// The ground that everything else here stands on.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DeterminismTests {
    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `the same seed is the same history, event by event`(seed: UInt64) async {
        let first = await Simulation(seed: seed).run()
        let second = await Simulation(seed: seed).run()
        #expect(first.digest == second.digest)
        #expect(first.jobs == second.jobs)
        #expect(first.events == second.events)
        #expect(first.events > 0)
    }

    @Test func `another seed is another history`() async {
        let reports = [await Simulation(seed: 1).run(), await Simulation(seed: 2).run()]
        #expect(reports[0].digest != reports[1].digest)
    }

    @Test(arguments: LedgerStoreConformance.checks)
    func `the simulated ledger does what every ledger has to do`(_ check: LedgerStoreConformance.Check) async {
        #expect(await check.faults(in: SimulatedLedgerStore()) == [])
    }

    @Test(arguments: LeaseStoreConformance.checks)
    func `its leases do what all leases have to do`(_ check: LeaseStoreConformance.Check) async {
        let clock = SteppedClock()
        let store = SimulatedLedgerStore(now: { clock.nowMilliseconds })
        #expect(await check.faults(in: store, advance: { clock.advance(by: $0) }) == [])
    }
}
