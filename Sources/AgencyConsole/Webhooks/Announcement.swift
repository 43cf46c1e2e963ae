// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema

/// What a place outside is told: which run, and why; never what a model wrote, and nothing by which to answer.
struct Announcement: Sendable, Hashable {
    enum Kind: String, Sendable {
        case waiting = "run.waiting"
        case alarm = "run.alarm"
        case finished = "run.finished"
    }

    let kind: Kind
    let run: RunID
    let status: String
    let events: Int
    /// How many things there are that nobody may pass over.
    var alarms = 0

    /// The same for the same, however often it is sent.
    var id: String { "msg_" + Digest(of: "\(run) \(events) \(kind.rawValue)").hex.prefix(32) }

    func body(at milliseconds: Int64) -> String {
        let body: JSONValue = [
            "type": .string(kind.rawValue), "timestamp": .integer(milliseconds / 1000),
            "data": [
                "run": .string(run.rawValue), "status": .string(status), "events": .integer(Int64(events)),
                "alarms": .integer(Int64(alarms)),
            ],
        ]
        return body.canonicalText
    }
}

/// Finds what is to be told from one look at the rows of all runs to the next.
struct AnnouncementBoard: Sendable {
    private var known: [RunID: RunRow] = [:]
    private var alarms: [RunID: Int] = [:]
    private var isFirst = true

    /// Takes the rows as they are now.
    ///
    /// - Returns: What is to be told; at the first look, what waits already, and nothing of what is over.
    mutating func take(_ rows: [RunRow]) -> [Announcement] {
        defer { isFirst = false }
        return rows.compactMap { row in
            let before = known.updateValue(row, forKey: row.run)
            guard before?.events != row.events, !isFirst || row.standing == .waiting else { return nil }
            switch row.standing {
            case .waiting: return announcement(.waiting, row)
            case .over: return before?.standing == .over ? nil : announcement(.finished, row)
            case .going: return nil
            }
        }
    }

    /// The runs of which it is worth looking whether they give alarm, before their rows are taken: those that have come to
    /// another stage, or to an end; at the first look, those that wait.
    func suspects(_ rows: [RunRow]) -> [RunRow] {
        rows.filter { isFirst ? $0.standing == .waiting : known[$0.run]?.status != $0.status }
    }

    /// Takes how many alarms a run has now.
    mutating func take(alarms count: Int, of row: RunRow) -> Announcement? {
        let before = alarms.updateValue(count, forKey: row.run) ?? 0
        return count > before ? announcement(.alarm, row, count) : nil
    }

    private func announcement(_ kind: Announcement.Kind, _ row: RunRow, _ alarms: Int? = nil) -> Announcement {
        Announcement(
            kind: kind,
            run: row.run,
            status: row.status,
            events: row.events,
            alarms: alarms ?? self.alarms[row.run] ?? 0
        )
    }
}
