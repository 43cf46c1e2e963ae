// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime

/// What a person can do to a run besides choosing: ask, pause, let go on, stop.
struct SteerForms {
    let state: RunState
    let access: Access

    var markup: Markup {
        guard state.status == .running || state.status == .paused, access.grants.contains(.hold) else { return .empty }
        return tag("section", id: "steer") {
            tag("h2") { tag("a", with: [("href", "#steer"), ("class", "plain"), ("data-key", "s")]) { "Steer" } }
            if canAsk { question }
            hold
            if access.grants.contains(.choose) {
                revert
                for mandate in state.mandates { withdraw(mandate) }
                tag("p") { tag("a", with: [("href", "/runs/\(state.run)/goals")]) { "Rewrite the goals" } }
            }
        }
    }

    private var hold: Markup {
        Markup(joining: [
            form("pause") {
                Field.deadButton
                Field.line("reason", id: "why", "Pause it, or stop it for good; why", most: 1000)
                tag("p", "soft") {
                    "Whoever works on it ends within a second. The workspace stays as it is; stopping takes a reason."
                }
                tag("div", "buttons") {
                    if state.status == .running { Field.button("Pause") }
                    tag("button", with: [("type", "submit"), ("formaction", "/runs/\(state.run)/stop")]) {
                        "Stop for good"
                    }
                }
            },
            canGoOn && access.grants.contains(.choose)
                ? form("go-on") {
                    tag("div", "buttons") { Field.button("Let it go on") }
                } : .empty,
        ])
    }

    /// Back to a step: what came after it is undone in the workspace, and the choice lapses.
    private var revert: Markup {
        let done = state.enactment.done.map(\.step)
        guard !done.isEmpty || state.enactment.current != nil else { return .empty }
        let places =
            [("start", "the start: nothing of it stays")]
            + done.map { ($0.id.rawValue, "\($0.id): \($0.intent)".cut(to: 80)) }
        return form("revert") {
            Field.deadButton
            Field.select("to", "Take the workspace back to", places, chosen: done.last?.id.rawValue ?? "start")
            Field.line("reason", id: "revert-why", "Why", most: 1000)
            tag("p", "soft") { "What came later is undone; what was chosen lapses, and you are asked again." }
            tag("div", "buttons") { Field.button("Go back") }
        }
    }

    private func withdraw(_ mandate: Mandate) -> Markup {
        form("mandate") {
            Field.hidden("mandate", mandate.id)
            Field.deadButton
            Field.line("reason", id: "mandate-\(mandate.id)", "Withdraw the mandate \(mandate.id); why", most: 1000)
            tag("div", "buttons") { Field.button("Withdraw it") }
        }
    }

    private var question: Markup {
        form("question") {
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

    private func form(_ act: String, @MarkupBuilder _ content: () -> Markup) -> Markup {
        Field.form("/runs/\(state.run)/\(act)", of: access) { content() }
    }
}
