// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyRuntime
import Synchronization

/// What the inbox says of runs, each of which is read again only when something has happened to it.
final class RunBriefs: Sendable {
    private struct Known {
        let events: Int
        let brief: RunBrief
    }

    private let known = Mutex<[RunID: Known]>([:])
    private let agency: Agency
    /// The most runs that are remembered.
    private static let most = 5000

    init(agency: Agency) { self.agency = agency }

    /// What is said of each run; one that cannot be read now is left out.
    func briefs(of rows: some Sequence<RunRow>) async -> [RunID: RunBrief] {
        var briefs: [RunID: RunBrief] = [:]
        for row in rows {
            if let known = known.withLock({ $0[row.run] }), known.events == row.events {
                briefs[row.run] = known.brief
                continue
            }
            guard let state = try? await agency.state(of: row.run) else { continue }
            let brief = RunBrief(state)
            briefs[row.run] = brief
            known.withLock { known in
                if known.count >= Self.most { known.removeAll() }
                known[row.run] = Known(events: row.events, brief: brief)
            }
        }
        return briefs
    }
}
#endif
