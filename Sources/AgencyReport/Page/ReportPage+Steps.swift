// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension ReportPage {
    /// Who chose what, when and why.
    var choices: Markup {
        part("choices", "Choices") {
            if state.choices.isEmpty { tag("p") { "No choice has been made." } }
            for standing in state.choices {
                tag("div", "card") {
                    tag("h3") { standing.choice.person + " " + standing.choice.verdict.words }
                    tag("p") { standing.choice.reason.isEmpty ? "No reason was given." : standing.choice.reason }
                    tag("dl", "facts") {
                        fact("When", UTC.text(milliseconds: standing.atMilliseconds))
                        fact("Identified by", standing.choice.identifiedBy)
                        fact("Lapses", UTC.text(milliseconds: standing.choice.expiresAtMilliseconds))
                        fact("Event", String(standing.sequence))
                        tag("dt") { "Shown" }
                        tag("dd") { digest(standing.choice.shown, isWhole: true) }
                    }
                }
            }
            if !account.interventions.isEmpty { interventions }
        }
    }

    private var interventions: Markup {
        Markup(joining: [
            tag("h3") { "What people did besides" },
            tag("ul") {
                for recorded in account.interventions {
                    tag("li") {
                        tag("span", "soft") {
                            UTC.text(milliseconds: recorded.atMilliseconds) + ", event \(recorded.sequence): "
                        }
                        "\(recorded.event.title): \(recorded.event.line)"
                    }
                }
            },
        ])
    }

    private func fact(_ name: String, _ value: String) -> Markup {
        Markup(joining: [tag("dt") { name }, tag("dd") { value }])
    }

    /// Every try of every step.
    var steps: Markup {
        part("steps", "Steps, forecasts and outcomes", note: brierText) {
            if state.enactment.trials.isEmpty { tag("p") { "Nothing has been enacted." } }
            for (number, trial) in state.enactment.trials.enumerated() { card(trial, number) }
        }
    }

    private var brierText: String {
        account.brier.map {
            "Mean Brier score \($0.mean.brierText) of \($0.count.counted("settled forecast")); 0 is perfect, 1 is as "
                + "wrong as can be."
        } ?? ""
    }

    private func card(_ trial: StepTrial, _ number: Int) -> Markup {
        let kind = trial.reverted != nil || trial.halt != nil ? "card undone" : "card kept"
        return tag("div", with: [("class", trial.checkpoint == nil && trial.reverted == nil ? "card" : kind)]) {
            tag("h3") {
                toned(trial.tone, trial.mark)
                " \(trial.step.id) \(trial.step.intent)"
            }
            tag("p", "soft") {
                UTC.text(milliseconds: trial.atMilliseconds) + " · try \(trial.attempt) · \(trial.facts)"
            }
            for line in trial.effectLines(in: state) {
                tag("p") {
                    toned(line.tone, line.lead)
                    " " + line.text
                }
            }
            if !account.provenance.arguments(of: number).isEmpty {
                tag("details") {
                    tag("summary") { "where its values come from" }
                    account.provenance.origins(ofTry: number)
                }
            }
            if !trial.settlements.isEmpty { settlements(trial) }
            if let result = trial.result, !result.output.isEmpty {
                tag("details") {
                    tag("summary") { "what it printed" + (result.isTruncated ? " (cut when it was recorded)" : "") }
                    tag("pre") { result.output }
                }
            }
            if let reverted = trial.reverted {
                tag("p") {
                    toned(.bad, "↩ Reverted (\(reverted.reason.title))")
                    " to checkpoint \(reverted.checkpoint)"
                    reverted.person.map { " by \($0)" } ?? ""
                    ": \(reverted.note)"
                }
            } else if let halt = trial.halt {
                tag("p") { toned(.bad, "✗ Halted: \(halt)") }
            } else if let checkpoint = trial.checkpoint {
                tag("p", "soft") { "Kept as checkpoint \(checkpoint)." }
            }
        }
    }

    private func settlements(_ trial: StepTrial) -> Markup {
        tag("table", "stack") {
            tag("thead") {
                tag("tr") {
                    tag("th") { "forecast" }
                    tag("th", "num") { "given" }
                    tag("th") { "outcome" }
                    tag("th") { "expected" }
                    tag("th") { "observed" }
                    tag("th", "num") { "Brier" }
                }
            }
            tag("tbody") { for settlement in trial.settlements { row(settlement) } }
        }
    }

    private func row(_ settlement: Settlement) -> Markup {
        tag("tr") {
            tag("td") { settlement.statement }
            named("given", "num") { settlement.probability.percent }
            tag("td") { toned(settlement.tone, "\(settlement.mark) \(settlement.outcomeWords)") }
            named("expected") { settlement.expected }
            named("observed") { settlement.observed.trimmingWhitespace.isEmpty ? "nothing" : settlement.observed }
            named("Brier", "num") { settlement.brierScore?.brierText ?? "not determined" }
        }
    }

    /// A cell that says what it is where there is no room for a table's head.
    func named(_ name: String, _ kind: String? = nil, @MarkupBuilder _ content: () -> Markup) -> Markup {
        tag("td", with: [("class", kind), ("data-name", name)], content)
    }
}
