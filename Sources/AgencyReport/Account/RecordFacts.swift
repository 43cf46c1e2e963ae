// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment

/// What is said of one track record, in words and numbers.
struct RecordFacts {
    let entry: RecordBook.Entry

    /// Who it is.
    var title: String { "\(entry.key.role), \(entry.key.task)" }

    /// What performs it, on what.
    var about: String {
        let prompt = entry.key.prompt.isEmpty ? "" : ", prompt \(entry.key.prompt)"
        return "\(entry.key.performer)\(prompt), on \(entry.key.work)"
    }

    /// How much is known.
    var counts: String {
        let parts = [
            entry.record.count.counted("forecast") + " settled",
            entry.unsettled > 0 ? "\(entry.unsettled) not, which says nothing of them" : nil,
            entry.missing > 0 ? "\(entry.missing) times no answer" : nil,
            entry.disputed > 0 ? "\(entry.disputed) disputed" : nil,
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    /// How good it was.
    var score: String {
        guard let brier = entry.record.brierScore, let log = entry.record.logScore else {
            return "advisory: nothing that it forecast has been settled"
        }
        var interval = " (too few to say how far off that may be)"
        if entry.record.count >= 5, let found = entry.record.brierScoreInterval {
            interval = " (\(number(max(0, found.low))) to \(number(min(1, found.high))))"
        }
        return
            "Brier score \(number(brier))\(interval), logarithmic \(number(log)); always saying 50% has 0.250 and 0.693"
    }

    /// Whether its forecasts are together too far off, in a sentence without its end; `nil` where nothing shows it.
    var surprise: String? {
        guard entry.surprise.haltsRun else { return nil }
        return "its forecasts are together too far off: without cause that is ever said of one record in "
            + "\(Int((1 / RecordBook.falseAlarms).rounded()))"
    }

    /// What is to be expected of it.
    var expected: String {
        let share = Int((entry.expected.ownShare * 100).rounded())
        return "expected next: Brier score \(number(entry.expected.brier)), \(share)% of it from its own outcomes"
    }

    /// What its mistakes are made of; `nil` where that cannot be told.
    var parts: String? {
        guard let parts = entry.record.decomposition, let sharpness = entry.record.sharpness,
            let error = entry.record.calibrationError
        else { return nil }
        return
            "off its word by \(number(error)) on average; reliability \(number(parts.reliability)) (less is better), resolution "
            + "\(number(parts.resolution)) (more is better), uncertainty \(number(parts.uncertainty)), sharpness \(number(sharpness))"
    }

    /// The points of its curve in words.
    var curve: [String] {
        entry.record.curve.map { point in
            "said \(percent(point.forecast)), came true \(percent(point.frequency)) of \(point.count) "
                + "(\(percent(point.interval.low)) to \(percent(point.interval.high)))"
        }
    }

    private func number(_ value: Double) -> String {
        let thousandths = Int((value * 1000).rounded())
        let digits = String(abs(thousandths % 1000))
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }

    private func percent(_ value: Double) -> String { "\(Int((value * 100).rounded()))%" }
}
