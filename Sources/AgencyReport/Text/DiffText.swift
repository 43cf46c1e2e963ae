// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// How a plan differs from the one it was made from, step by step and line by line.
public struct DiffText: TextBlock {
    private let old: Proposal
    private let new: Proposal

    /// Compares two proposals.
    public init(from old: Proposal, to new: Proposal) {
        self.old = old
        self.new = new
    }

    /// Lays the differences out, with `-` before what was and `+` before what is.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        let diff = PlanDiff(from: old.plan, to: new.plan)
        page.heading("\(old.id) → \(new.id)", note: "\(diff.count.counted("step differs", "steps differ"))")
        page.paragraph("plan \(old.plan.digest.short) → \(new.plan.digest.short)", tone: .quiet)
        for change in StepChange.all(old.plan, new.plan) {
            page.blank()
            page.paragraph(
                change.step.intent,
                indent: 0,
                lead: "\(change.mark) \(change.step.id)  \(change.word)  ",
                leadTone: change.tone,
                tone: change.word == "same" ? .quiet : nil
            )
            for part in change.parts { write(part, on: &page) }
        }
        for line in Assumptions.changes(old.plan, new.plan) {
            page.blank()
            page.paragraph("taken for granted: " + line.text, indent: 0, lead: line.mark + " ", tone: line.tone)
        }
        return page.text
    }

    private func write(_ part: StepChange.Part, on page: inout TextPage) {
        switch part {
        case .value(let name, let before, let after):
            if let before { page.paragraph(before, indent: 4, lead: "- \(name): ", leadTone: .bad, tone: .bad) }
            if let after { page.paragraph(after, indent: 4, lead: "+ \(name): ", leadTone: .good, tone: .good) }
        case .lines(let changes):
            page.paragraph("arguments", indent: 4, tone: .quiet)
            for change in changes {
                switch change {
                case .same(let line): page.argument(line, indent: 4, mark: "  ", tone: nil)
                case .removed(let line): page.argument(line, indent: 4, mark: "- ", tone: .bad)
                case .added(let line): page.argument(line, indent: 4, mark: "+ ", tone: .good)
                case .skipped(let count):
                    page.paragraph("… \(count.counted("line")) alike", indent: 6, tone: .quiet)
                }
            }
        }
    }
}

/// What became of the assumptions.
enum Assumptions {
    static func changes(_ old: Plan, _ new: Plan) -> [(mark: String, text: String, tone: TextStyle.Tone)] {
        old.assumptions.filter { !new.assumptions.contains($0) }.map { ("-", $0, .bad) }
            + new.assumptions.filter { !old.assumptions.contains($0) }.map { ("+", $0, .good) }
    }
}
