// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema

/// The question whether a step acted, where nothing but a person can find out.
struct DoubtForm {
    let state: RunState
    let access: Access

    var markup: Markup {
        guard let (question, sequence) = state.openQuestion else { return .empty }
        return tag("section", id: "doubt") {
            tag("h2") { "Did step \(question.step) happen?" }
            tag("p") {
                "Nobody knows: \(question.why). It is not done again unless somebody says that it did not happen."
            }
            tag("dl", "facts") {
                fact("what", "\(question.action.tool) \(question.action.arguments.canonicalText)")
                fact("for", state.enactment.current?.step.intent ?? "")
                fact("when", UTC.text(milliseconds: question.intendedAtMilliseconds))
                fact("effect", question.effect.hex)
            }
            if access.grants.contains(.choose) { form(question, sequence) }
        }
    }

    private func form(_ question: ReconciliationRequested, _ sequence: Int) -> Markup {
        Field.form("/runs/\(state.run)/reconcile", of: access) {
            Field.hidden("step", question.step.rawValue)
            Field.hidden("question", String(sequence))
            Field.deadButton
            Field.text("reason", "Look where it was to act. How do you know?", rows: 2, most: 2000)
            tag("div", "buttons") {
                button(.happened, "It happened: go on from there")
                button(.didNotHappen, "It did not happen: do it again")
                button(.leave, "It stays open: give the step up")
            }
        }
    }

    private func button(_ word: Agency.Word, _ title: String) -> Markup {
        tag("button", with: [("type", "submit"), ("name", "word"), ("value", word.rawValue), ("data-arm", "")]) {
            title
        }
    }

    private func fact(_ name: String, _ value: String) -> Markup {
        Markup(joining: [tag("dt") { name }, tag("dd") { value }])
    }
}
