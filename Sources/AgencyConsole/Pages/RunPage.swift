// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport

/// A run: what a person has to decide, and the account of all that happened.
struct RunPage {
    let state: RunState
    let events: [RecordedEvent]
    let session: Session
    /// The word with which what is shown here can be answered, where a choice is waited for.
    let view: String?

    var frame: Frame {
        let report = Report(state: state, events: events, verification: nil)
        return Frame(
            title: state.started?.brief.title ?? "Run \(state.run)",
            session: session,
            live: "/runs/\(state.run)/live?unasked=1&after=\(state.sequence)"
        ) {
            report.header
            if view != nil {
                tag("p", "call") {
                    tag("a", with: [("href", "#choose"), ("accesskey", "c")]) {
                        "A choice is waited for: read, then choose ↓"
                    }
                }
            }
            tag("main", id: "main") {
                report.content
                if let view, let sheet = state.sheet {
                    ChoiceForm(state: state, sheet: sheet, report: report, view: view, session: session).markup
                }
                SteerForms(state: state, session: session).markup
            }
        }
    }
}
