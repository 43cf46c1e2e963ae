// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyTestKit
import Testing

/// The ground that everything else here stands on.
@Suite(.timeLimit(.minutes(5)))
struct DeterminismTests {
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `the same seed is the same history, event by event`(seed: UInt64) async {
        let first = await Simulation(seed: seed).run()
        let second = await Simulation(seed: seed).run()
        #expect(first.digest == second.digest)
        #expect(first.jobs == second.jobs)
        #expect(first.events == second.events)
        #expect(first.events > 0)
    }
}
