// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import Foundation

/// One episode in full: everything that went in, and everything that came out.
struct EpisodePage {
    let state: RunState
    let record: EpisodeRecord
    let events: [RecordedEvent]
    /// What the ledger stores of it besides events.
    let artefacts: [Digest: [UInt8]]
    let access: Access

    /// Where an episode is shown.
    static func path(of episode: EpisodeID, in run: RunID) -> String {
        "/runs/\(run)/episodes/" + (episode.rawValue.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")
    }

    private static let allowed = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: ".-_"))

    var frame: Frame {
        let run = state.run
        return Frame(title: record.order.id.rawValue, access: access) {
            tag("main", id: "main") {
                tag("p", "kicker") {
                    "Episode of "
                    tag("a", with: [("href", "/runs/\(run)")]) { state.started?.brief.title ?? run.rawValue }
                }
                tag("h1") { "\(record.order.role): \(record.order.task.rawValue)" }
                EpisodeReport(record, state: state, events: events, artefacts: artefacts) { Self.path(of: $0, in: run) }
                    .markup
            }
        }
    }
}
