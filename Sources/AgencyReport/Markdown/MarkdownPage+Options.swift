// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension MarkdownPage {
    /// The options of every round, side by side, with the account of them.
    var options: [String] {
        let rounds = account.rounds.flatMap { round -> [String] in
            let title = account.rounds.count > 1 ? ["### " + words(account.title(of: round)), ""] : []
            return title + scores(round) + [""] + objections(round) + said(round)
                + explanation(round.explanation, "Explanation")
                + answers(round)
        }
        return ["## Options compared", ""] + (rounds.isEmpty ? ["There are none yet."] : rounds)
    }

    private func scores(_ round: Round) -> [String] {
        let comparison = Comparison(round, in: state)
        let head =
            ["criterion", "role"]
            + round.options.map { option in
                code(option.id.rawValue) + " " + words(option.title) + (account.isChosen(option.id) ? " (chosen)" : "")
            }
        func rows(_ criterion: Comparison.Criterion, _ number: (Double) -> String) -> [[String]] {
            let given = criterion.rows.map { row in
                [words(criterion.name), words(row.label)] + row.cells.map { cell($0, number) }
            }
            guard criterion.spreads.contains(where: { $0 != nil }) else { return given }
            return given + [[words(criterion.name), "*spread*"] + criterion.spreads.map { $0.map(number) ?? "" }]
        }
        let scored =
            comparison.criteria.flatMap { rows($0, \.scoreText) } + rows(comparison.probability, \.percent)
            + (comparison.together.map { rows($0, \.percent) } ?? [])
        let strongest = round.options.map { option in
            round.strongestObjection(to: option.id).map { objection in
                "\(objection.severity.mark) \(objection.severity.rawValue): \(words(objection.statement))"
            } ?? "none"
        }
        let pareto = comparison.pareto.isEmpty ? [] : [["all criteria", ""] + comparison.pareto.map(\.words)]
        let lines = comparison.standings.map { "- " + words($0) }
        return table(head, scored + pareto + [["strongest objection", ""] + strongest])
            + (lines.isEmpty ? [] : [""] + lines)
    }

    private func cell(_ cell: Comparison.Cell, _ number: (Double) -> String) -> String {
        switch cell {
        case .determined(let value): number(value)
        case .undetermined: "not determined"
        case .missing(let failure): "✕ missing: " + words(failure)
        case .pending: "not yet"
        case .notAsked: ""
        }
    }

    private func objections(_ round: Round) -> [String] {
        guard !round.objections.isEmpty else { return ["No objection was raised.", ""] }
        let all = round.objections.map { one in
            let evidence = one.objection.evidence.isEmpty ? "" : " Evidence: \(words(one.objection.evidence))"
            return "- \(one.objection.severity.mark) \(one.objection.severity.rawValue), \(words(one.place)), "
                + "\(words(one.role.rawValue)): \(words(one.objection.statement))\(evidence)"
        }
        return ["**Objections**", ""] + all + [""]
    }

    private func said(_ round: Round) -> [String] {
        guard !round.evaluations.isEmpty else { return [] }
        let all = round.evaluations.flatMap { evaluation -> [String] in
            let reasons = evaluation.scores.map { score in
                "  - \(words(score.criterion)): \(score.value?.scoreText ?? "not determined"). \(words(score.reason))"
            }
            let author = words("\(evaluation.role) on \(evaluation.proposal)")
            return ["- \(author): \(words(evaluation.summary))"] + reasons
        }
        return ["**Evaluations**", ""] + all + [""]
    }

    private func explanation(_ explanation: Explanation?, _ title: String) -> [String] {
        guard let explanation else { return [] }
        let claims = explanation.claims.flatMap { claim -> [String] in
            ["- \(claim.standing.mark) \(claim.standing.rawValue): \(words(claim.text))"]
                + claim.citations.map { citation in
                    "  - \(words(citation.record)): “\(words(citation.quote))”"
                        + (citation.found ? "" : " (not found in the record)")
                }
        }
        return ["**\(title)** (\(explanation.countsText))", "", words(explanation.summary), ""] + claims + [""]
    }

    private func answers(_ round: Round) -> [String] {
        let earlier = account.rounds.prefix { $0.cycle < round.cycle }.flatMap(\.questions).map(\.number)
        return round.questions.filter { !earlier.contains($0.number) }.flatMap { question -> [String] in
            ["**Question \(question.number)**, asked by \(words(question.person)): \(words(question.text))", ""]
                + (question.failed ? ["No answer could be had.", ""] : []) + explanation(question.answer, "Answer")
        }
    }
}
