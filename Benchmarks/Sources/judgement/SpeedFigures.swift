// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation

/// How long settling and pooling take, and how much is kept.
func speedFigures() -> [Figure] {
    let five = panels(of: 5, among: 100, count: 1000)
    let hundred = panels(of: 100, among: 100, count: 50)
    var market = WealthMarket()
    var pool = TwoLevelMarket()
    let settling = "a million settlements of 5 evaluators among 100"
    let pricing = "a price of 100 evaluators"
    var figures: [Figure] = []
    let first = seconds { for place in 0..<1_000_000 { settle(&market, five[place % 1000]) } }
    figures.append(
        Figure(what: settling, method: "wealth market", measured: "\(fixed(first, 2)) s", aim: aim(first, 2, "s"))
    )
    let second = seconds { for place in 0..<1_000_000 { settle(&pool, five[place % 1000]) } }
    figures.append(
        Figure(what: settling, method: "two-level market", measured: "\(fixed(second, 2)) s", aim: aim(second, 2, "s"))
    )
    for item in hundred { settle(&pool, item) }
    var sum = 0.0
    let rounds = 20_000
    let third = seconds { for place in 0..<rounds { sum += pool.price(of: hundred[place % 50].forecasts) ?? 0 } }
    let each = third / Double(rounds) * 1e6
    figures.append(
        Figure(what: pricing, method: "two-level market", measured: "\(fixed(each, 1)) µs", aim: aim(each, 20, "µs"))
    )
    let crowd = panels(of: 10_000, among: 10_000, count: 3)
    var wide = TwoLevelMarket()
    for item in crowd { settle(&wide, item) }
    let fourth = seconds { for item in crowd { settle(&wide, item) } } / 3 * 1000
    figures.append(
        Figure(
            what: "a settlement of 10,000 evaluators",
            method: "two-level market",
            measured: "\(fixed(fourth, 1)) ms"
        )
    )
    let bytes = (try? JSONEncoder().encode(pool).count) ?? 0
    figures.append(
        Figure(
            what: "what is kept of 100 evaluators after \(pool.count) settlements, as JSON",
            method: "two-level market",
            measured: "\(bytes) bytes"
        )
    )
    return sum.isFinite ? figures : []
}

private func aim(_ value: Double, _ most: Double, _ unit: String) -> (words: String, met: Bool) {
    ("< \(fixed(most, 0)) \(unit)", value < most)
}

private func settle(_ market: inout WealthMarket, _ item: Stream.Item) {
    market.settle(item.forecasts, outcome: item.outcome)
}

private func settle(_ pool: inout TwoLevelMarket, _ item: Stream.Item) {
    pool.settle(item.forecasts, outcome: item.outcome)
}

/// Statements on which some of many evaluators forecast; every ten evaluators are a family.
private func panels(of present: Int, among all: Int, count: Int) -> [Stream.Item] {
    var generator = SplitMix64(seed: 3)
    let evaluators = (0..<all).map { Evaluator("evaluator-\($0)", family: "family-\($0 / 10)") }
    return (0..<count).map { _ in
        let logit = 2 * normal(&generator)
        let outcome = Double.random(in: 0..<1, using: &generator) < sigmoid(logit)
        let given = evaluators.shuffled(using: &generator).prefix(present).map {
            ($0, sigmoid(logit + normal(&generator)))
        }
        return Stream.Item(forecasts: Forecasts(given), outcome: outcome)
    }
}

private func seconds(_ work: () -> Void) -> Double {
    let time = ContinuousClock().measure(work)
    return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
}
