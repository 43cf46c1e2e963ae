// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import AgencyReport

/// The runs of the ledger: what waits for a person first.
struct InboxPage {
    let rows: [RunRow]
    let session: Session
    let now: Int64
    /// Which rows of those that are over are shown, counted from 0.
    var page = 0

    /// How many runs of one kind are on a page.
    static let size = 50

    var frame: Frame {
        let waiting = rows.filter { $0.standing == .waiting }.sorted {
            $0.updatedAtMilliseconds < $1.updatedAtMilliseconds
        }
        let going = rows.filter { $0.standing == .going }
        let over = rows.filter { $0.standing == .over }
        return Frame(title: "Inbox", session: session) {
            tag("main", id: "main") {
                tag("h1") { "What waits for a person" }
                if rows.isEmpty {
                    tag("p") {
                        "No run has begun in this ledger. Begin one in a terminal: "
                        tag("code") { "agency run BRIEF" }
                    }
                }
                list(waiting.prefix(Self.size), none: rows.isEmpty ? "" : "Nothing.")
                more(waiting.count)
                tag("h2") { "Under way" }
                list(going.prefix(Self.size), none: "Nothing.")
                more(going.count)
                tag("h2") { "Over" }
                list(over.dropFirst(page * Self.size).prefix(Self.size), none: "Nothing.")
                pages(over.count)
            }
        }
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

    private func more(_ count: Int) -> Markup {
        guard count > Self.size else { return .empty }
        return tag("p", "soft") { "and \(count - Self.size) more" }
    }

    private func pages(_ count: Int) -> Markup {
        tag("p", "pages") {
            if page > 0 { tag("a", with: [("href", "/?page=\(page - 1)"), ("rel", "prev")]) { "← Newer" } }
            if (page + 1) * Self.size < count {
                tag("a", with: [("href", "/?page=\(page + 1)"), ("rel", "next")]) { "Older →" }
            }
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
    enum Standing {
        case waiting, going, over
    }

    private static let ends: Set<String> = ["done", "chosen", "declined", "halted", "unmet", "stopped", "finished"]

    var standing: Standing { isDue ? .going : Self.ends.contains(status) ? .over : .waiting }
}
