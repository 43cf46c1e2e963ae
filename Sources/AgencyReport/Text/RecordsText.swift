// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyJudgment

/// The track records of all who forecast.
public struct RecordsText: TextBlock {
    private let book: RecordBook
    private let runs: Int

    /// Shows a book that was made of so many runs.
    public init(_ book: RecordBook, runs: Int) { (self.book, self.runs) = (book, runs) }

    /// Lays the records out.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        page.heading("Track records", note: "of \(runs.counted("run"))")
        if book.entries.isEmpty { page.paragraph("Nobody has forecast anything yet.") }
        for entry in book.entries {
            let facts = RecordFacts(entry: entry)
            page.heading(facts.title, note: facts.about)
            page.paragraph(facts.counts)
            page.paragraph(facts.score, tone: entry.record.isAdvisory ? .caution : nil)
            if let drift = book.comparison(of: entry.key), drift.isDrift {
                page.paragraph(drift.words, tone: .caution)
            }
            if let surprise = facts.surprise { page.paragraph(surprise, tone: .caution) }
            if !entry.record.isAdvisory { page.paragraph(facts.expected, tone: .quiet) }
            if let parts = facts.parts { page.paragraph(parts, tone: .quiet) }
            for line in facts.curve { page.paragraph(line, indent: 4) }
        }
        if !book.comparisons.isEmpty { page.heading("Probes", note: "whether roles still answer as they did") }
        for drift in book.comparisons {
            page.paragraph("\(drift.role): \(drift.words)", tone: drift.isDrift ? .caution : .quiet)
        }
        return page.text
    }
}
