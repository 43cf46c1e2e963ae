// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyRuntime

/// What the inbox says of runs, each of which is read again only when something has happened to it.
struct RunBriefs: Sendable {
    private let known = RunMemory<RunBrief>(most: 5000)
    private let agency: Agency

    init(agency: Agency) { self.agency = agency }

    /// What is said of each run; one that cannot be read now is left out.
    func briefs(of rows: some Sequence<RunRow>) async -> [RunID: RunBrief] {
        var briefs: [RunID: RunBrief] = [:]
        for row in rows {
            briefs[row.run] = try? await known.value(of: row) { RunBrief(try await agency.state(of: row.run)) }
        }
        return briefs
    }
}
#endif
