// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A ledger that lasts as long as the process: for tests, simulations and rehearsals.
public actor InMemoryLedgerStore: LedgerStore {
    private var records: [RunID: [Entry]] = [:]
    private var artefacts: [Digest: [UInt8]] = [:]
    private(set) var rows: [RunID: RunRow] = [:]
    private var snapshots: [RunID: Snapshot] = [:]
    var tenures: [RunID: Tenure] = [:]
    var turn = 0
    let now: @Sendable () -> Int64
    nonisolated let board = WakeUpBoard()

    /// Makes an empty store.
    ///
    /// - Parameter now: The time in milliseconds since 1970 UTC, by which leases end.
    public init(now: @escaping @Sendable () -> Int64 = InMemoryLedgerStore.wallClock) {
        self.now = now
    }

    /// The time of this machine, in milliseconds since 1970 UTC.
    public static let wallClock: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Appends events; see ``LedgerStore/append(_:artefacts:to:after:row:durability:)``.
    public func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) throws -> [Entry] {
        try LedgerBounds.check(events, artefacts: artefacts, run: run, row: row)
        let found = self.head(of: run)
        guard found == head else { throw LedgerError.conflict(run, expected: head, found: found) }
        let entries = HashChain.entries(of: events, run: run, after: head)
        for artefact in artefacts { self.artefacts[artefact.digest] = artefact.bytes }
        records[run, default: []] += entries
        if let row {
            rows[run] = row
            board.note(row)
        }
        return entries
    }

    /// Reads where a run's record ends.
    public func head(of run: RunID) -> Head {
        records[run]?.last.map(Head.init(_:)) ?? Head(emptyRun: run)
    }

    /// Reads entries in order.
    public func entries(of run: RunID, from sequence: Int, limit: Int) -> [Entry] {
        guard limit > 0, let record = records[run] else { return [] }
        return Array(record.dropFirst(max(0, sequence)).prefix(limit))
    }

    /// Reads an artefact.
    public func artefact(_ digest: Digest) throws -> [UInt8]? {
        guard let bytes = artefacts[digest] else { return nil }
        guard Digest(of: bytes) == digest else { throw LedgerError.corrupt(artefact: digest) }
        return bytes
    }

    /// Reads the rows, newest first.
    public func runs() -> [RunRow] {
        rows.values.sorted { $0.precedes($1) }
    }

    /// Reads the rows of certain runs.
    public func rows(of runs: [RunID]) -> [RunRow] { runs.compactMap { rows[$0] } }

    /// Reads the snapshot that is kept of a run.
    public func snapshot(of run: RunID) -> Snapshot? { snapshots[run] }

    /// Keeps a snapshot.
    public func keep(_ snapshot: Snapshot, of run: RunID) { snapshots[run] = snapshot }
}
