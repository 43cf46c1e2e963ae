// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// The goals as a tree, with what became of each.
public struct GoalsText: TextBlock {
    private let state: RunState

    /// Shows the goals of a run as they stand.
    public init(_ state: RunState) { self.state = state }

    /// Lays the tree out.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        page.heading("Goals", note: "✓ reached  ✗ missed  ○ not known")
        for row in state.goalRows {
            let mark = GoalMark(state.isReached(row.goal))
            let indent = 2 + 2 * min(row.depth, 8)
            page.paragraph(row.goal.want, indent: indent, lead: "\(mark.sign) \(row.goal.id): ", leadTone: mark.tone)
            if let check = row.goal.check { page.paragraph(check.words, indent: indent + 2, tone: .quiet) }
            if let outcome = row.outcome, outcome.outcome != true {
                page.paragraph(
                    "expected \(outcome.expected), observed \(outcome.observedText)",
                    indent: indent + 2,
                    tone: outcome.tone
                )
            }
        }
        if state.goals.isEmpty { page.paragraph("There are none.", tone: .quiet) }
        return page.text
    }
}

/// How a goal stands, as a sign, a word and a tone.
struct GoalMark {
    let sign: String
    let word: String
    let tone: TextStyle.Tone

    init(_ isReached: Bool?) {
        switch isReached {
        case true?: (sign, word, tone) = ("✓", "reached", .good)
        case false?: (sign, word, tone) = ("✗", "missed", .bad)
        case nil: (sign, word, tone) = ("○", "not known", .quiet)
        }
    }
}
