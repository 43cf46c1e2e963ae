// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The medians of figures that were taken several times, as Markdown.
struct Table {
    private struct Row {
        var what: String
        var unit: String
        var values: [Double]
    }

    private var rows: [Row] = []

    init(_ figures: [Figure]) {
        for figure in figures {
            if let index = rows.firstIndex(where: { $0.what == figure.what }) {
                rows[index].values.append(figure.value)
            } else {
                rows.append(Row(what: figure.what, unit: figure.unit, values: [figure.value]))
            }
        }
    }

    var markdown: String {
        let head = ["| what | median | least to greatest | times measured |", "| --- | ---: | ---: | ---: |"]
        let body = rows.map { row in
            let sample = Sample(row.values)
            let range = "\(Self.text(sample.least)) – \(Self.text(sample.quantile(1)))"
            return "| \(row.what) | \(Self.text(sample.median)) \(row.unit) | \(range) | \(row.values.count) |"
        }
        return (head + body).joined(separator: "\n")
    }

    /// The median of a figure and its unit, if it was measured.
    func median(of what: String) -> (value: Double, unit: String)? {
        rows.first { $0.what == what }.map { (Sample($0.values).median, $0.unit) }
    }

    /// Three digits that matter.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let digits = value == 0 ? 0 : max(0, 2 - Int(log10(abs(value)).rounded(.down)))
        return String(format: "%.\(min(3, digits))f", value)
    }
}
