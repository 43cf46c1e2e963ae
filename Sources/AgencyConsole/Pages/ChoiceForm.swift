// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport

/// The form in which a person chooses: below all that there is to read, with nothing selected, and nothing that Enter does.
struct ChoiceForm {
    let state: RunState
    let sheet: ChoiceSheet
    let report: Report
    let view: String
    let access: Access
    let draft: ChoiceDraft

    var markup: Markup {
        tag("section", id: "choose") {
            tag("h2") { "Choose" }
            tag("p") {
                "You choose what is written under “Plans in full”, and nothing else: every tool, argument and order. "
                    + "It is carried out by whoever works on the run: agency serve --work, agency worker or agency resume."
            }
            if let deadline = state.choiceDeadline {
                tag("p", "caution") {
                    "There is time to choose until \(UTC.text(milliseconds: deadline)). Where nobody has by then, nothing is done."
                }
            }
            for option in sheet.options { card(option) }
            tag("p", "soft") {
                "The sheet that you choose from: "
                tag("code", "hash") { sheet.digest.hex }
            }
            Field.form("/runs/\(state.run)/choice", of: access) {
                Field.hidden("view", view)
                Field.hidden("shown", sheet.digest.hex)
                Field.deadButton
                if let complaint = draft.complaint { tag("p", "caution") { complaint } }
                Field.line("option", id: "option", "Name of the option", most: 200, isName: true, value: draft.option)
                tag("p", "soft") { "Written out: " + names + ". Leave it empty to choose none." }
                Field.text("reason", "Why", rows: 3, most: 4000, value: draft.reason)
                tag("p", "soft") { "It goes on the record, with your name, for those who read it later." }
                proof
                tag("p", "here soft") { "" }
                tag("div", "buttons") {
                    button("option", "Have this option enacted")
                    if state.canSendBack { button("send-back", "Send the work back") }
                    button("none", "Choose none")
                }
            }
        }
    }

    /// Where much is at stake, a browser that was left open is not enough.
    private var proof: Markup {
        guard state.stakes == .high else { return .empty }
        return Markup(joining: [
            Field.proof(of: access, isNeeded: false),
            tag("p", "soft") {
                "Much is at stake: to have an option enacted, show that it is still you, unless you signed in less than "
                    + "five minutes ago."
            },
        ])
    }

    private func card(_ option: ChoiceSheet.Option) -> Markup {
        tag("div", "card") {
            tag("p") {
                tag("a", with: [("class", "mono"), ("href", "#plan-\(option.proposal)")]) { "\(option.proposal)" }
                " "
                tag("strong") { state.proposals[option.proposal]?.title ?? "" }
            }
            if let objection = report.strongestObjection(to: option.proposal) {
                tag("p") {
                    "The main risk that was named, \(objection.severity.rawValue): \(objection.statement)"
                }
            } else if report.isJudged(option.proposal) {
                tag("p") { "No objection was raised, which does not mean that there is no risk." }
            } else {
                tag("p", "caution") { "Not everybody who was to judge this option has, or nobody was to." }
            }
            tag("p", "soft") {
                "Plan "
                tag("code", "hash") { option.plan.hex }
                " · "
                tag("a", with: [("href", "/runs/\(state.run)/plan?from=\(option.proposal)")]) { "Edit or combine" }
            }
        }
    }

    private var names: String { sheet.options.map(\.proposal.rawValue).joined(separator: ", ") }

    private func button(_ verdict: String, _ title: String) -> Markup {
        tag("button", with: [("type", "submit"), ("name", "verdict"), ("value", verdict), ("data-arm", "")]) { title }
    }
}
