// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencyJudgment
import AgencyLedger

/// Keeps what was forecast in runs, each of which is read again only when something has happened to it.
public struct RecordShelf: Sendable {
    private let agency: Agency
    private let known = RunMemory<RunForecasts>(most: 2 * most)

    /// The most runs of one book, the newest of the ledger.
    public static let most = 2000

    /// Makes an empty shelf for the runs of a ledger.
    public init(_ agency: Agency) { self.agency = agency }

    /// The track records of all who forecast in the newest runs.
    ///
    /// - Parameter most: How many runs; at most ``most``.
    /// - Returns: The book, and how many runs it was made of.
    /// - Throws: what keeps the ledger from being read.
    public func book(of most: Int = most) async throws -> (book: RecordBook, runs: Int) {
        var all: [RunForecasts] = []
        for row in try await agency.store.runs().prefix(max(0, min(most, Self.most))) {
            let forecasts = try await known.value(of: row) {
                var gathering = ForecastGathering(row.run)
                try await agency.eachEvent(of: row.run) { gathering.take($0) }
                return gathering.result
            }
            all.append(forecasts)
        }
        return (RecordBook(all), all.count)
    }
}
