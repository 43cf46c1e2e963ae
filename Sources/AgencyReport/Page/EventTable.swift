// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

package import AgencyCore

/// Events as a table: place, time, kind, and what happened in a line.
package enum EventTable {
    /// The events in order.
    ///
    /// - Parameters:
    ///   - events: The events.
    ///   - isWhole: Whether long lines are shown to their end.
    /// - Returns: The table.
    package static func markup(_ events: [RecordedEvent], isWhole: Bool = false) -> Markup {
        tag("table", "stack events") {
            tag("thead") {
                tag("tr") {
                    tag("th", "num") { "#" }
                    tag("th") { "time" }
                    tag("th") { "event" }
                    tag("th") { "what" }
                }
            }
            tag("tbody") { for recorded in events { row(recorded, isWhole) } }
        }
    }

    private static func row(_ recorded: RecordedEvent, _ isWhole: Bool) -> Markup {
        let line = recorded.event.line
        let most = isWhole ? Int.max : 160
        return tag("tr") {
            tag("td", "num") { String(recorded.sequence) }
            tag("td", "quiet when") { UTC.text(milliseconds: recorded.atMilliseconds) }
            tag("td", "mono") { recorded.event.type }
            tag("td", title: line.count > most ? line : nil) { isWhole ? line : line.cut(to: most) }
        }
    }
}
