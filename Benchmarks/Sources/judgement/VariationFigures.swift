// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation

/// Pooling of every stream with its statements in other orders and with some of its evaluators, at seeds.
///
/// What is better on one order of one stream may be so by chance. Methods are chosen by these figures rather than by those of
/// the stream as it is.
func variationFigures(data: URL) throws -> [Figure] {
    try Stream.all(in: data).flatMap { stream in
        let names = Set(stream.items.flatMap { $0.forecasts.entries.map(\.evaluator.name) }).sorted()
        let variations: [(what: String, kept: Int, seeds: Int)] = [
            ("in 8 other orders", names.count, 8), ("with half of the evaluators, 8 times", names.count / 2, 8),
            ("with six of the evaluators, 16 times", 6, 16),
        ]
        return variations.flatMap { what, kept, seeds in
            let streams = (1...seeds).map { varied(stream, names, kept: kept, seed: UInt64($0)) }
            return figures("pooling, `\(stream.name)` \(what): log / accuracy", streams)
        }
    }
}

private func figures(_ what: String, _ streams: [Stream]) -> [Figure] {
    let methods: [(name: String, run: (Stream) -> Prequential)] = [
        ("mean", { Prequential($0) { mean($0.entries.map(\.probability.clipped)) } }),
        (
            "wealth market, share .02",
            { stream in
                var market = WealthMarket()
                return Prequential(stream) {
                    market.price(of: $0)
                } settle: {
                    market.settle($0, outcome: $1)
                }
            }
        ),
        (
            "**two-level market**",
            { stream in
                var pool = TwoLevelMarket()
                return Prequential(stream) {
                    pool.price(of: $0)
                } settle: {
                    pool.settle($0, outcome: $1)
                }
            }
        ),
    ]
    return methods.map { name, run in
        let results = streams.map(run)
        let loss = mean(results.map(\.loss)) ?? .nan
        let accuracy = mean(results.map(\.accuracy)) ?? .nan
        return Figure(what: what, method: name, measured: "\(fixed(loss)) / \(fixed(accuracy, 3))")
    }
}

private func varied(_ stream: Stream, _ names: [String], kept: Int, seed: UInt64) -> Stream {
    var generator = SplitMix64(seed: seed)
    let kept = Set(names.shuffled(using: &generator).prefix(kept))
    let items = stream.items.shuffled(using: &generator).compactMap { item -> Stream.Item? in
        let given = item.forecasts.entries.filter { kept.contains($0.evaluator.name) }
        guard !given.isEmpty else { return nil }
        let forecasts = Forecasts(given.map { ($0.evaluator, $0.probability.value) })
        return Stream.Item(forecasts: forecasts, outcome: item.outcome)
    }
    return Stream(name: stream.name, items: items)
}
