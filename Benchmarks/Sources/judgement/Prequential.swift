// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment

/// Predicts each statement of a stream before it is settled, and scores what was predicted.
///
/// Probabilities are clipped to 0.01…0.99 for the logarithmic score, as ``Probability/clipped`` does.
struct Prequential {
    private(set) var record = TrackRecord()
    private var right = 0

    init() {}

    /// Runs a method over a stream; it is told each outcome after it has predicted.
    init(_ stream: Stream, predict: (Forecasts) -> Double?, settle: (Forecasts, Bool) -> Void = { _, _ in }) {
        for item in stream.items {
            note(predict(item.forecasts), outcome: item.outcome)
            settle(item.forecasts, item.outcome)
        }
    }

    /// What is not determined counts as one half.
    mutating func note(_ price: Double?, outcome: Bool) {
        guard let probability = Probability(price ?? 0.5) else { return }
        record.settle(probability, outcome: outcome)
        right += (probability.value >= 0.5) == outcome ? 1 : 0
    }

    var loss: Double { record.logScore ?? .nan }
    var accuracy: Double { Double(right) / Double(max(1, record.count)) }

    /// Logarithmic score, accuracy, Brier score and calibration error.
    var text: String {
        let brier = fixed(record.brierScore ?? .nan)
        return "\(fixed(loss)) / \(fixed(accuracy, 3)) / \(brier) / \(fixed(record.calibrationError ?? .nan, 3))"
    }
}
