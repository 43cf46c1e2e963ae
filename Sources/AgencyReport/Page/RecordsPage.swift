// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyJudgment

/// The track records of all who forecast, with their reliability as pictures.
public struct RecordsPage {
    private let book: RecordBook
    private let runs: Int

    /// Shows a book that was made of so many runs.
    public init(_ book: RecordBook, runs: Int) { (self.book, self.runs) = (book, runs) }

    /// The records as one HTML page without scripts or anything to be fetched.
    public var html: String {
        Document.source(
            title: "Track records",
            Markup(joining: [
                tag("header") { tag("h1") { "Track records" } }, tag("main") { markup },
                tag("footer") { tag("p") { "Made from the records of \(runs.counted("run")) and nothing else." } },
            ])
        )
    }

    /// The records, for a page that has a title already.
    package var markup: Markup {
        Markup(joining: [
            tag("p") {
                "What everybody forecast in \(runs.counted("run")), and what became of it. Steps are settled by looking, "
                    + "options when their goals are, and both by what people file later (agency settle)."
            },
            tag("p", "soft") {
                "A forecast that says 80% should come true 8 times of 10: its point then lies on the dashed line. What was never chosen "
                    + "is never settled, so that these are records of what was chosen."
            }, book.entries.isEmpty ? tag("p") { "Nobody has forecast anything yet." } : .empty,
            Markup(joining: book.entries.enumerated().map { index, entry in section(entry, index + 1) }), probes,
        ])
    }

    private var probes: Markup {
        guard !book.comparisons.isEmpty else { return .empty }
        return tag("section", id: "probes") {
            tag("h2") { "Probes" }
            tag("p", "soft") { "Whether roles still answer fixed questions as they did (agency probe)." }
            tag("ul") {
                for drift in book.comparisons {
                    tag("li", drift.isDrift ? "caution" : nil) { "\(drift.role): \(drift.words)" }
                }
            }
        }
    }

    private func section(_ entry: RecordBook.Entry, _ number: Int) -> Markup {
        let facts = RecordFacts(entry: entry)
        return tag("section", id: "record-\(number)") {
            tag("h2") { facts.title }
            tag("p", "soft") { facts.about }
            tag("p") { facts.counts.capitalizedFirst + "." }
            tag("p", entry.record.isAdvisory ? "caution" : nil) { facts.score.capitalizedFirst + "." }
            if let drift = book.comparison(of: entry.key), drift.isDrift {
                tag("p", "caution") { drift.words.asSentence }
            }
            if let surprise = facts.surprise { tag("p", "caution") { surprise.capitalizedFirst + "." } }
            if !entry.record.isAdvisory {
                tag("p") { facts.expected.capitalizedFirst + "." }
                if let parts = facts.parts { tag("p", "soft") { parts.capitalizedFirst + "." } }
                tag("figure", "small") {
                    ReliabilityPicture.markup(entry, number: number)
                    tag("figcaption") { "How often what was called so probable came true." }
                }
                tag("details") {
                    tag("summary") { "In words" }
                    tag("ul") { for line in facts.curve { tag("li") { line.capitalizedFirst } } }
                }
            }
        }
    }
}
