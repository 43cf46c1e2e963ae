// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct WealthMarketTests {
    /// Three settlements without a share, computed elsewhere.
    @Test func `wealth moves as computed elsewhere`() throws {
        let steps: [(Forecasts, Bool, Double, [String: Double])] = [
            (["a": 0.9, "b": 0.5, "c": 0.2], true, 0.533333333333, ["a": 1.6875, "b": 0.9375, "c": 0.375]),
            (["a": 0.8, "b": 0.5], true, 0.692857142857, ["a": 1.948453608247, "b": 0.676546391753, "c": 0.375]),
            (
                ["a": 0.9, "c": 0.3], false, 0.803161397671,
                ["a": 0.989873726591, "b": 0.676546391753, "c": 1.333579881657]
            ),
        ]
        var market = WealthMarket(share: 0)
        for (forecasts, outcome, price, wealth) in steps {
            #expect(abs(try #require(market.price(of: forecasts)) - price) < 1e-11)
            let settled = market.settle(forecasts, outcome: outcome)
            #expect(abs(try #require(settled) - price) < 1e-11)
            for (name, held) in wealth { #expect(abs(try #require(market.wealth(of: name)) - held) < 1e-11) }
        }
        #expect(market.count == 3)
    }

    /// One statement: who is present, what each says, and what happens; some say 0, 1, or always the same.
    private func statement(_ evaluators: Int, _ generator: inout SplitMix64) -> (Forecasts, Bool) {
        let truth = Double.random(in: 0...1, using: &generator)
        var given: [(Evaluator, Double)] = []
        for place in 0..<evaluators where Double.random(in: 0..<1, using: &generator) < 0.7 {
            let noise = Double.random(in: -0.4...0.4, using: &generator)
            let said: Double =
                switch place % 6 {
                case 0: min(1, max(0, truth + noise))
                case 1: 0
                case 2: 1
                case 3: 0.5
                case 4: 1 - min(1, max(0, truth + noise))
                default: Double.random(in: 0...1, using: &generator)
                }
            given.append((Evaluator("e\(place)", family: place < 4 ? "kin" : nil), said))
        }
        return (Forecasts(given), Double.random(in: 0..<1, using: &generator) < truth)
    }

    @Test(arguments: [0, 0.02, 0.2], [1, 2, 3, 4, 5] as [UInt64])
    func `no evaluator is missed by more than the bound, on any sequence`(share: Double, seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var market = WealthMarket(share: share)
        var regrets: [String: Double] = [:]
        var present: [String: Double] = [:]
        for round in 0..<400 {
            // More evaluators come as time goes on.
            let (forecasts, outcome) = statement(4 + round / 20, &generator)
            guard let price = market.settle(forecasts, outcome: outcome) else { continue }
            for entry in forecasts.entries {
                let name = entry.evaluator.name
                let own = -log(entry.probability.given(to: outcome))
                regrets[name, default: 0] += -log(outcome ? price : 1 - price) - own
                present[name, default: 0] += 1
                let bound = try #require(market.regretBound(of: name))
                let cost = -log(1 - share) * (present[name] ?? 0)
                #expect(regrets[name, default: 0] <= bound + cost + 1e-9, "\(name), seed \(seed)")
            }
        }
        #expect(regrets.count > 20)
    }

    @Test func `what is missed is what wealth has grown by`() throws {
        var generator = SplitMix64(seed: 9)
        var market = WealthMarket(share: 0)
        var regret = 0.0
        for _ in 0..<60 {
            let given = ["a": 0.7, "b": Double.random(in: 0...1, using: &generator), "c": 0.4]
            let outcome = Double.random(in: 0..<1, using: &generator) < 0.7
            let settled = market.settle(Forecasts(given), outcome: outcome)
            let price = try #require(settled)
            regret += -log(outcome ? price : 1 - price) + log(outcome ? 0.7 : 0.3)
        }
        #expect(abs(regret - log(try #require(market.wealth(of: "a")))) < 1e-9)
        #expect(abs(try #require(market.regretBound(of: "a")) - log(3)) < 1e-6)
    }

    @Test func `the wealth of those present stays, and the absent keep theirs`() throws {
        var generator = SplitMix64(seed: 4)
        var market = WealthMarket(share: 0.02)
        market.settle(["a": 0.5, "b": 0.5, "c": 0.5, "d": 0.5], outcome: true)
        for _ in 0..<200 {
            let before = try #require(market.wealth(of: "d"))
            let said = ["a", "b", "c"].map { ($0, Double.random(in: 0.2...0.8, using: &generator)) }
            market.settle(Forecasts(Dictionary(uniqueKeysWithValues: said)), outcome: true)
            let total = try ["a", "b", "c"].reduce(0) { try $0 + #require(market.wealth(of: $1)) }
            #expect(abs(total - 3) < 1e-9)
            #expect(market.wealth(of: "d") == before)
        }
    }

    @Test func `one wrong zero, or a thousand, silence nobody for ever`() throws {
        for share in [0, 0.02] {
            var market = WealthMarket(share: share)
            for _ in 0..<1000 { market.settle(["wrong": 0, "right": 1], outcome: true) }
            let least = try #require(market.wealth(of: "wrong"))
            #expect(least > 0 && least.isFinite)
            // From now on it is the other that is wrong.
            var rounds = 0
            while try #require(market.price(of: ["wrong": 0.9, "right": 0.1])) < 0.5, rounds < 100 {
                market.settle(["wrong": 0.9, "right": 0.1], outcome: true)
                rounds += 1
            }
            #expect(rounds <= (share == 0 ? 10 : 3))
        }
    }

    @Test func `who joins a family starts with less, and all of it with little more than one`() throws {
        var market = WealthMarket(share: 0)
        let family = (0..<50).map { (Evaluator("copy \($0)", family: "model"), 0.9) }
        market.settle(Forecasts(family + [(Evaluator("other"), 0.5)]), outcome: true)
        // 1 + 1/2 + … + 1/50, by hand 4.499205338.
        let total = try (0..<50).reduce(0) { try $0 + #require(market.wealth(of: "copy \($1)")) }
        let other = try #require(market.wealth(of: "other"))
        #expect(abs(total + other - 5.499205338329425) < 1e-9)
        market.settle([Evaluator("copy 50", family: "model")].map { ($0, 0.5) }.asForecasts, outcome: true)
        #expect(abs(try #require(market.wealth(of: "copy 50")) - 1.0 / 51) < 1e-12)
    }

    @Test func `nobody is not determined`() {
        var market = WealthMarket()
        #expect(market.price(of: [:]) == nil)
        #expect(market.settle(["a": .nan, "b": 7], outcome: true) == nil)
        #expect(market == WealthMarket())
        #expect(market.wealth(of: "a") == nil)
        #expect(WealthMarket(share: .nan).share == 0)
        #expect(WealthMarket(share: 7).share == 1)
    }

    @Test func `who hedges because scores are public expects less wealth`() throws {
        // An evaluator believes 0.8 and is right about it; the other says 0.6, for all to see.
        func expected(_ said: Double) throws -> Double {
            try [true, false].reduce(0) { sum, outcome in
                var market = WealthMarket(share: 0)
                market.settle(["own": said, "other": 0.6], outcome: outcome)
                return sum + (outcome ? 0.8 : 0.2) * log(try #require(market.wealth(of: "own")))
            }
        }
        let honest = try expected(0.8)
        // Against a market so small the price moves with what one says, so that only the growth of wealth relative to the
        // other is proper; it is largest at what is believed.
        func relative(_ said: Double) throws -> Double {
            try [true, false].reduce(0) { sum, outcome in
                var market = WealthMarket(share: 0)
                market.settle(["own": said, "other": 0.6], outcome: outcome)
                let ratio = try #require(market.wealth(of: "own")) / #require(market.wealth(of: "other"))
                return sum + (outcome ? 0.8 : 0.2) * log(ratio)
            }
        }
        let best = try relative(0.8)
        for said in [0.5, 0.6, 0.65, 0.7, 0.75, 0.85, 0.9, 0.99] { #expect(try relative(said) < best, "\(said)") }
        #expect(honest > (try expected(0.6)))
    }
}

extension [(Evaluator, Double)] {
    var asForecasts: Forecasts { Forecasts(self) }
}
