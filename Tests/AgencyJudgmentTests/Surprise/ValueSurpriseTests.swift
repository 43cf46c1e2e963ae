// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct ValueSurpriseTests {
    private func even(_ generator: inout SplitMix64) -> Double { Double.random(in: 0..<1, using: &generator) }

    @Test func `no value is expected to gain anything`() {
        // The mean over all shares s, integrated over s^(1/5) because the bets are steep near 0.
        let cells = 20_000
        var run = 0.0
        for cell in 0..<cells {
            let root = (Double(cell) + 0.5) / Double(cells)
            var test = ValueSurpriseTest()
            test.see(share: pow(root, 5))
            run += exp(test.logE) * 5 * pow(root, 4) / Double(cells)
        }
        #expect(abs(run - 1) < 1e-3)
    }

    @Test func `one value far out, or many somewhat high, halt`() {
        var test = ValueSurpriseTest(alpha: 0.01)
        test.see(share: 1e-5)
        #expect(test.haltsRun)
        test = ValueSurpriseTest(alpha: 0.01)
        var steps = 0
        while !test.haltsRun, steps < 200 {
            test.see(share: [0.3, 0.1, 0.02][steps % 3])
            steps += 1
        }
        #expect(steps > 3 && steps < 40)
    }

    @Test func `halts without cause are as rare as was chosen`() {
        var generator = SplitMix64(seed: 5)
        var halts = 0
        var service = 0
        for _ in 0..<400 {
            var test = ValueSurpriseTest(alpha: 0.05)
            for _ in 0..<150 { test.see(share: even(&generator)) }
            halts += test.haltsRun ? 1 : 0
            service += test.haltsService ? 1 : 0
        }
        #expect(halts <= 33)
        #expect(service <= 12)
    }

    @Test func `chance makes the shares of whole numbers even`() {
        var generator = SplitMix64(seed: 6)
        // Retries: 0, 1 or 2 with .5, .3, .2.
        let beyond = [0.5, 0.2, 0.0]
        let equal = [0.5, 0.3, 0.2]
        var counts = [0, 0, 0, 0]
        for _ in 0..<20_000 {
            let draw = even(&generator)
            let value = draw < 0.5 ? 0 : draw < 0.8 ? 1 : 2
            let share = RandomisedShare.of(beyond: beyond[value], equal: equal[value], chance: even(&generator))
            counts[min(3, Int(share * 4))] += 1
        }
        #expect(counts.allSatisfy { abs($0 - 5000) < 250 })
        #expect(RandomisedShare.of(beyond: 0.2, equal: 0.3, chance: 0) == 0.2)
        #expect(RandomisedShare.of(beyond: 0.2, equal: 0.3, chance: 1) == 0.5)
    }

    @Test func `a rank among others is what it says`() {
        #expect(RandomisedShare.of(5, among: [1, 2, 3], chance: 1) == 0.25)
        #expect(RandomisedShare.of(0, among: [1, 2, 3], chance: 0.5) == 0.875)
        #expect(RandomisedShare.of(2, among: [1, 2, 3, .nan], chance: 0.5) == 0.5)
        #expect(RandomisedShare.of(2, among: [], chance: 0.3) == 0.3)
    }

    @Test func `shares that are not even become so, until they change`() {
        var generator = SplitMix64(seed: 7)
        var ranks = ConformalShares()
        var counts = [0, 0, 0, 0]
        // A forecaster of latencies that is far too low: shares crowd near 0.
        for _ in 0..<4000 {
            let rank = ranks.rank(pow(even(&generator), 4), chance: even(&generator))
            counts[min(3, Int(rank * 4))] += 1
        }
        #expect(counts.allSatisfy { abs($0 - 1000) < 150 })
        var test = ValueSurpriseTest(alpha: 0.01)
        for _ in 0..<100 { test.see(share: ranks.rank(pow(even(&generator), 12), chance: even(&generator))) }
        #expect(test.haltsRun)
    }

    @Test func `what is no share is left out and counted`() {
        var test = ValueSurpriseTest()
        for share in [Double.nan, -1, 2, .infinity] { test.see(share: share) }
        #expect(test.unusable == 4 && test.steps == 0)
        test.see(share: 0)
        test.see(share: 1)
        #expect(test.logE.isFinite && test.haltsRun)
        #expect(RandomisedShare.of(beyond: .nan, chance: 0.5).isNaN)
        #expect(RandomisedShare.of(beyond: 0.5, equal: 0.2, chance: 2).isNaN)
        #expect(RandomisedShare.of(.nan, among: [1], chance: 0.5).isNaN)
        var ranks = ConformalShares()
        #expect(ranks.rank(.nan, chance: 0.5).isNaN && ranks.rank(0.5, chance: -1).isNaN)
        #expect(ranks == ConformalShares())
    }
}
