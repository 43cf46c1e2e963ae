// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime

/// What a person can do to a run besides choosing: ask, pause, let go on, stop.
struct SteerForms {
    let state: RunState
    let session: Session

    var markup: Markup {
        guard state.status == .running || state.status == .paused else { return .empty }
        return tag("section", id: "steer") {
            tag("h2") { "Steer" }
            if canAsk { question }
            tag("form", with: form("steer")) {
                Field.hidden("form", session.formToken)
                Field.deadButton
                Field.line("reason", id: "why", "Pause it, or stop it for good; why", most: 1000)
                tag("p", "soft") {
                    "Whoever works on it ends within a second. The workspace stays as it is; stopping takes a reason."
                }
                tag("div", "buttons") {
                    if state.status == .running { button("pause", "Pause") }
                    if canGoOn { button("go-on", "Let it go on") }
                    button("stop", "Stop for good")
                }
            }
        }
    }

    private var question: Markup {
        tag("form", with: form("question")) {
            Field.hidden("form", session.formToken)
            Field.text("question", "Ask the explainer", rows: 2, most: 2000)
            tag("p", "soft") { "The answer is filed, and shown above, when the run is worked on again." }
            tag("div", "buttons") { tag("button", with: [("type", "submit")]) { "Ask" } }
        }
    }

    private var canAsk: Bool {
        state.agenda() == .wait(.choice) && state.questions.count < Limits.questions
            && state.architecture?.roles.contains { $0.kind == .explain } == true
    }

    private var canGoOn: Bool {
        if case .wait(.stalled) = state.agenda() { return true }
        return state.status == .paused
    }

    private func form(_ act: StaticString) -> [(name: StaticString, value: String?)] {
        [("method", "post"), ("action", "/runs/\(state.run)/\(act)"), ("class", "choice")]
    }

    private func button(_ act: String, _ title: String) -> Markup {
        tag("button", with: [("type", "submit"), ("name", "act"), ("value", act)]) { title }
    }
}
