// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension Double {
    /// A probability for people: `85%`, `99.5%`, `>99.9%`; never rounded to certainty.
    var percent: String {
        guard isFinite, self >= 0, self <= 1 else { return "not determined" }
        let tenths = Int((self * 1000).rounded())
        if tenths == 0, self > 0 { return "<0.1%" }
        if tenths == 1000, self < 1 { return ">99.9%" }
        return (tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)") + "%"
    }

    /// A score for people, to a tenth.
    var scoreText: String {
        guard isFinite, abs(self) < 1_000_000 else { return "not determined" }
        let tenths = Int((abs(self) * 10).rounded())
        let sign = self < 0 && tenths > 0 ? "-" : ""
        return sign + (tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)")
    }

    /// A Brier score for people, to a thousandth: `0.023`.
    var brierText: String {
        guard isFinite, self >= 0, self < 1000 else { return "not determined" }
        let thousandths = Int((self * 1000).rounded())
        let digits = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}

extension Int {
    /// A number of milliseconds for people: `640 ms`, `4.2 s`, `12 min`.
    var millisecondsText: String {
        if self < 1000 { return "\(self) ms" }
        if self < 60_000 { return (Double(self) / 1000).scoreText + " s" }
        return (Double(self) / 1000).durationWords
    }

    /// A number with its noun: `1 step`, `3 steps`.
    func counted(_ noun: String, _ plural: String? = nil) -> String {
        "\(grouped) " + (self == 1 ? noun : plural ?? noun + "s")
    }
}

extension Array where Element == String {
    /// The words as a list in a sentence: `a, b and c`.
    var inWords: String {
        guard let last else { return "" }
        return count == 1 ? last : dropLast().joined(separator: ", ") + " and " + last
    }
}

extension String {
    /// The text on one line, cut to a number of characters with “…” where it is longer.
    package func cut(to limit: Int) -> String {
        // Bounded first: a text of megabytes is not worth splitting for its first line.
        let line = prefix(limit * 4 + 16).split { $0.isWhitespace }.joined(separator: " ")
        guard line.count > limit || count > limit * 4 + 16 else { return line }
        return line.prefix(Swift.max(1, limit - 1)) + "…"
    }

    /// The same text with a capital first letter.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }

    /// The text as a sentence, with a full stop unless it ends with a mark already.
    var asSentence: String {
        guard let last = trimmingWhitespace.last else { return "" }
        return trimmingWhitespace + (".!?…".contains(last) ? "" : ".")
    }
}
