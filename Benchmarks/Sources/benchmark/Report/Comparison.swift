// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Figures beside what is aimed at and what other programs take for the same work, as Markdown.
struct Comparison {
    private struct Row {
        var what: String
        var isMoreBetter: Bool
        var aim: Double
        var best: Double?
        var others: String
    }

    private let rows: [Row]

    /// Reads what others take from tab-separated lines.
    ///
    /// - Throws: ``UsageFault`` for a line that is none of them.
    init(_ text: String) throws {
        rows = try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 5, ["more", "less"].contains(fields[1]), let aim = Double(fields[2]),
                fields[3] == "-" || Double(fields[3]) != nil
            else { throw UsageFault("this is no line of a comparison: \(line)") }
            return Row(
                what: fields[0],
                isMoreBetter: fields[1] == "more",
                aim: aim,
                best: Double(fields[3]),
                others: fields[4]
            )
        }
    }

    /// The table; a figure that was not measured is left out.
    func markdown(_ table: Table) -> String {
        let head = [
            "| what | median | aimed at | | the best of the others | times as good | others |",
            "| --- | ---: | ---: | --- | ---: | ---: | --- |",
        ]
        let body = rows.compactMap { row -> String? in
            guard let (median, unit) = table.median(of: row.what) else { return nil }
            let isMet = row.isMoreBetter ? median >= row.aim : median <= row.aim
            let ratio = row.best.map { row.isMoreBetter ? median / $0 : $0 / median }
            let cells = [
                row.what, "\(Table.text(median)) \(unit)", "\(row.isMoreBetter ? "≥" : "≤") \(Table.text(row.aim))",
                isMet ? "✓" : "✗", row.best.map(Table.text) ?? "", ratio.map { "\(Table.text($0))×" } ?? "", row.others,
            ]
            return "| " + cells.joined(separator: " | ") + " |"
        }
        return (head + body).joined(separator: "\n")
    }
}
