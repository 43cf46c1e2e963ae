// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencyJudgment
import AgencyLedger
import Synchronization

/// Keeps what was forecast in runs, each of which is read again only when something has happened to it.
public final class RecordShelf: Sendable {
    private struct Known {
        let events: Int
        let forecasts: RunForecasts
    }

    private let agency: Agency
    private let known = Mutex<[RunID: Known]>([:])

    /// The most runs of one book, the newest of the ledger.
    public static let most = 2000

    /// Makes an empty shelf for the runs of a ledger.
    public init(_ agency: Agency) { self.agency = agency }

    /// Reads a run page by page: some are very long.
    private func read(_ row: RunRow) async throws -> RunForecasts {
        var gathering = ForecastGathering(row.run)
        var next = 0
        while true {
            let events = try await agency.events(of: row.run, from: next, limit: Journal.page)
            for event in events { gathering.take(event) }
            next += events.count
            guard events.count == Journal.page else { return gathering.result }
        }
    }

    /// The track records of all who forecast in the newest runs.
    ///
    /// - Parameter most: How many runs; at most ``most``.
    /// - Returns: The book, and how many runs it was made of.
    /// - Throws: what keeps the ledger from being read.
    public func book(of most: Int = most) async throws -> (book: RecordBook, runs: Int) {
        var all: [RunForecasts] = []
        for row in try await agency.store.runs().prefix(max(0, min(most, Self.most))) {
            if let known = known.withLock({ $0[row.run] }), known.events == row.events {
                all.append(known.forecasts)
                continue
            }
            let forecasts = try await read(row)
            known.withLock { known in
                if known.count > 2 * Self.most { known.removeAll() }
                known[row.run] = Known(events: row.events, forecasts: forecasts)
            }
            all.append(forecasts)
        }
        return (RecordBook(all), all.count)
    }
}
