// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct TwoLevelMarketTests {
    /// Published judges of which it is known where they erred, as forecasts of 0.9 for what they said; outcomes by a seed.
    private func judges(seed: UInt64) -> [(Forecasts, Bool)] {
        var generator = SplitMix64(seed: seed)
        let names = JudgeErrors.all.map { Evaluator("\($0.model)/\($0.prompt)", family: $0.model) }
        let errors = JudgeErrors.of { _, _ in true }
        return (0..<239).shuffled(using: &generator).map { question in
            let outcome = Bool.random(using: &generator)
            let given = zip(names, errors).map { name, wrong in
                (name, (wrong[question] == true) != outcome ? 0.9 : 0.1)
            }
            return (Forecasts(given), outcome)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func `it is bound to every pooler and to every evaluator`(
        seed: UInt64
    ) throws {
        var pool = TwoLevelMarket()
        var single = WealthMarket(share: 0)
        var poolers: [TwoLevelMarket.Trader: Double] = [:]
        var evaluators: [String: Double] = [:]
        for (forecasts, outcome) in judges(seed: seed) {
            let quotes = try #require(pool.prices(of: forecasts))
            let settled = pool.settle(forecasts, outcome: outcome)
            let price = try #require(settled)
            single.settle(forecasts, outcome: outcome)
            for (trader, quote) in quotes { poolers[trader, default: 0] -= log(outcome ? quote : 1 - quote) }
            for entry in forecasts.entries {
                evaluators[entry.evaluator.name, default: 0] -= log(entry.probability.given(to: outcome))
            }
            #expect(quotes.values.min() ?? 1 <= price + 1e-12 && price <= (quotes.values.max() ?? 0) + 1e-12)
        }
        let rounds = Double(pool.count)
        let shares = log(4) + 1 + log(rounds / 99)
        for loss in poolers.values { #expect(pool.loss <= loss + shares) }
        for (name, loss) in evaluators {
            #expect(pool.loss <= loss + shares + (try #require(single.regretBound(of: name))))
        }
        #expect(abs(Double(TwoLevelMarket.Trader.allCases.reduce(0) { $0 + pool.weight(of: $1) }) - 1) < 1e-9)
    }

    /// Real judges: the mean is misled by the many that err together.
    @Test(arguments: [4, 5, 6] as [UInt64]) func `it learns whom to believe`(seed: UInt64) throws {
        var pool = TwoLevelMarket()
        var market = WealthMarket()
        var mean = 0.0
        let statements = judges(seed: seed)
        for (forecasts, outcome) in statements {
            pool.settle(forecasts, outcome: outcome)
            market.settle(forecasts, outcome: outcome)
            let average = forecasts.entries.reduce(0) { $0 + $1.probability.value } / Double(forecasts.entries.count)
            mean -= log(outcome ? average : 1 - average)
        }
        #expect(pool.loss < market.loss)
        #expect(pool.loss < 0.9 * mean)
    }

    @Test func `one who is always wrong is as useful as one who is always right`() throws {
        var generator = SplitMix64(seed: 2)
        var pool = TwoLevelMarket()
        for _ in 0..<150 {
            let outcome = Bool.random(using: &generator)
            pool.settle(["wrong": outcome ? 0.1 : 0.9, "half": 0.5], outcome: outcome)
        }
        #expect(try #require(pool.price(of: ["wrong": 0.1, "half": 0.5])) > 0.9)
        #expect(try #require(pool.price(of: ["wrong": 0.9, "half": 0.5])) < 0.1)
        #expect(try #require(pool.expectedExcess(of: "wrong")) > 0)
        #expect(try #require(pool.expectedExcess(of: "half")) < 0)
    }

    @Test func `copies of one model are not so many opinions`() throws {
        func panel(_ copies: Int, family: String?) -> Forecasts {
            let honest = (0..<3).map { (Evaluator("honest \($0)"), 0.8) }
            return Forecasts(honest + (0..<copies).map { (Evaluator("copy \($0)", family: family), 0.2) })
        }
        let apart = try #require(TwoLevelMarket().price(of: panel(20, family: nil)))
        let together = try #require(TwoLevelMarket().price(of: panel(20, family: "model")))
        let one = try #require(TwoLevelMarket().price(of: panel(1, family: "model")))
        #expect(apart < together && together < one)
        // Once it has been seen that they are always wrong together, twenty weigh hardly more than one.
        var generator = SplitMix64(seed: 8)
        var pool = TwoLevelMarket()
        for _ in 0..<200 {
            let outcome = Bool.random(using: &generator)
            let said = Bool.random(using: &generator) ? 0.3 : 0.7
            pool.settle(
                Forecasts((0..<20).map { (Evaluator("copy \($0)", family: "model"), said) }),
                outcome: outcome
            )
        }
        #expect(try #require(pool.correlation(ofFamily: "model")) > 0.95)
        #expect(pool.correlation(ofFamily: "unknown") == nil)
    }

    @Test func `a newcomer of a good family is believed at once`() throws {
        var generator = SplitMix64(seed: 3)
        var pool = TwoLevelMarket()
        for _ in 0..<60 {
            let outcome = Bool.random(using: &generator)
            let good = outcome ? 0.9 : 0.1
            let bad = Bool.random(using: &generator) ? 0.9 : 0.1
            pool.settle(
                Forecasts([
                    (Evaluator("good 1", family: "good"), good), (Evaluator("good 2", family: "good"), good),
                    (Evaluator("bad 1", family: "bad"), bad),
                ]),
                outcome: outcome
            )
        }
        pool.settle(
            Forecasts([
                (Evaluator("good 3", family: "good"), 0.5), (Evaluator("bad 2", family: "bad"), 0.5),
                (Evaluator("stranger"), 0.5),
            ]),
            outcome: true
        )
        let newcomer = try #require(pool.expectedExcess(of: "good 3"))
        let parent = try #require(pool.expectedExcess(of: "good 1"))
        #expect(parent < newcomer && newcomer < -0.2)
        #expect(try #require(pool.expectedExcess(of: "bad 2")) > 0.2)
        #expect(pool.expectedExcess(of: "stranger") == 0)
    }

    @Test func `what was written goes on with the same numbers after reading, to the last bit`() throws {
        let statements = judges(seed: 7)
        var straight = TwoLevelMarket()
        var market = WealthMarket()
        for (forecasts, outcome) in statements[..<100] {
            straight.settle(forecasts, outcome: outcome)
            market.settle(forecasts, outcome: outcome)
        }
        var restored = try JSONDecoder().decode(TwoLevelMarket.self, from: JSONEncoder().encode(straight))
        var restoredMarket = try JSONDecoder().decode(WealthMarket.self, from: JSONEncoder().encode(market))
        #expect(restored == straight && restoredMarket == market)
        for (forecasts, outcome) in statements[100...] {
            #expect(restored.settle(forecasts, outcome: outcome) == straight.settle(forecasts, outcome: outcome))
            #expect(restoredMarket.settle(forecasts, outcome: outcome) == market.settle(forecasts, outcome: outcome))
        }
        #expect(restored == straight && restoredMarket == market)
    }

    @Test func `the order in which forecasts come does not matter, to the last bit`() {
        var generator = SplitMix64(seed: 5)
        var (one, other) = (TwoLevelMarket(), TwoLevelMarket())
        for (forecasts, outcome) in judges(seed: 1).prefix(60) {
            let given = forecasts.entries.map { ($0.evaluator, $0.probability.value) }
            one.settle(forecasts, outcome: outcome)
            other.settle(Forecasts(given.shuffled(using: &generator)), outcome: outcome)
        }
        #expect(one == other)
    }

    @Test func `asking for a price changes nothing, and is answered as at the settlement`() {
        var pool = TwoLevelMarket()
        for (round, (forecasts, outcome)) in judges(seed: 3).prefix(50).enumerated() {
            // A newcomer in every tenth round.
            let given = forecasts.entries.map { ($0.evaluator, $0.probability.value) }
            let more = round % 10 == 0 ? [(Evaluator("new \(round)", family: "GPT-4"), 0.3)] : []
            let all = Forecasts(given + more)
            let before = pool
            let price = pool.price(of: all)
            #expect(pool == before)
            #expect(pool.settle(all, outcome: outcome) == price)
        }
        #expect(pool.evaluators.count == 23)
    }

    @Test func `what is broken is not read`() throws {
        var pool = TwoLevelMarket()
        pool.settle(["a": 0.7, "b": 0.2], outcome: true)
        let text = String(decoding: try JSONEncoder().encode(pool), as: UTF8.self)
        for (what, with) in [("\"name\":\"b\"", "\"name\":\"a\""), ("\"starts\":[1,1]", "\"starts\":[1]")] {
            #expect(text.contains(what))
            let broken = text.replacingOccurrences(of: what, with: with)
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(TwoLevelMarket.self, from: Data(broken.utf8))
            }
        }
    }
}
