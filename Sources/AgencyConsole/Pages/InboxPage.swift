// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import AgencyReport
import AgencyRuntime

/// The runs of the ledger: what waits for a person first.
struct InboxPage {
    let rows: [RunRow]
    let access: Access
    let now: Int64
    /// Which runs are shown; all of them, the first of each kind, when that is not said.
    var only: RunRow.Standing?
    /// Which page of those, counted from 0.
    var page = 0

    /// How many runs of one kind are on a page.
    static let size = 50

    var frame: Frame {
        Frame(title: "Inbox", access: access) {
            tag("main", id: "main") {
                tag("h1") { only == nil ? "Inbox" : "Runs" }
                if rows.isEmpty {
                    tag("p") {
                        "No run has begun in this ledger. Begin one in a terminal: "
                        tag("code") { "agency run BRIEF" }
                    }
                }
                for standing in only.map({ [$0] }) ?? RunRow.Standing.allCases { part(standing) }
            }
        }
    }

    private func part(_ standing: RunRow.Standing) -> Markup {
        var all = rows.filter { $0.standing == standing }
        // Whoever has waited longest comes first.
        if standing == .waiting { all.sort { $0.updatedAtMilliseconds < $1.updatedAtMilliseconds } }
        return Markup(joining: [
            tag("h2") { standing.title },
            list(all.dropFirst(page * Self.size).prefix(Self.size), none: "Nothing."), pages(standing, all.count),
        ])
    }

    private func list(_ rows: ArraySlice<RunRow>, none: String) -> Markup {
        guard !rows.isEmpty else { return tag("p", "soft") { none } }
        return tag("ul", "runs") {
            for row in rows {
                tag("li") {
                    tag("a", with: [("href", "/runs/\(row.run)")]) { row.title.isEmpty ? "\(row.run)" : row.title }
                    tag("span", "tag") { row.status }
                    tag("span", "soft") {
                        "\(row.run) · \(row.architecture) · \(row.events) events · \(Self.ago(now - row.updatedAtMilliseconds))"
                    }
                }
            }
        }
    }

    private func pages(_ standing: RunRow.Standing, _ count: Int) -> Markup {
        func link(_ page: Int, _ title: String) -> Markup {
            tag("a", with: [("href", "/?of=\(standing.rawValue)&page=\(page)")]) { title }
        }
        return tag("p", "pages") {
            if page > 0 { link(page - 1, "← Back") }
            if (page + 1) * Self.size < count { link(page + 1, "\(count - (page + 1) * Self.size) more →") }
            if only != nil { tag("a", with: [("href", "/")]) { "All" } }
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
