// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct SurpriseTests {
    /// All at the first step and nothing kept for shocks: the mixture and the sum as first described.
    private static let plain = SurpriseBets(shifts: [-0.5, -1, -2], onset: nil, runShock: 0, serviceShock: 0)

    @Test func `seven steps come out as computed elsewhere`() {
        var test = SurpriseTest(bets: Self.plain)
        let steps: [(Double, Bool, Double, Double)] = [
            (0.9, true, -0.2220563998958605, 0.8008701940653289), (0.9, true, -0.414300921712262, 1.461672265718277),
            (0.8, false, 0.2796372082651055, 5.256833886509541), (0.9, false, 1.2860243668039535, 18.619932734972085),
            (0.95, false, 2.644502868265267, 82.03444038937758), (0.7, true, 1.833272276977468, 35.16886054285019),
            (0.9, false, 3.0657637569826974, 129.67447571418214),
        ]
        for (p, happened, logE, sum) in steps {
            test.see(forecast: p, happened: happened)
            #expect(abs(test.logE - logE) < 1e-12)
            #expect(abs(exp(test.logSum) / sum - 1) < 1e-12)
        }
    }

    /// What the tests are worth after one step, on average over what may happen.
    private func expectation(_ test: SurpriseTest, _ p: Double, _ value: (SurpriseTest) -> Double) -> Double {
        var (up, down) = (test, test)
        up.see(forecast: p, happened: true)
        down.see(forecast: p, happened: false)
        return p * exp(value(up)) + (1 - p) * exp(value(down))
    }

    @Test(arguments: [SurpriseBets.worse, .either, SurpriseBets(onset: nil), SurpriseBets(shifts: [])])
    func `no step is expected to gain anything, which is all that the bounds need`(bets: SurpriseBets) {
        var generator = SplitMix64(seed: 3)
        var test = SurpriseTest(bets: bets)
        for step in 0..<300 {
            let p =
                step.isMultiple(of: 5)
                ? 1 - exp2(-Double(step % 30)) : Double.random(in: 0.01..<0.999, using: &generator)
            guard p > 0 else { continue }
            let gain = expectation(test, p, \.logE) / exp(test.logE)
            #expect(abs(gain - 1) < 1e-6, "\(step) \(p)")
            #expect(expectation(test, p, \.logSum) <= exp(test.logSum) + 1 + 1e-6)
            test.see(forecast: p, happened: Double.random(in: 0..<1, using: &generator) < p)
        }
    }

    @Test(arguments: [0.998, 0.999, 0.9999, 1 - 1e-9, 1]) func `one forecast far off halts a run at once`(p: Double) {
        var test = SurpriseTest(alpha: 0.01)
        test.see(forecast: p, happened: false)
        #expect(test.haltsRun)
        // And in the midst of it.
        test = SurpriseTest(alpha: 0.01)
        for step in 0..<200 { test.see(forecast: 0.8, happened: !step.isMultiple(of: 5)) }
        #expect(!test.haltsRun)
        test.see(forecast: p, happened: false)
        #expect(test.haltsRun)
        // At .99 the rate itself allows it.
        test = SurpriseTest(alpha: 0.01)
        test.see(forecast: 0.99, happened: false)
        #expect(!test.haltsRun)
    }

    @Test func `one forecast far off halts a service that has gone on for a while`() {
        var test = SurpriseTest()
        for step in 0..<100 { test.see(forecast: 0.8, happened: !step.isMultiple(of: 5)) }
        #expect(!test.haltsService)
        test.see(forecast: 0.9999, happened: false)
        #expect(test.haltsService)
    }

    @Test func `many that are a little off halt as well`() {
        var test = SurpriseTest(alpha: 0.01)
        var steps = 0
        // Half of what was forecast at .75: not one of them is remarkable.
        while !test.haltsRun, steps < 100 {
            test.see(forecast: 0.75, happened: steps.isMultiple(of: 2))
            steps += 1
        }
        #expect(steps > 10 && steps < 80)
    }

    @Test func `what turns out better than forecast halts only where that is asked for`() {
        var worse = SurpriseTest()
        var either = SurpriseTest(bets: .either)
        for _ in 0..<100 {
            worse.see(forecast: 0.5, happened: true)
            either.see(forecast: 0.5, happened: true)
        }
        #expect(!worse.haltsRun && !worse.haltsService)
        #expect(either.haltsRun && either.haltsService)
        either = SurpriseTest(bets: .either)
        either.see(forecast: 1e-4, happened: true)
        #expect(either.haltsRun)
    }

    @Test func `a halt stands, whatever comes after it`() {
        var test = SurpriseTest()
        test.see(forecast: 0.9999, happened: false)
        for _ in 0..<2000 { test.see(forecast: 0.9, happened: true) }
        #expect(test.haltsRun)
        #expect(test.logE.isFinite && test.logSum.isFinite)
    }

    @Test func `what is no probability is left out and counted`() {
        var test = SurpriseTest()
        for p in [Double.nan, -0.1, 1.1, .infinity, -.infinity] { test.see(forecast: p, happened: false) }
        #expect(test.unusable == 5 && test.steps == 0 && test.logE == 0)
        // 0 and 1 are probabilities: borne out, they change next to nothing.
        test.see(forecast: 1, happened: true)
        test.see(forecast: 0, happened: false)
        #expect(test.steps == 2 && abs(test.logE) < 1e-6 && !test.haltsRun)
        for _ in 0..<10_000 { test.see(forecast: 1, happened: false) }
        #expect(test.logE.isFinite && test.logSum.isFinite && test.haltsRun && test.haltsService)
    }

    @Test(arguments: [0, -1, .nan, 2] as [Double]) func `a rate that is none is the default`(alpha: Double) {
        let test = SurpriseTest(alpha: alpha, patience: alpha == 2 ? 0.5 : alpha)
        #expect(test.alpha == 0.01 && test.patience == 18_000)
        #expect(SurpriseBets(shifts: [.nan, 0, .infinity, -1]).shifts == [-1])
        #expect(SurpriseBets(onset: -1).onset == nil && SurpriseBets(onset: .nan).onset == nil)
        #expect(SurpriseBets(runShock: .nan, serviceShock: 7).serviceShock == 1)
    }

    @Test func `extreme settings keep everything finite`() throws {
        for shift in [-1e308, 1e308] {
            for onset in [1e-300, .infinity] {
                let bets = SurpriseBets(shifts: [shift], onset: onset, runShock: 0, serviceShock: 0)
                var test = SurpriseTest(alpha: 1e-300, patience: 1e300, bets: bets)
                for step in 0..<200 { test.see(forecast: step.isMultiple(of: 2) ? 1 : 0, happened: step < 100) }
                #expect(test.logE.isFinite && test.logSum.isFinite)
                #expect(try JSONDecoder().decode(SurpriseTest.self, from: JSONEncoder().encode(test)) == test)
            }
        }
    }

    @Test func `its state survives being written down, from the start`() throws {
        var test = SurpriseTest()
        for step in 0..<3 {
            let bytes = try JSONEncoder().encode(test)
            #expect(try JSONDecoder().decode(SurpriseTest.self, from: bytes) == test)
            test.see(forecast: 0.9999, happened: step == 0)
        }
    }

    @Test func `halts without cause are as rare as was chosen`() {
        var generator = SplitMix64(seed: 8)
        var halts = 0
        for _ in 0..<400 {
            var test = SurpriseTest(alpha: 0.05)
            for _ in 0..<150 where !test.haltsRun {
                // Forecasts that are sure more often than not.
                let p = 1 - exp(-Double.random(in: 0.5..<8, using: &generator))
                test.see(forecast: p, happened: Double.random(in: 0..<1, using: &generator) < p)
            }
            halts += test.haltsRun ? 1 : 0
        }
        // 400 at .05 are 20, with a spread of 4.4.
        #expect(halts <= 33)
        #expect(halts >= 2)
    }
}
