// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger
import Synchronization

/// Keeps what was forecast in runs, each of which is read again only when something has happened to it.
public struct RecordShelf: Sendable {
    private let store: any LedgerStore
    private let known = RunMemory<RunForecasts>(most: 2 * most)
    private let list = RowMemory()
    private let answers = ProbeMemory()

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

    /// What was forecast in the newest runs of an architecture that are over, at most ``most`` of them.
    ///
    /// Runs longer than ``longest`` are left out: nobody is kept waiting for them at a choice.
    ///
    /// - Parameters:
    ///   - architecture: The architecture, by name.
    ///   - milliseconds: Now, where it does for the list of runs to be a second old: thousands of runs may come to a choice at
    ///     once. `nil` for the list as it is.
    /// - Returns: One for each run, the newest first.
    /// - Throws: what keeps the ledger from being read.
    public func over(of architecture: String, at milliseconds: Int64? = nil) async throws -> [RunForecasts] {
        let rows = try await list.rows(at: milliseconds) {
            try await store.runs().filter { $0.isOver && $0.events <= Self.longest }
        }
        return try await forecasts(of: rows.lazy.filter { $0.architecture == architecture }.prefix(Self.most))
    }

    /// The same without what was said by whoever no longer answers as they did, and the probes that show it.
    ///
    /// - Parameters:
    ///   - architecture: The architecture, by name.
    ///   - milliseconds: As for ``over(of:at:)``.
    /// - Returns: The runs as they were, without the probes; what of them still says something; and the probes.
    /// - Throws: what keeps the ledger from being read.
    func current(
        of architecture: String,
        at milliseconds: Int64? = nil
    ) async throws -> (all: [RunForecasts], current: [RunForecasts], probes: RoleProbes) {
        let runs = try await over(of: architecture, at: milliseconds)
        let probes = answers.probes(of: architecture, in: runs)
        // Nobody chose anything in a probe: it says who answers how, and nothing of how choices fare.
        let all = runs.filter(\.probed.isEmpty)
        return (all, probes.current(all), probes)
    }

    /// The architectures of runs that are over, by name.
    ///
    /// - Throws: what keeps the ledger from being read.
    func architectures() async throws -> [String] {
        Set(try await store.runs().filter(\.isOver).map(\.architecture)).sorted()
    }

    private func forecasts(of rows: some Sequence<RunRow>) async throws -> [RunForecasts] {
        var all: [RunForecasts] = []
        for row in rows { try await add(row, to: &all) }
        return all
    }

    // Inlined, it would lie in the frames of all who wait for the list of runs.
    @inline(never)
    private func add(_ row: RunRow, to all: inout [RunForecasts]) async throws {
        let forecasts = try await known.value(of: row) {
            var gathering = ForecastGathering(row.run)
            try await store.eachEvent(of: row.run) { gathering.take($0) }
            return gathering.result
        }
        all.append(forecasts)
    }
}

/// The list of runs that are over, as it was a second ago at most; while somebody reads it, whoever else asks waits for that.
private final class RowMemory: Sendable {
    private let known = Mutex<(rows: [RunRow], atMilliseconds: Int64)?>(nil)
    private let turnstile = Turnstile(most: 1)

    func rows(at milliseconds: Int64?, read: () async throws -> [RunRow]) async rethrows -> [RunRow] {
        guard let milliseconds else { return try await read() }
        if let rows = rows(at: milliseconds) { return rows }
        return try await turnstile.pass {
            if let rows = rows(at: milliseconds) { return rows }
            let rows = try await read()
            known.withLock { $0 = (rows, milliseconds) }
            return rows
        }
    }

    /// The list, if it is no more than a second old; it may have been read for somebody who asked a little later.
    private func rows(at milliseconds: Int64) -> [RunRow]? {
        known.withLock { known in
            known.flatMap { (-1000..<1000).contains(milliseconds - $0.atMilliseconds) ? $0.rows : nil }
        }
    }
}

/// What probes showed, for as long as no other run was probed.
private final class ProbeMemory: Sendable {
    private let known = Mutex<[String: (probed: [RunForecasts], probes: RoleProbes)]>([:])

    func probes(of architecture: String, in runs: [RunForecasts]) -> RoleProbes {
        let probed = runs.filter { !$0.probed.isEmpty }
        if let known = known.withLock({ $0[architecture] }), known.probed == probed { return known.probes }
        let probes = RoleProbes(probed)
        known.withLock { known in
            if known.count >= 100 { known.removeAll() }
            known[architecture] = (probed, probes)
        }
        return probes
    }
}
