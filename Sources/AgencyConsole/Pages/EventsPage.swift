// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport

/// A part of a run's record, each event in a line of its own to its end.
struct EventsPage {
    let state: RunState
    /// The first event that is shown.
    let from: Int
    let access: Access

    /// How many events are on a page.
    static let size = 200

    func frame(_ events: [RecordedEvent]) -> Frame {
        Frame(title: "Events", access: access) {
            tag("main", id: "main") {
                tag("h1") { "The record of " + (state.started?.brief.title ?? state.run.rawValue) }
                tag("p", "soft") {
                    "Events \(from) to \(from + max(0, events.count - 1)) of \(state.sequence + 1), counted from 0."
                }
                ways
                EventTable.markup(events, isWhole: true)
                ways
            }
        }
    }

    private var ways: Markup {
        tag("p", "pages") {
            tag("a", with: [("href", "/runs/\(state.run)")]) { "The run" }
            if from > 0 { link(0, "First") }
            if from > 0 { link(max(0, from - Self.size), "← Earlier") }
            if from + Self.size <= state.sequence { link(from + Self.size, "Later →") }
            if from + Self.size <= state.sequence { link(state.sequence / Self.size * Self.size, "Last") }
        }
    }

    private func link(_ from: Int, _ title: String) -> Markup {
        tag("a", with: [("href", "/runs/\(state.run)/events?from=\(from)")]) { title }
    }
}
