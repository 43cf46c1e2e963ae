// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport

/// A run: what a person has to decide, and the account of all that happened.
struct RunPage {
    let state: RunState
    let events: [RecordedEvent]
    let access: Access
    /// The word with which what is shown here can be answered, where a choice is waited for.
    let view: String?
    let draft: ChoiceDraft

    var frame: Frame {
        let run = state.run
        let report = Report(state: state, events: events) { EpisodePage.path(of: $0, in: run) }
        return Frame(
            title: state.started?.brief.title ?? "Run \(state.run)",
            access: access,
            live: "/runs/\(state.run)/live?unasked=1&after=\(state.sequence)"
        ) {
            tag("main", id: "main") {
                report.header
                if let call {
                    tag("p", "call") { tag("a", with: [("href", call.place), ("data-key", "c")]) { call.title } }
                }
                if let complaint = draft.complaint {
                    tag("p", with: [("class", "caution"), ("role", "alert")]) { complaint }
                }
                report.content
                tag("p", "pages") {
                    tag("a", with: [("href", "/runs/\(state.run)/events"), ("data-key", "e")]) {
                        "Every event, page by page"
                    }
                }
                DoubtForm(state: state, access: access).markup
                if let view, let sheet = state.sheet {
                    ChoiceForm(state: state, sheet: sheet, report: report, view: view, access: access, draft: draft)
                        .markup
                }
                SteerForms(state: state, access: access).markup
            }
        }
    }

    private var call: (place: String, title: String)? {
        if state.openQuestion != nil { return ("#doubt", "A person has to say whether a step happened ↓") }
        if view != nil { return ("#choose", "A choice is waited for: read, then choose ↓") }
        if state.agenda() == .wait(.choice) {
            return ("#options", "A choice is waited for, by somebody who may choose.")
        }
        return nil
    }
}

/// What a person had filled in, and what was wrong with it.
struct ChoiceDraft {
    var option = ""
    var reason = ""
    var complaint: String?
}
