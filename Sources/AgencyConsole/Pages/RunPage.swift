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
    /// What the step that runs has printed so far.
    let output: StepOutput?
    /// Whether the time that there was to choose is over.
    let isLate: Bool
    /// Why nothing came of the last try to go on with it.
    let trouble: WorkTrouble?

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
                if let trouble {
                    tag("p", with: [("class", "caution"), ("role", "status")]) {
                        "Nothing came of the last try to go on, at \(UTC.text(milliseconds: trouble.atMilliseconds)); it is tried again "
                            + "by itself. What the worker said: \(trouble.why.cut(to: 600))"
                    }
                }
                if let step = state.acting { running(step) }
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

    private func running(_ step: StepID) -> Markup {
        tag("section", id: "running") {
            tag("h2") { "Step \(step) acts" }
            tag("p", "soft") {
                "What it prints is shown here while it runs on this machine, the newest of it"
                    + (output.map { ", as of \(UTC.text(milliseconds: $0.atMilliseconds))" } ?? "")
                    + ". The whole is on the record when it has ended."
            }
            tag("pre", with: [("data-output", "/api/runs/\(state.run)/output?unasked=1")]) {
                output?.text ?? "Nothing yet."
            }
        }
    }

    private var call: (place: String, title: String)? {
        if state.openQuestion != nil { return ("#doubt", "A person has to say whether a step happened ↓") }
        if view != nil { return ("#choose", "A choice is waited for: read, then choose ↓") }
        if state.agenda() == .wait(.choice), isLate {
            return ("#options", "The time that there was to choose is over: nothing is done.")
        }
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
