// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger

/// Keeps what was forecast in runs, each of which is read again only when something has happened to it.
public struct RecordShelf: Sendable {
    private let store: any LedgerStore
    private let known = RunMemory<RunForecasts>(most: 2 * most)

    /// The most runs of one book, the newest of the ledger.
    public static let most = 2000
    /// The longest run that is read at a choice, in events.
    public static let longest = 100_000

    /// Makes an empty shelf for the runs of a ledger.
    public init(_ store: any LedgerStore) { self.store = store }

    /// The track records of all who forecast in the newest runs.
    ///
    /// - Parameter most: How many runs; at most ``most``.
    /// - Returns: The book, and how many runs it was made of.
    /// - Throws: what keeps the ledger from being read.
    public func book(of most: Int = most) async throws -> (book: RecordBook, runs: Int) {
        let all = try await forecasts(of: store.runs().prefix(max(0, min(most, Self.most))))
        return (RecordBook(all), all.count)
    }

    /// What was forecast in the newest runs that are over, at most ``most`` of them.
    ///
    /// Runs longer than ``longest`` are left out: nobody is kept waiting for them at a choice.
    ///
    /// - Parameter architecture: Only of runs of this one; `nil` for all.
    /// - Returns: One for each run, the newest first.
    /// - Throws: what keeps the ledger from being read.
    public func over(of architecture: String? = nil) async throws -> [RunForecasts] {
        let rows = try await store.runs().lazy.filter { row in
            row.isOver && row.events <= Self.longest && (architecture.map { $0 == row.architecture } ?? true)
        }
        return try await forecasts(of: rows.prefix(Self.most))
    }

    /// The same without what was said by whoever no longer answers as they did, and the probes that show it.
    ///
    /// - Parameter architecture: Only of runs of this one; `nil` for all.
    /// - Returns: The runs as they were, without the probes; what of them still says something; and the probes.
    /// - Throws: what keeps the ledger from being read.
    func current(
        of architecture: String? = nil
    ) async throws -> (all: [RunForecasts], current: [RunForecasts], probes: RoleProbes) {
        let runs = try await over(of: architecture)
        let probes = RoleProbes(runs)
        // Nobody chose anything in a probe: it says who answers how, and nothing of how choices fare.
        let all = runs.filter(\.probed.isEmpty)
        return (all, probes.current(all), probes)
    }

    private func forecasts(of rows: some Sequence<RunRow>) async throws -> [RunForecasts] {
        var all: [RunForecasts] = []
        for row in rows {
            let forecasts = try await known.value(of: row) {
                var gathering = ForecastGathering(row.run)
                try await store.eachEvent(of: row.run) { gathering.take($0) }
                return gathering.result
            }
            all.append(forecasts)
        }
        return all
    }
}
