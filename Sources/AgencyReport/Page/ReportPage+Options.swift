// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension ReportPage {
    /// The options of every round, side by side, with the account of them.
    var options: Markup {
        part("options", "Options compared") {
            if account.rounds.isEmpty { tag("p") { "There are none yet." } }
            for round in account.rounds {
                if account.rounds.count > 1 { tag("h3") { account.title(of: round) } }
                scores(round)
                objections(round)
                said(round)
                explanation(round.explanation, title: "Explanation")
                for question in round.questions where isNew(question, in: round) { answer(question) }
            }
        }
    }

    /// Whether a question was not yet there in the round before.
    private func isNew(_ question: Question, in round: Round) -> Bool {
        let earlier = account.rounds.prefix { $0.cycle < round.cycle }
        return !earlier.contains { $0.questions.contains { $0.number == question.number } }
    }

    private func scores(_ round: Round) -> Markup {
        let comparison = Comparison(round, in: state)
        let table = tag("div", "scroll") {
            tag("table", with: [("class", "scores"), ("style", "--n:\(round.options.count)")]) {
                tag("thead") {
                    tag("tr") {
                        tag("th") { "" }
                        for option in round.options {
                            tag("th") {
                                tag("a", with: [("class", "mono"), ("href", "#plan-" + option.id.rawValue)]) {
                                    option.id.rawValue
                                }
                                if account.isChosen(option.id) { toned(.good, " ▶ chosen") }
                                Markup.element("br", [], nil)
                                option.title
                            }
                        }
                    }
                }
                tag("tbody") {
                    plansRow(round)
                    for criterion in comparison.criteria {
                        rows(criterion, columns: round.options.count, most: 10, note: "0–10") { $0.scoreText }
                    }
                    rows(comparison.probability, columns: round.options.count, most: 1, note: "") { $0.percent }
                    if let together = comparison.together {
                        rows(together, columns: round.options.count, most: 1, note: "") { $0.percent }
                    }
                    if !comparison.pareto.isEmpty {
                        tag("tr") {
                            tag("td", "who") { "all criteria" }
                            for standing in comparison.pareto { tag("td") { standing.words } }
                        }
                    }
                    strongest(round)
                }
            }
        }
        return Markup(joining: [table] + comparison.standings.map { standing in tag("p", "soft") { standing } })
    }

    private func plansRow(_ round: Round) -> Markup {
        tag("tr") {
            tag("td", "who") { "in short" }
            for option in round.options {
                tag("td", title: option.summary) {
                    option.summary.cut(to: 160)
                    Markup.element("br", [], nil)
                    option.plan.steps.count.counted("step")
                    if let step = option.plan.pointOfNoReturn {
                        Markup.element("br", [], nil)
                        toned(.bad, "no return after \(step.id)")
                    }
                }
            }
        }
    }

    private func rows(
        _ criterion: Comparison.Criterion,
        columns: Int,
        most: Double,
        note: String,
        number: @escaping (Double) -> String
    ) -> Markup {
        Markup(joining: [
            tag("tr", "group") {
                tag("th", with: [("colspan", String(columns + 1)), ("scope", "rowgroup")]) {
                    criterion.name
                    if !note.isEmpty { tag("span", "soft") { " " + note } }
                }
            },
            Markup(
                joining: criterion.rows.map { row in
                    tag("tr") {
                        tag("td", "who") { row.label }
                        for one in row.cells { cell(one, most: most, number: number) }
                    }
                }
            ),
            criterion.spreads.contains { $0 != nil }
                ? tag("tr", "spread") {
                    tag("td", "who") { "spread" }
                    for spread in criterion.spreads { tag("td") { spread.map(number) ?? "" } }
                } : .empty,
        ])
    }

    private func cell(_ cell: Comparison.Cell, most: Double, number: (Double) -> String) -> Markup {
        switch cell {
        case .determined(let value):
            // Whole per cents: the bar only helps the eye.
            let share = Int((min(max(value / most, 0), 1) * 100).rounded())
            return tag("td") {
                tag("span", with: [("class", "meter"), ("style", "--v:\(share)%")]) { number(value) }
            }
        case .undetermined: return tag("td", "quiet") { "not determined" }
        case .missing(let code): return tag("td", "caution") { "✕ missing: \(code)" }
        case .pending: return tag("td", "quiet") { "not yet" }
        case .notAsked: return tag("td") { "" }
        }
    }

    private func strongest(_ round: Round) -> Markup {
        tag("tr") {
            tag("th") { "strongest objection" }
            for option in round.options {
                if let objection = round.strongestObjection(to: option.id) {
                    tag("td") {
                        severity(objection.severity)
                        " \(objection.statement)"
                    }
                } else {
                    tag("td", "quiet") { "none" }
                }
            }
        }
    }

    private func severity(_ severity: Objection.Severity) -> Markup {
        toned(severity.tone, "\(severity.mark) \(severity.rawValue)")
    }

    private func objections(_ round: Round) -> Markup {
        let all = round.objections
        guard !all.isEmpty else { return tag("p", "soft") { "No objection was raised." } }
        return tag("details") {
            tag("summary") { "All \(all.count.counted("objection")), with what shows them" }
            tag("ul", "plain") {
                for one in all {
                    tag("li") {
                        severity(one.objection.severity)
                        " "
                        tag("span", "mono") { one.place }
                        " \(one.objection.statement) "
                        tag("span", "soft") { "(\(one.role), \(one.episode))" }
                        if !one.objection.evidence.isEmpty { tag("blockquote") { one.objection.evidence } }
                    }
                }
            }
        }
    }

    /// What each evaluator said in words.
    private func said(_ round: Round) -> Markup {
        guard !round.evaluations.isEmpty else { return .empty }
        return tag("details") {
            tag("summary") { "All \(round.evaluations.count.counted("evaluation")), with their reasons" }
            for evaluation in round.evaluations {
                tag("h4") { "\(evaluation.role) on \(evaluation.proposal), \(evaluation.episode)" }
                Markup.prose(evaluation.summary)
                tag("ul") {
                    for score in evaluation.scores {
                        tag("li") {
                            "\(score.criterion): \(score.value?.scoreText ?? "not determined"). \(score.reason)"
                        }
                    }
                }
            }
        }
    }

    private func explanation(_ explanation: Explanation?, title: String) -> Markup {
        guard let explanation else { return .empty }
        return Markup(joining: [
            tag("h4") { title }, Markup.prose(explanation.summary),
            tag("p", "soft") { explanation.countsText },
            tag("ul", "plain") {
                for claim in explanation.claims {
                    tag("li", title: claim.standing.meaning) {
                        toned(claim.standing.tone, "\(claim.standing.mark) \(claim.standing.rawValue)")
                        " \(claim.text)"
                        if !claim.citations.isEmpty { citations(claim) }
                        tag("details", "inline") {
                            tag("summary") { "where from" }
                            account.provenance.origin(of: claim, in: explanation)
                        }
                    }
                }
            },
        ])
    }

    private func citations(_ claim: Claim) -> Markup {
        tag("details", "inline") {
            tag("summary") { claim.citations.map(\.record).joined(separator: ", ") }
            for citation in claim.citations {
                tag("blockquote") {
                    "“\(citation.quote)” "
                    if citation.found {
                        toned(.good, "✓ in \(citation.record), byte for byte")
                    } else {
                        toned(.caution, "? not in \(citation.record)")
                    }
                }
            }
        }
    }

    private func answer(_ question: Question) -> Markup {
        Markup(joining: [
            tag("h4") { "Question \(question.number), asked by \(question.person)" },
            tag("blockquote") { question.text },
            question.failed ? toned(.caution, "No answer could be had.") : .empty,
            explanation(question.answer, title: "Answer"),
        ])
    }
}
