// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

/// What each pooler of a two-level market learns by itself.
@Suite struct PoolerTests {
    private func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

    @Test func `copies of one family weigh what their correlation leaves of them`() throws {
        let honest = (0..<3).map { (Evaluator("honest \($0)"), 0.8) }
        let copies = (0..<20).map { (Evaluator("copy \($0)", family: "model"), 0.2) }
        let prices = try #require(TwoLevelMarket().prices(of: Forecasts(honest + copies)))
        // At a correlation of one half twenty weigh 20 / (1 + 19 / 2) together.
        let weight = 20 / 10.5
        let expected = logistic((3 - weight) / (3 + weight) * log(4))
        for trader in [TwoLevelMarket.Trader.skill, .quickStack, .slowStack] {
            #expect(abs(try #require(prices[trader]) - expected) < 1e-12)
        }
        // In the market they start with 1 + 1/2 + … + 1/20 = 3.597739657.
        let market = (3 * 0.8 + 3.597739657143682 * 0.2) / 6.597739657143682
        #expect(abs(try #require(prices[.market]) - market) < 1e-12)
    }

    @Test func `skill is heard over noise`() throws {
        var generator = SplitMix64(seed: 4)
        var pool = TwoLevelMarket()
        func noise() -> [(Evaluator, Double)] {
            (0..<6).map { (Evaluator("noise \($0)"), Bool.random(using: &generator) ? 0.9 : 0.1) }
        }
        for _ in 0..<60 {
            let outcome = Bool.random(using: &generator)
            pool.settle(Forecasts(noise() + [(Evaluator("skilled"), outcome ? 0.9 : 0.1)]), outcome: outcome)
        }
        let against = (0..<6).map { (Evaluator("noise \($0)"), 0.1) }
        let prices = try #require(pool.prices(of: Forecasts(against + [(Evaluator("skilled"), 0.9)])))
        #expect(try #require(prices[.skill]) > 0.7)
        #expect(try #require(prices[.market]) > 0.7)
    }

    @Test func `what was long ago fades`() throws {
        var pool = TwoLevelMarket()
        var generator = SplitMix64(seed: 5)
        func round(_ isGood: Bool) {
            let outcome = Bool.random(using: &generator)
            pool.settle(["changed": outcome == isGood ? 0.8 : 0.2, "half": 0.5], outcome: outcome)
        }
        for _ in 0..<500 { round(true) }
        #expect(try #require(pool.expectedExcess(of: "changed")) < -0.1)
        // Half of a memory of a hundred outcomes is gone after 69.
        for _ in 0..<120 { round(false) }
        #expect(try #require(pool.expectedExcess(of: "changed")) > 0)
    }

    @Test func `the slow stack is the steadier one where all say the same`() throws {
        var generator = SplitMix64(seed: 6)
        var pool = TwoLevelMarket()
        let forecasts = Forecasts((0..<10).map { (Evaluator("e\($0)"), 0.8) })
        var (quick, slow): ([Double], [Double]) = ([], [])
        for round in 0..<200 {
            pool.settle(forecasts, outcome: Bool.random(using: &generator))
            guard round >= 20 else { continue }
            let prices = try #require(pool.prices(of: forecasts))
            quick.append(try #require(prices[.quickStack]))
            slow.append(try #require(prices[.slowStack]))
        }
        func variance(_ values: [Double]) -> Double {
            let mean = values.reduce(0, +) / Double(values.count)
            return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        }
        #expect(variance(slow) < variance(quick) / 2, "\(variance(slow)) \(variance(quick))")
        // Both find that it is one half.
        #expect(abs(slow.reduce(0, +) / Double(slow.count) - 0.5) < 0.1)
    }
}
