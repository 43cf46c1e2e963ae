// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation

/// What must be reached on the streams whose references were measured: logarithmic score, and accuracy where there is one.
private let poolingAims: [String: (loss: Double, accuracy: Double?)] = [
    "llmbar": (0.307, 0.88), "replication": (0.570, nil),
]

/// Pooling of every stream, each statement predicted before it is settled.
func poolingFigures(data: URL) throws -> [Figure] {
    try Stream.all(in: data).flatMap { stream in
        let what = "pooling, `\(stream.name)` (\(stream.items.count)): log / accuracy / Brier / ECE"
        var figures = simpleMethods(stream).map { Figure(what: what, method: $0.name, measured: $0.result.text) }
        var market = WealthMarket()
        let first = Prequential(stream) {
            market.price(of: $0)
        } settle: {
            market.settle($0, outcome: $1)
        }
        figures.append(Figure(what: what, method: "wealth market, share .02", measured: first.text))
        var pool = TwoLevelMarket()
        let second = Prequential(stream) {
            pool.price(of: $0)
        } settle: {
            pool.settle($0, outcome: $1)
        }
        figures.append(
            Figure(what: what, method: "**two-level market**", measured: second.text, aim: aim(stream.name, second))
        )
        return figures
    }
}

private func aim(_ stream: String, _ result: Prequential) -> (words: String, met: Bool)? {
    guard let aim = poolingAims[stream] else { return nil }
    let words = "≤ \(fixed(aim.loss, 3))" + (aim.accuracy.map { " / ≥ \(fixed($0, 2))" } ?? "")
    return (words, result.loss <= aim.loss && result.accuracy >= aim.accuracy ?? 0)
}

/// Methods without track records; Dawid and Skene's sees every forecast of the stream at once, and no outcome.
private func simpleMethods(_ stream: Stream) -> [(name: String, result: Prequential)] {
    [
        ("mean", Prequential(stream) { mean($0.entries.map(\.probability.clipped)) }),
        ("median", Prequential(stream) { median($0.entries.map(\.probability.clipped)) }),
        ("majority vote", Prequential(stream) { majority($0) }),
        ("Dawid–Skene, no outcomes", unsupervised(stream)),
    ]
}

func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    guard let low = sorted.dropFirst((sorted.count - 1) / 2).first else { return nil }
    return (low + sorted[sorted.count / 2]) / 2
}

/// The share of those above one half, one half counting for neither, with one vote for each side to begin with.
private func majority(_ forecasts: Forecasts) -> Double? {
    let yes = forecasts.entries.count { $0.probability.value > 0.5 }
    let no = forecasts.entries.count { $0.probability.value < 0.5 }
    return Double(yes + 1) / Double(yes + no + 2)
}

private func unsupervised(_ stream: Stream) -> Prequential {
    let judgements = stream.items.enumerated().flatMap { place, item in
        item.forecasts.entries.filter { $0.probability.value != 0.5 }.map {
            Judgement(
                item: "\(place)",
                evaluator: $0.evaluator.name,
                category: $0.probability.value > 0.5 ? "yes" : "no"
            )
        }
    }
    let consensus = DawidSkene().consensus(of: Judgements(judgements, categories: ["no", "yes"]))
    var result = Prequential()
    for (place, item) in stream.items.enumerated() {
        result.note(consensus.probability(of: "yes", for: "\(place)"), outcome: item.outcome)
    }
    return result
}
