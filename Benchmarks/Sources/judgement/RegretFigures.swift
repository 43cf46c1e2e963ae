// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation

/// By how many nats the market without a share loses more than each evaluator, over the outcomes for which that was present.
func regretFigures(data: URL) throws -> [Figure] {
    try Stream.all(in: data).map { stream in
        var market = WealthMarket(share: 0)
        var regrets: [String: Double] = [:]
        var present: [String: Int] = [:]
        for item in stream.items {
            // Everybody stands alone here, so that all start equal and the bound is ln N.
            let given = item.forecasts.entries.map { (Evaluator($0.evaluator.name), $0.probability.value) }
            guard let price = market.settle(Forecasts(given), outcome: item.outcome) else { continue }
            let loss = -log(item.outcome ? price : 1 - price)
            for entry in item.forecasts.entries {
                let own = -log(entry.probability.given(to: item.outcome))
                regrets[entry.evaluator.name, default: 0] += loss - own
                present[entry.evaluator.name, default: 0] += 1
            }
        }
        let always = present.filter { $0.value == stream.items.count }.keys.compactMap { regrets[$0] }.max()
        let isBound = regrets.allSatisfy { $0.value <= (market.regretBound(of: $0.key) ?? -.infinity) + 1e-9 }
        let worst = regrets.values.max() ?? 0
        let best = always.map { "best present throughout \(fixed($0, 3)), " } ?? ""
        return Figure(
            what: "regret, `\(stream.name)`, nats",
            method: "wealth market, no share",
            measured: "\(best)greatest of all \(fixed(worst, 3))",
            aim: (
                "each ≤ ln (all / its start); ln \(regrets.count) = \(fixed(log(Double(regrets.count)), 3))", isBound
            )
        )
    }
}
