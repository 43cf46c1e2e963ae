// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime

/// The runs of the ledger: what waits for a person first, by what is at stake.
struct InboxPage {
    /// The runs that are shown, and how many of their kind there are.
    let parts: [Part]
    let briefs: [RunID: RunBrief]
    /// What waits for somebody to play a role.
    let roles: [RoleDesk.Part]
    let access: Access
    let now: Int64
    /// Whether only one kind of runs is shown.
    let isOne: Bool

    /// The runs of one kind on one page.
    struct Part {
        let standing: RunRow.Standing
        let rows: [RunRow]
        let count: Int
        let page: Int
        /// Why nothing came of the last try to go on with some of them.
        let troubles: [RunID: WorkTrouble]
    }

    /// How many runs of one kind are on a page.
    static let size = 50
    /// How many of those that have waited longest are put in order by what is at stake.
    static let weighed = 200

    var frame: Frame {
        Frame(title: "Inbox", access: access) {
            tag("main", id: "main") {
                tag("h1") { isOne ? "Runs" : "Inbox" }
                if parts.allSatisfy({ $0.count == 0 }) {
                    tag("p") {
                        "No run has begun in this ledger. Begin one in a terminal: "
                        tag("code") { "agency run BRIEF" }
                    }
                }
                if !roles.isEmpty, !isOne { played }
                for part in parts { show(part) }
            }
        }
    }

    private var played: Markup {
        Markup(joining: [
            tag("h2") { "Roles to be played" },
            tag("ul", "runs") {
                for part in roles {
                    tag("li") {
                        tag("a", with: [("href", RolePage.path(part.request))]) {
                            "\(part.request.role): \(part.request.episode)"
                        }
                        tag("span", "soft") { "\(part.request.run) · asked \(Self.ago(now - part.askedAt))" }
                    }
                }
            },
        ])
    }

    private func show(_ part: Part) -> Markup {
        Markup(joining: [
            tag("h2") { part.standing.title + (part.count > Self.size ? " (\(part.count))" : "") }, list(part),
            pages(part),
        ])
    }

    private func list(_ part: Part) -> Markup {
        guard !part.rows.isEmpty else { return tag("p", "soft") { "Nothing." } }
        return tag("ul", "runs") { for row in part.rows { item(row, briefs[row.run], part.troubles[row.run]) } }
    }

    private func item(_ row: RunRow, _ brief: RunBrief?, _ trouble: WorkTrouble?) -> Markup {
        let waits = row.standing == .waiting
        return tag("li") {
            tag("a", with: [("href", "/runs/\(row.run)")]) { row.title.isEmpty ? "\(row.run)" : row.title.cut(to: 160) }
            tag("span", "tag") { waits ? brief?.whereabouts ?? row.status : row.status }
            if let brief, brief.stakes == .high, row.standing != .over { tag("span", "tag caution") { "high stakes" } }
            if let brief, !brief.alarms.isEmpty {
                tag("span", "alarm bad") {
                    "■ " + brief.alarms[0].cut(to: 140)
                        + (brief.alarms.count > 1 ? " And \(brief.alarms.count - 1) more." : "")
                }
            }
            if let trouble {
                tag("span", "alarm bad") { "■ \(Self.ago(now - trouble.atMilliseconds)) \(trouble.why.cut(to: 140))" }
            }
            if let deadline = brief?.deadline {
                tag("span", "tag caution") { deadline < now ? "too late to choose" : Self.left(deadline - now) }
            }
            tag("span", "soft") {
                ([brief?.persons, brief?.cost].compactMap(\.self) + [Self.words(row, now, waits)]).joined(
                    separator: " · "
                )
            }
        }
    }

    private static func words(_ row: RunRow, _ now: Int64, _ waits: Bool) -> String {
        let since = ago(now - row.updatedAtMilliseconds)
        return "\(row.run) · \(row.architecture) · \(row.events) events · begun \(ago(now - row.startedAtMilliseconds))"
            + (waits ? ", waits since \(since)" : ", last event \(since)")
    }

    private func pages(_ part: Part) -> Markup {
        func link(_ page: Int, _ title: String) -> Markup {
            tag("a", with: [("href", "/?of=\(part.standing.rawValue)&page=\(page)")]) { title }
        }
        let left = part.count - (part.page + 1) * Self.size
        return tag("p", "pages") {
            if part.page > 0 { link(part.page - 1, "← Back") }
            if left > 0 { link(part.page + 1, "\(left) more →") }
            if isOne { tag("a", with: [("href", "/")]) { "All" } }
        }
    }

    /// How much time is left, roughly.
    static func left(_ milliseconds: Int64) -> String {
        switch milliseconds / 1000 {
        case ..<120: "less than two minutes left"
        case let seconds where seconds < 7200: "\(seconds / 60) minutes left"
        case let seconds where seconds < 172_800: "\(seconds / 3600) hours left"
        case let seconds: "\(seconds / 86_400) days left"
        }
    }

    /// How long ago something was, roughly.
    static func ago(_ milliseconds: Int64) -> String {
        switch milliseconds / 1000 {
        case ..<60: "just now"
        case let seconds where seconds < 7200: "\(seconds / 60) minutes ago"
        case let seconds where seconds < 172_800: "\(seconds / 3600) hours ago"
        case let seconds: "\(seconds / 86_400) days ago"
        }
    }
}

extension RunRow {
    /// Where a run stands, as far as a list shows it.
    enum Standing: String, CaseIterable {
        case waiting, going, over

        var title: String {
            switch self {
            case .waiting: "Waits for a person"
            case .going: "Under way"
            case .over: "Over"
            }
        }
    }

    var standing: Standing { isDue ? .going : isOver ? .over : .waiting }
}
