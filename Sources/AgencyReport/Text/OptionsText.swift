// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyJudgment

/// The comparison of the options that a person chooses from.
///
/// In this order: dissents, options, scores with their spread, probabilities, what is missing, objections with the
/// blocking ones first, the explanation with its claims counted, and the questions answered.
public struct OptionsText: TextBlock {
    private let state: RunState
    private let round: Round

    /// Compares the options that stand.
    public init(_ state: RunState) { self.init(state, round: Round(state)) }

    init(_ state: RunState, round: Round) {
        self.state = state
        self.round = round
    }

    /// Lays the comparison out.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        dissents(on: &page)
        options(on: &page)
        scores(on: &page)
        missing(on: &page)
        objections(on: &page)
        ExplanationText(round.explanation, title: "Explanation").write(to: &page)
        for question in round.questions {
            page.heading("Question \(question.number)", note: "asked by \(question.person)")
            page.paragraph(question.text)
            if question.failed { page.paragraph("No answer could be had.", tone: .caution) }
            ExplanationText(question.answer, title: "Answer").write(to: &page)
        }
        return page.text
    }

    private func dissents(on page: inout TextPage) {
        guard !round.dissents.isEmpty else { return }
        page.heading("Dissent")
        for dissent in round.dissents {
            page.paragraph(dissent.statement, lead: "! \(dissent.role) (\(dissent.episode)): ", leadTone: .bad)
        }
    }

    private func options(on page: inout TextPage) {
        page.heading("Options")
        if round.options.isEmpty { page.paragraph("There are none.", tone: .quiet) }
        for option in round.options {
            let mark = state.choice?.choice.verdict == .option(option.id) ? "▶ " : "  "
            page.paragraph(option.title, indent: 0, lead: mark + option.id.rawValue + "  ", leadTone: .heading)
            page.paragraph(option.summary, indent: 6)
            page.paragraph(option.plan.outline, indent: 6, tone: .quiet)
            page.paragraph("plan \(option.plan.digest.short)", indent: 6, tone: .quiet)
        }
    }

    private func scores(on page: inout TextPage) {
        let comparison = Comparison(round, in: state)
        let column = 9
        let perTable = max(1, (page.width - 24) / column)
        for start in stride(from: 0, to: comparison.options.count, by: perTable) {
            let range = start..<min(start + perTable, comparison.options.count)
            let label = min(44, page.width - 2 - range.count * column)
            page.heading("Scores", note: "0 worst, 10 best; ? not determined; ✕ missing, the episode failed")
            page.row([("", label, nil)] + range.map { (comparison.options[$0].id.rawValue, column, .heading) })
            for criterion in comparison.criteria {
                table(criterion, range, label: label, column: column, on: &page) { $0.scoreText }
            }
            table(comparison.probability, range, label: label, column: column, on: &page) { $0.percent }
            if let together = comparison.together {
                table(together, range, label: label, column: column, on: &page) { $0.percent }
            }
        }
        for (option, standing) in zip(comparison.options, comparison.pareto) where standing != .undecided {
            page.paragraph("\(option.id): \(standing.words) that was judged", indent: 2, tone: .quiet)
        }
        for standing in comparison.standings { page.paragraph(standing, indent: 2, tone: .quiet) }
    }

    private func table(
        _ criterion: Comparison.Criterion,
        _ range: Range<Int>,
        label: Int,
        column: Int,
        on page: inout TextPage,
        number: (Double) -> String
    ) {
        page.paragraph(criterion.name, tone: .heading)
        for row in criterion.rows {
            let cells = range.map { index -> (String, Int, TextStyle.Tone?) in
                switch row.cells[index] {
                case .determined(let value): (number(value), column, nil)
                case .undetermined: ("?", column, .quiet)
                case .missing: ("✕", column, .caution)
                case .pending: ("…", column, .quiet)
                case .notAsked: ("", column, nil)
                }
            }
            page.row([("  \(row.label)", label, nil)] + cells)
        }
        guard criterion.spreads.contains(where: { $0 != nil }) else { return }
        let cells = range.map { index -> (String, Int, TextStyle.Tone?) in
            (criterion.spreads[index].map(number) ?? "", column, .quiet)
        }
        page.row([("  spread", label, .quiet)] + cells)
    }

    private func missing(on page: inout TextPage) {
        let missing = round.missing(in: state)
        guard !missing.isEmpty else { return }
        page.heading("Missing", note: "no opinion was given; this is not a low one")
        for record in missing {
            let place = "✕ \(record.order.role) on \(record.order.subject?.rawValue ?? "?"): "
            let failure = record.failure.map { "\($0.code): \($0.message)" } ?? ""
            page.paragraph(failure, lead: place, leadTone: .caution)
        }
    }

    private func objections(on page: inout TextPage) {
        let objections = round.objections
        let counts = Objection.Severity.allCases.reversed().map { severity in
            "\(objections.count { $0.objection.severity == severity }) \(severity.rawValue)"
        }
        page.heading("Objections", note: counts.joined(separator: " · "))
        if objections.isEmpty { page.paragraph("None was raised.", tone: .quiet) }
        for one in objections {
            let severity = one.objection.severity
            let lead = "\(severity.mark) \(severity.rawValue.padded(to: 8))  \(one.place)  "
            page.paragraph("\(one.role): \(one.objection.statement)", lead: lead, leadTone: severity.tone)
            if !one.objection.evidence.isEmpty {
                page.paragraph(one.objection.evidence, indent: 14, lead: "evidence: ", tone: .quiet)
            }
        }
    }
}

extension Objection.Severity {
    /// A shape that tells the severities apart without colour.
    var mark: String {
        switch self {
        case .blocking: "■"
        case .serious: "▲"
        case .minor: "·"
        }
    }

    var tone: TextStyle.Tone {
        switch self {
        case .blocking: .bad
        case .serious: .caution
        case .minor: .quiet
        }
    }
}
