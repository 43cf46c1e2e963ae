// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension ReportPage {
    /// How each revised plan differs from the one that it was made from.
    var changes: Markup {
        part("changes", "Changes of revised plans") {
            if account.revisions.isEmpty { tag("p") { "No plan was revised." } }
            for revision in account.revisions {
                tag("h3") { "\(revision.old.id) → \(revision.new.id): \(revision.new.title)" }
                PlanChanges.markup(from: revision.old.plan, to: revision.new.plan)
            }
        }
    }

    /// Every plan in full.
    var plans: Markup {
        part("plans", "Plans in full") {
            if account.proposals.isEmpty { tag("p") { "There are none yet." } }
            for proposal in account.proposals {
                tag("details", "whole", id: "plan-" + proposal.id.rawValue) {
                    tag("summary") {
                        "\(proposal.id) \(proposal.title)" + (account.isChosen(proposal.id) ? " ▶ chosen" : "")
                    }
                    plan(proposal)
                }
            }
        }
    }

    private func plan(_ proposal: Proposal) -> Markup {
        Markup(joining: [
            tag("p", "soft") {
                proposal.origin + ", plan "
                digest(proposal.plan.digest, isWhole: true)
            },
            tag("details") {
                tag("summary") { "where it comes from" }
                account.provenance.origin(of: proposal.id)
            }, Markup.prose(proposal.summary),
            proposal.plan.assumptions.isEmpty
                ? .empty
                : tag("div") {
                    tag("h4") { "Taken for granted; no step checks it" }
                    tag("ul") { for assumption in proposal.plan.assumptions { tag("li") { assumption } } }
                },
            tag("p") {
                if let step = proposal.plan.pointOfNoReturn {
                    toned(.bad, "■ Point of no return: \(step.id), the first step that nothing undoes.")
                } else {
                    "No point of no return: every step can be undone or made up for."
                }
            },
            proposal.plan.ordered == nil
                ? tag("p") { toned(.bad, "✗ The steps wait for one another in a circle; they are shown as written.") }
                : .empty,
            Markup(joining: proposal.plan.inOrder.map(whole)),
        ])
    }

    private func whole(_ step: Step) -> Markup {
        tag("div", "card") {
            tag("h3") { "\(step.id) \(step.intent)" }
            tag("p", "soft") {
                toned(step.reversibility == .irreversible ? .bad : .quiet, step.risk)
                " · "
                tag("span", "mono") { step.action.tool.rawValue }
                " · action "
                digest(step.action.digest)
            }
            tag("pre") {
                for one in ArgumentLine.lines(of: step.action.arguments) {
                    tag("span", with: [("class", one.isBlock ? "block" : "line")]) { one.indented }
                }
            }
            for hole in step.holes ?? [] {
                tag("p", "soft") {
                    "Filled with what is read later: "
                    tag("code") { hole.words }
                }
            }
            if !step.forecasts.isEmpty {
                tag("table", "stack") {
                    tag("thead") {
                        tag("tr") {
                            tag("th", "num") { "given" }
                            tag("th") { "forecast" }
                            tag("th") { "check" }
                        }
                    }
                    tag("tbody") {
                        for forecast in step.forecasts {
                            tag("tr") {
                                named("given", "num") { forecast.probability.percent }
                                tag("td") { forecast.statement }
                                tag("td") { tag("code") { forecast.check.words } }
                            }
                        }
                    }
                }
            }
        }
    }
}

extension ArgumentLine {
    /// The line with spaces for its depth.
    var indented: String { String(repeating: "  ", count: depth) + text }

    /// The line with spaces for its depth, and a bar where it is a line of a text.
    var barred: String { String(repeating: "  ", count: depth) + (isBlock ? "│ " : "") + text }
}
