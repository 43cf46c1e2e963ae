// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger
import GRDB

/// Leases for the processes of one machine, since no other can use the file.
///
/// They end by a clock that goes on while the machine sleeps and never jumps, and with the machine itself: what was held
/// before it was started last is free. Hints come from this process alone; what others append is found by asking.
///
/// A lease need not outlast a power cut, which ends every worker, so that claiming and giving back wait for no disk. A claim
/// on the record of a run does: whatever is appended with full durability makes the lease durable that was written before it.
extension SQLiteLedgerStore: LeaseStore {
    /// Claims runs that are due and that nobody holds.
    public func claimDue(limit: Int, worker: String, for duration: Duration) async throws -> [Lease] {
        try LedgerBounds.check(worker: worker, duration: duration)
        guard limit > 0 else { return [] }
        for _ in 0..<Self.claimAttempts {
            let now = machineTime.reading()
            // Looked for in a snapshot that keeps nobody from writing, and looked at again when they are taken.
            let free = try await reading { db in try LeaseQuery.free(limit, at: now, in: db) }
            guard !free.isEmpty else { return [] }
            let taken = try await writing { db in
                try LeaseQuery.claimDue(free, worker: worker, for: duration, at: self.machineTime.reading(), in: db)
            }
            // Where others were quicker everywhere, there may be more.
            if !taken.isEmpty { return taken }
        }
        return []
    }

    /// How often runs are looked for when others take all that were found.
    private static let claimAttempts = 8

    /// Claims one run, whether or not it is due.
    public func claim(_ run: RunID, worker: String, for duration: Duration) async throws -> Lease? {
        try LedgerBounds.check(worker: worker, duration: duration)
        return try await writing { db in
            try LeaseQuery.claim(run, worker: worker, for: duration, at: self.machineTime.reading(), in: db)
        }
    }

    /// Makes a lease last so long from now.
    public func renew(_ lease: Lease, for duration: Duration) async throws -> Lease? {
        try await renew([lease], for: duration).first
    }

    /// Makes leases last so long from now, all in one transaction.
    public func renew(_ leases: [Lease], for duration: Duration) async throws -> [Lease] {
        for lease in leases { try LedgerBounds.check(worker: lease.worker, duration: duration) }
        guard !leases.isEmpty else { return [] }
        return try await writing { db in
            let now = self.machineTime.reading()
            return try leases.compactMap { try LeaseQuery.renew($0, for: duration, at: now, in: db) }
        }
    }

    /// Gives a run back.
    public func release(_ lease: Lease) async throws {
        let isDue = try await writing { db in try LeaseQuery.release(lease, at: self.machineTime.reading(), in: db) }
        if isDue { board.tell(lease.run) }
    }

    /// Reads the leases that have not ended, in the order of their runs.
    public func holders() async throws -> [Lease] {
        let now = machineTime.reading()
        return try await reading { db in try LeaseQuery.holders(at: now, in: db) }
    }

    /// Listens for runs that have become due through this store.
    public func wakeUps() async -> AsyncStream<RunID> { board.listen() }

    private func reading<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            throw SQLiteFault.ledgerError(error, path: path)
        }
    }

    /// Writes in a transaction that is carried out whether or not the task is cancelled, and that waits for no sync.
    private func writing<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { answer in
            pool.asyncWriteWithoutTransaction { db in
                answer.resume(returning: Result { try self.unsynced(db, body) })
            }
        }
        do {
            return try result.get()
        } catch let error as DatabaseError {
            throw SQLiteFault.ledgerError(error, path: path)
        }
    }

    private func unsynced<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        try db.execute(sql: "PRAGMA synchronous = NORMAL")
        let result = Result {
            var value: Value?
            try db.inTransaction(.immediate) {
                value = try body(db)
                return .commit
            }
            guard let value else { throw LedgerError(.unavailable, "\(path): a transaction had no end; open it again") }
            return value
        }
        do {
            try db.execute(sql: "PRAGMA synchronous = FULL")
        } catch {
            // Nothing may be appended any more by a connection of which it is not known that it syncs.
            writer.abandon()
            throw error
        }
        return try result.get()
    }
}
