// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// A plan in full, exactly as it would be enacted.
public struct PlanText: TextBlock {
    private let proposal: Proposal

    /// Shows the plan of a proposal.
    public init(_ proposal: Proposal) { self.proposal = proposal }

    /// Lays the plan out; nothing of an action is cut.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        page.heading("\(proposal.id)  \(proposal.title)")
        page.paragraph(proposal.origin, tone: .quiet)
        page.paragraph("plan \(proposal.plan.digest)", tone: .quiet)
        page.paragraph(proposal.summary)
        if !proposal.plan.assumptions.isEmpty {
            page.heading("Taken for granted", note: "no step checks these")
            for assumption in proposal.plan.assumptions { page.paragraph(assumption, lead: "- ") }
        }
        page.heading("Steps", note: proposal.plan.steps.count.counted("step"))
        if let step = proposal.plan.pointOfNoReturn {
            page.paragraph(
                "\(step.id), the first step that nothing undoes",
                lead: "Point of no return: ",
                leadTone: .bad
            )
        } else {
            page.paragraph("none; every step can be undone or made up for", lead: "Point of no return: ")
        }
        if proposal.plan.ordered == nil {
            page.paragraph("The steps wait for one another in a circle; they are shown as written.", tone: .bad)
        }
        for step in proposal.plan.inOrder { StepText(step, in: proposal.plan).write(to: &page) }
        return page.text
    }
}

extension Proposal {
    /// Where it came from, in a line.
    var origin: String {
        let author = episode.map { "written in episode \($0)" } ?? "written by a person"
        return author + (parent.map { ", made from \($0)" } ?? "")
    }
}

/// One step in full.
struct StepText {
    private let step: Step
    private let plan: Plan

    init(_ step: Step, in plan: Plan) {
        self.step = step
        self.plan = plan
    }

    func write(to page: inout TextPage) {
        page.blank()
        page.paragraph(step.intent, indent: 0, lead: "\(step.id)  ", leadTone: .heading, tone: .heading)
        let isLast = plan.pointOfNoReturn?.id == step.id
        page.paragraph(
            step.risk + (isLast ? " · point of no return" : ""),
            indent: 4,
            tone: step.reversibility == .irreversible ? .bad : .quiet
        )
        page.paragraph("\(step.action.tool)", indent: 4, lead: "tool       ", leadTone: .quiet)
        let lines = ArgumentLine.lines(of: step.action.arguments)
        page.paragraph(lines.isEmpty ? "none" : "", indent: 4, lead: "arguments", leadTone: .quiet)
        page.arguments(lines, indent: 6)
        for hole in step.holes ?? [] { page.paragraph(hole.words, indent: 4, lead: "hole       ", leadTone: .quiet) }
        for forecast in step.forecasts {
            page.paragraph(
                forecast.statement,
                indent: 4,
                lead: "forecast   \(forecast.probability.percent.aligned(to: 6))  "
            )
            page.arguments(
                [ArgumentLine(depth: 0, text: Escape.terminal(forecast.check.words), isBlock: false)],
                indent: 23
            )
        }
        if step.forecasts.isEmpty { page.paragraph("none", indent: 4, lead: "forecast   ", leadTone: .quiet) }
        page.paragraph("\(step.action.digest)", indent: 4, lead: "action     ", leadTone: .quiet, tone: .quiet)
    }
}

extension Step {
    /// Its reversibility, stakes and order, in a line.
    var risk: String {
        let before = after.isEmpty ? "" : " · after \(after.map(\.rawValue).inWords)"
        return "\(reversibility.rawValue) · stakes \(stakes.rawValue)\(before)"
    }
}

extension Check {
    /// The look and what it should show, in a line: `sqlite.query {"sql":"…"} → = 0`.
    var words: String { "\(tool) \(arguments.canonicalText) → \(expect.words)" }
}
