// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyRuntime
import Hummingbird

/// The inbox: which runs are on it, and in which order.
struct InboxRoutes: Sendable {
    let agency: Agency
    let briefs: RunBriefs
    let roles: RoleDesk
    let trouble: WorkTrouble.Source
    let now: @Sendable () -> Int64

    func add(to routes: inout Routes) {
        routes.get("/", .see) { request, context in
            let query = request.uri.queryParameters
            let page = max(0, min(query["page"].flatMap { Int($0) } ?? 0, 1_000_000))
            let only = query["of"].flatMap { RunRow.Standing(rawValue: String($0)) }
            let inbox = try await inbox(only: only, page: page, access: context.signedIn())
            return Answers.page(inbox.frame)
        }
    }

    private func inbox(only: RunRow.Standing?, page: Int, access: Access) async throws -> InboxPage {
        let rows = Dictionary(grouping: try await agency.store.runs(), by: \.standing)
        var parts: [InboxPage.Part] = []
        var known: [RunID: RunBrief] = [:]
        for standing in only.map({ [$0] }) ?? RunRow.Standing.allCases {
            var all = rows[standing] ?? []
            if standing == .waiting {
                all.sort { $0.updatedAtMilliseconds < $1.updatedAtMilliseconds }
                let first = all.prefix(InboxPage.weighed)
                known.merge(await briefs.briefs(of: first)) { $1 }
                let weighed = first.enumerated().sorted { left, right in
                    let (one, other) = (known[left.element.run], known[right.element.run])
                    let stakes = (one?.stakes ?? .low, other?.stakes ?? .low)
                    if stakes.0 != stakes.1 { return stakes.0 > stakes.1 }
                    return (one?.deadline ?? .max, left.offset) < (other?.deadline ?? .max, right.offset)
                }
                all.replaceSubrange(0..<first.count, with: weighed.map(\.element))
            }
            let shown = Array(all.dropFirst(page * InboxPage.size).prefix(InboxPage.size))
            if standing != .over { known.merge(await briefs.briefs(of: shown)) { $1 } }
            let troubles = shown.compactMap { row in row.trouble(trouble).map { (row.run, $0) } }
            parts.append(
                InboxPage.Part(
                    standing: standing,
                    rows: shown,
                    count: all.count,
                    page: page,
                    troubles: Dictionary(troubles) { $1 }
                )
            )
        }
        let waiting = access.grants.contains(.choose) ? roles.waiting : []
        return InboxPage(
            parts: parts,
            briefs: known,
            roles: waiting,
            access: access,
            now: now(),
            isOne: only != nil
        )
    }
}
#endif
