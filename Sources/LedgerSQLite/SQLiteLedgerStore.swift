// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger
import Foundation
import GRDB

/// A ledger in one SQLite file, durable before an append with full durability returns.
///
/// The file is in WAL mode with `synchronous = FULL`. Several processes may use one file. Within a process use one
/// store for it, and open the file by no other means than SQLite: closing it would release the locks of the store.
/// Concurrent appends share a transaction, so that a thousand waiting appends cost a few disk syncs. A relaxed append
/// returns when its place in the order is certain and is written within milliseconds; whoever reads through the same
/// store sees it, and whoever appends after it with full durability waits for both.
///
/// > Source: SQLite, “Write-Ahead Logging” <https://www.sqlite.org/wal.html>; group commit after DeWitt and others,
/// > “Implementation Techniques for Main Memory Database Systems” (1984) <https://doi.org/10.1145/602259.602261>.
public final class SQLiteLedgerStore: LedgerStore {
    /// The path of the database file.
    public let path: String
    let pool: DatabasePool
    let writer: LedgerWriter
    let machineTime: MachineTime
    let board = WakeUpBoard()

    /// Opens a ledger, and makes it if there is none.
    ///
    /// Missing folders are made for their owner alone (mode 0700), and so is the file (0600). A file that is something
    /// else than a ledger is left as it is. This call reads and writes the disk, and waits for other processes.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - busyTimeout: How long this and every later call waits for another process that is writing.
    ///   - machineTime: The time by which leases end; the same for all who use the file.
    /// - Throws: ``LedgerError`` with `.versionTooNew` (use the later program), `.notALedger` (check the path),
    ///   `.corrupt` (restore from a copy), `.busy` (retry later), `.full` or `.unavailable` (mend the disk, path or
    ///   permissions).
    public init(
        path: String,
        busyTimeout: Duration = .seconds(5),
        machineTime: MachineTime = .thisMachine
    ) throws {
        self.path = path
        self.machineTime = machineTime
        try LedgerFile.prepare(path)
        pool = try SQLiteFault.mapping(path) { try LedgerSchema.open(path, busyTimeout: busyTimeout) }
        writer = LedgerWriter(pool: pool, path: path)
    }

    deinit { writer.abandon() }

    /// Closes the file after what was appended is written; whatever is called afterwards fails with `.unavailable`.
    ///
    /// This call waits for the disk.
    ///
    /// - Throws: ``LedgerError`` with `.busy` when a read is still going on.
    public func close() throws {
        writer.close()
        try SQLiteFault.mapping(path) { try pool.close() }
    }

    /// Appends events; see ``LedgerStore/append(_:artefacts:to:after:row:durability:)``.
    public func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        try LedgerBounds.check(events, artefacts: artefacts, run: run, row: row)
        // Hashed here, by each caller for itself: the head that the hashes rest on is checked by the writer.
        let entries = HashChain.entries(of: events, run: run, after: head)
        let append = PendingAppend(run: run, head: head, entries: entries, artefacts: artefacts, row: row)
        try await writer.append(append, durability)
        if let row { board.note(row) }
        return entries
    }

    /// Reads where a run's record ends.
    public func head(of run: RunID) async throws -> Head {
        try await read(run) { db in try LedgerQuery.head(of: run, in: db) }
    }

    /// Reads entries in order.
    public func entries(of run: RunID, from sequence: Int, limit: Int) async throws -> [Entry] {
        guard limit > 0 else { return [] }
        return try await read(run) { db in
            try LedgerQuery.entries(of: run, from: max(0, sequence), limit: limit, in: db)
        }
    }

    /// Reads an artefact and checks it against its digest.
    public func artefact(_ digest: Digest) async throws -> [UInt8]? {
        guard let bytes = try await read(nil, { db in try LedgerQuery.artefact(digest, in: db) }) else { return nil }
        guard Digest(of: bytes) == digest else { throw LedgerError.corrupt(artefact: digest) }
        return bytes
    }

    /// Reads the rows of all runs, newest first.
    public func runs() async throws -> [RunRow] {
        try await read(nil) { db in try LedgerQuery.runs(in: db) }
    }

    /// Reads the rows of certain runs.
    public func rows(of runs: [RunID]) async throws -> [RunRow] {
        try await read(nil) { db in try LedgerQuery.rows(of: runs, in: db) }
    }

    /// Reads the snapshot that is kept of a run.
    public func snapshot(of run: RunID) async throws -> Snapshot? {
        try await read(run) { db in try LedgerQuery.snapshot(of: run, in: db) }
    }

    /// Keeps a snapshot of a run in the place of an earlier one; of a run that nobody has begun, none is kept.
    public func keep(_ snapshot: Snapshot, of run: RunID) async throws {
        await writer.flush(run)
        do {
            try await pool.write { db in try LedgerQuery.keep(snapshot, of: run, in: db) }
        } catch let error as DatabaseError {
            throw SQLiteFault.ledgerError(error, path: path)
        }
    }

    /// Reads what was appended through this store, also what is still on its way; of one run, or of all.
    private func read<Value: Sendable>(
        _ run: RunID?,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        await writer.flush(run)
        if let run { writer.mend(run) }
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            throw SQLiteFault.ledgerError(error, path: path)
        }
    }
}
