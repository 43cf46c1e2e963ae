// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation

/// Panels in which most do not mean well, simulated at seeds.
///
/// A statement has a logit l ~ N(0, 2.1²) and comes true with probability σ(l). Each of five honest evaluators says σ(l + ε)
/// with its own ε ~ N(0, 1). There are 600 statements, and 24 seeds, over which the mean is taken. With a spread of 2.1 the mean
/// and the wealth market come out near their references for fifty inverse copies, 1.21 and .513.
private enum Others {
    /// Fifty, of which each says the opposite of one of the honest, ten of each.
    case inverse
    /// Fifty that say anything.
    case noise
    /// Five more honest ones that say the opposite of what they see from the 301st statement on.
    case turncoats
    /// Twenty copies of one evaluator that sees little, declared as one family.
    case copies
    /// Nobody.
    case none
}

func copiesFigures() -> [Figure] {
    let cases: [(what: String, others: Others, aim: Double?)] = [
        ("5 honest", .none, nil), ("5 honest, 50 inverse copies", .inverse, 0.48),
        ("5 honest, 50 of noise", .noise, nil), ("5 honest, 5 turncoats after 300", .turncoats, nil),
        ("5 honest, 20 copies of one that sees little", .copies, nil),
    ]
    return cases.flatMap { what, others, aim in
        let streams = (1...24).map { stream(others, seed: UInt64($0)) }
        func loss(_ run: (Stream) -> Prequential) -> Double { mean(streams.map { run($0).loss }) ?? .nan }
        let pooled = loss { stream in
            var pool = TwoLevelMarket()
            return Prequential(stream) {
                pool.price(of: $0)
            } settle: {
                pool.settle($0, outcome: $1)
            }
        }
        let market = loss { stream in
            var market = WealthMarket()
            return Prequential(stream) {
                market.price(of: $0)
            } settle: {
                market.settle($0, outcome: $1)
            }
        }
        let means = loss { Prequential($0) { mean($0.entries.map(\.probability.clipped)) } }
        let medians = loss { Prequential($0) { median($0.entries.map(\.probability.clipped)) } }
        let title = "\(what): log"
        return [
            Figure(what: title, method: "mean", measured: fixed(means)),
            Figure(what: title, method: "median", measured: fixed(medians)),
            Figure(what: title, method: "wealth market, share .02", measured: fixed(market)),
            Figure(
                what: title,
                method: "**two-level market**",
                measured: fixed(pooled),
                aim: aim.map { ("≤ \(fixed($0, 2))", pooled <= $0) }
            ),
        ]
    }
}

private func stream(_ others: Others, seed: UInt64) -> Stream {
    var generator = SplitMix64(seed: seed)
    let items = (0..<600).map { place -> Stream.Item in
        let logit = 2.1 * normal(&generator)
        let outcome = Double.random(in: 0..<1, using: &generator) < sigmoid(logit)
        let honest = (0..<5).map { _ in sigmoid(logit + normal(&generator)) }
        var given = honest.enumerated().map { (Evaluator("honest \($0)"), $1) }
        switch others {
        case .none: break
        case .inverse:
            given += (0..<50).map { (Evaluator("inverse \($0)"), 1 - honest[$0 % 5]) }
        case .noise:
            given += (0..<50).map { (Evaluator("noise \($0)"), Double.random(in: 0..<1, using: &generator)) }
        case .turncoats:
            given += (0..<5).map {
                let said = sigmoid(logit + normal(&generator))
                return (Evaluator("turncoat \($0)"), place < 300 ? said : 1 - said)
            }
        case .copies:
            let said = sigmoid(0.3 * logit + 2 * normal(&generator))
            given += (0..<20).map { (Evaluator("copy \($0)", family: "copies"), said) }
        }
        return Stream.Item(forecasts: Forecasts(given), outcome: outcome)
    }
    return Stream(name: "simulated", items: items)
}

func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

/// A normal variate, by Box and Muller's method.
func normal(_ generator: inout SplitMix64) -> Double {
    let radius = (-2 * log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &generator))).squareRoot()
    return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &generator))
}
