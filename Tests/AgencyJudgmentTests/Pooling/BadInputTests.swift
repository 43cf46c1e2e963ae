// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct BadInputTests {
    @Test func `what is no probability is absent, not wrong`() throws {
        var with = TwoLevelMarket()
        var without = TwoLevelMarket()
        let forecasts: Forecasts = ["a": 0.7, "b": 0.4, "nan": .nan, "more": 1.01, "less": -0.2, "infinite": .infinity]
        #expect(forecasts.missing.map(\.name) == ["infinite", "less", "more", "nan"])
        for outcome in [true, false, true] {
            with.settle(forecasts, outcome: outcome)
            without.settle(["a": 0.7, "b": 0.4], outcome: outcome)
        }
        #expect(with == without)
        #expect(with.wealth(of: "nan") == nil)
    }

    @Test func `nobody is not determined, and changes nothing`() {
        var pool = TwoLevelMarket()
        #expect(pool.price(of: [:]) == nil)
        #expect(pool.prices(of: ["a": .nan]) == nil)
        #expect(pool.settle(["a": .nan], outcome: true) == nil)
        #expect(pool == TwoLevelMarket())
        #expect(LogPool.price(of: [:]) == nil)
    }

    @Test func `of two forecasts by one evaluator the last counts`() {
        let forecasts = Forecasts([(Evaluator("a"), 0.9), (Evaluator("b"), 0.5), (Evaluator("a"), 0.2)])
        #expect(forecasts == ["a": 0.2, "b": 0.5])
        let takenBack = Forecasts([(Evaluator("a"), 0.9), (Evaluator("a"), Double.nan)])
        #expect(takenBack.isEmpty && takenBack.missing.map(\.name) == ["a"])
    }

    /// Everybody who can be imagined, for a thousand statements, some of it in favour of those who are always wrong.
    @Test(arguments: [1, 2, 3] as [UInt64]) func `no weight becomes NaN, negative or unrecoverable`(seed: UInt64) throws
    {
        var generator = SplitMix64(seed: seed)
        var pool = TwoLevelMarket()
        for round in 0..<1000 {
            let outcome = Bool.random(using: &generator)
            let honest = outcome ? 0.8 : 0.2
            let forecasts: Forecasts = [
                "honest": honest, "copier": honest, "inverse": 1 - honest, "half": 0.5, "always": 0.97,
                "zero": 0, "one": 1, "liar": outcome ? 0 : 1, "oracle": outcome ? 1 : 0,
                "sometimes": round % 3 == 0 ? .nan : Double.random(in: 0...1, using: &generator),
            ]
            let settled = pool.settle(forecasts, outcome: outcome)
            let price = try #require(settled)
            #expect(price >= 0.01 - 1e-12 && price <= 0.99 + 1e-12)
            if round % 100 == 0 {
                for evaluator in pool.evaluators {
                    let wealth = try #require(pool.wealth(of: evaluator.name))
                    #expect(wealth > 0 && wealth.isFinite)
                    #expect(try #require(pool.expectedExcess(of: evaluator.name)).isFinite)
                }
                for trader in TwoLevelMarket.Trader.allCases { #expect(pool.weight(of: trader) > 0) }
            }
        }
        #expect(pool.wealth(of: "honest") == pool.wealth(of: "copier"))
        #expect(pool.loss / 1000 < 0.05)
        // The oracle turns into a liar, and the liar into an oracle: those who were silenced are heard again.
        for _ in 0..<200 {
            let outcome = Bool.random(using: &generator)
            pool.settle(["liar": outcome ? 1 : 0, "oracle": outcome ? 0 : 1], outcome: outcome)
        }
        #expect(try #require(pool.price(of: ["liar": 1, "oracle": 0])) > 0.9)
    }

    @Test func `one who always says one half changes nothing for long`() throws {
        var generator = SplitMix64(seed: 6)
        var (with, without) = (TwoLevelMarket(), TwoLevelMarket())
        for _ in 0..<300 {
            let truth = Double.random(in: 0.05...0.95, using: &generator)
            let outcome = Double.random(in: 0..<1, using: &generator) < truth
            with.settle(["a": truth, "half": 0.5], outcome: outcome)
            without.settle(["a": truth], outcome: outcome)
        }
        #expect(with.loss < without.loss + 3)
        for said in [0.1, 0.5, 0.9] {
            let pooled = try #require(with.price(of: ["a": said, "half": 0.5]))
            #expect(abs(pooled - said) < 0.08)
        }
    }

    @Test func `fifty inverse copies do not outvote five`() throws {
        var losses: [Double] = []
        for seed in 1...4 {
            var generator = SplitMix64(seed: UInt64(seed))
            var pool = TwoLevelMarket()
            var honestOnly = 0.0
            for _ in 0..<300 {
                let truth = Double.random(in: 0.02...0.98, using: &generator)
                let outcome = Double.random(in: 0..<1, using: &generator) < truth
                let said = (0..<5).map { _ in
                    min(0.98, max(0.02, truth + Double.random(in: -0.1...0.1, using: &generator)))
                }
                let honest = said.enumerated().map { (Evaluator("honest \($0)"), $1) }
                let inverse = (0..<50).map { (Evaluator("inverse \($0)"), 1 - said[$0 % 5]) }
                pool.settle(Forecasts(honest + inverse), outcome: outcome)
                let mean = said.reduce(0, +) / 5
                honestOnly -= log(outcome ? mean : 1 - mean)
            }
            losses.append((pool.loss - honestOnly) / 300)
        }
        // Ignorance of who is who costs some ten nats, once.
        #expect(losses.reduce(0, +) / 4 < 0.05, "\(losses)")
    }

    @Test func `turncoats are found out`() throws {
        var generator = SplitMix64(seed: 12)
        var pool = TwoLevelMarket()
        var late = 0.0
        for round in 0..<400 {
            let outcome = Bool.random(using: &generator)
            func honest() -> Double {
                (Double.random(in: 0..<1, using: &generator) < 0.8) == outcome ? 0.8 : 0.2
            }
            let given = (0..<5).map { (Evaluator("honest \($0)"), honest()) }
            let others = (0..<5).map { place -> (Evaluator, Double) in
                let said = honest()
                return (Evaluator("turncoat \(place)"), round < 300 ? said : 1 - said)
            }
            let settled = pool.settle(Forecasts(given + others), outcome: outcome)
            let price = try #require(settled)
            if round >= 330 { late -= log(outcome ? price : 1 - price) }
        }
        #expect(late / 70 < 0.45, "\(late / 70)")
    }

    @Test func `ten thousand evaluators are priced and settled`() throws {
        var generator = SplitMix64(seed: 1)
        var pool = TwoLevelMarket()
        for _ in 0..<3 {
            let given = (0..<10_000).map {
                (Evaluator("e\($0)", family: "f\($0 / 100)"), Double.random(in: 0...1, using: &generator))
            }
            let settled = pool.settle(Forecasts(given), outcome: true)
            let price = try #require(settled)
            #expect(price > 0.01 && price < 0.99)
        }
        #expect(pool.evaluators.count == 10_000)
    }

    @Test func `what is kept does not grow with what was settled`() throws {
        func size(_ rounds: Int) throws -> Int {
            var generator = SplitMix64(seed: 1)
            var pool = TwoLevelMarket()
            for _ in 0..<rounds {
                let given = (0..<5).map { ("e\($0)", Double.random(in: 0...1, using: &generator)) }
                pool.settle(Forecasts(Dictionary(uniqueKeysWithValues: given)), outcome: Bool.random(using: &generator))
            }
            return try JSONEncoder().encode(pool).count
        }
        #expect(try size(2000) < (try size(20)) * 5 / 4)
    }
}
