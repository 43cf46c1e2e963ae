// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import GRDB

/// Claims, renewals and ends of leases; what is stored is not taken for granted.
///
/// A lease that was released has ended at 0. Leases of an earlier start of the machine have ended.
enum LeaseQuery {
    /// Finds runs that are due and free, those first that were claimed longest ago or never.
    static func free(_ limit: Int, at now: MachineTime.Reading, in db: Database) throws -> [Int64] {
        let sql = """
            SELECT runs.key FROM runs JOIN names USING (key) LEFT JOIN leases USING (key)
            WHERE runs.due = 1 AND (leases.key IS NULL OR leases.start <> ?1 OR leases.ends <= ?2)
            ORDER BY coalesce(leases.turn, 0), runs.started, runs.key LIMIT ?3
            """
        var keys: [Int64] = []
        try RawStatement(sql, in: db).forEach {
            $0.bind(now.start, at: 1)
            $0.bind(now.milliseconds, at: 2)
            $0.bind(limit, at: 3)
        } _: {
            if let key = $0.integer(0) { keys.append(key) }
            return true
        }
        return keys
    }

    /// Claims those of the runs that are still due and free.
    static func claimDue(
        _ keys: [Int64],
        worker: String,
        for duration: Duration,
        at now: MachineTime.Reading,
        in db: Database
    ) throws -> [Lease] {
        var leases: [Lease] = []
        for key in keys {
            guard let run = try dueRun(key, in: db) else { continue }
            guard let lease = try grant(key, run, worker, duration, now, in: db) else { continue }
            leases.append(lease)
        }
        return leases
    }

    /// Claims a run that is free and has a row.
    static func claim(
        _ run: RunID,
        worker: String,
        for duration: Duration,
        at now: MachineTime.Reading,
        in db: Database
    ) throws -> Lease? {
        var key: Int64?
        try RawStatement("SELECT key FROM runs JOIN names USING (key) WHERE names.run = ?", in: db).forEach {
            $0.bind(run.rawValue, at: 1)
        } _: {
            key = $0.integer(0)
            return false
        }
        return try key.flatMap { try grant($0, run, worker, duration, now, in: db) }
    }

    private static func dueRun(_ key: Int64, in db: Database) throws -> RunID? {
        var run: RunID?
        let sql = "SELECT names.run FROM runs JOIN names USING (key) WHERE runs.key = ? AND runs.due = 1"
        try RawStatement(sql, in: db).forEach {
            $0.bind(key, at: 1)
        } _: {
            run = $0.text(0).map { RunID($0) }
            return false
        }
        return run
    }

    private static func grant(
        _ key: Int64,
        _ run: RunID,
        _ worker: String,
        _ duration: Duration,
        _ now: MachineTime.Reading,
        in db: Database
    ) throws -> Lease? {
        let sql = """
            INSERT INTO leases (key, worker, epoch, start, ends, until, turn)
            VALUES (?1, ?2, 1, ?3, ?5, ?6, (SELECT coalesce(max(turn), 0) + 1 FROM leases))
            ON CONFLICT (key) DO UPDATE SET worker = ?2, epoch = epoch + 1, start = ?3, ends = ?5, until = ?6,
                turn = excluded.turn
            WHERE start <> ?3 OR ends <= ?4
            RETURNING epoch
            """
        return try changed(sql, run, worker, duration, now, in: db) {
            $0.bind(key, at: 1)
            $0.bind(worker, at: 2)
        }
    }

    /// Renews a lease that has not ended.
    static func renew(
        _ lease: Lease,
        for duration: Duration,
        at now: MachineTime.Reading,
        in db: Database
    ) throws -> Lease? {
        let sql = """
            UPDATE leases SET ends = ?5, until = ?6
            WHERE key = (SELECT key FROM names WHERE run = ?1) AND worker = ?2 AND epoch = ?7 AND start = ?3 AND ends > ?4
            RETURNING epoch
            """
        return try changed(sql, lease.run, lease.worker, duration, now, in: db) {
            $0.bind(lease.run.rawValue, at: 1)
            $0.bind(lease.worker, at: 2)
            $0.bind(lease.epoch, at: 7)
        }
    }

    private static func changed(
        _ sql: String,
        _ run: RunID,
        _ worker: String,
        _ duration: Duration,
        _ now: MachineTime.Reading,
        in db: Database,
        _ bind: (borrowing RawStatement.Binding) -> Void
    ) throws -> Lease? {
        let until = now.wallMilliseconds + duration.wholeMilliseconds
        var lease: Lease?
        try RawStatement(sql, in: db).forEach {
            bind($0)
            $0.bind(now.start, at: 3)
            $0.bind(now.milliseconds, at: 4)
            $0.bind(now.milliseconds + duration.wholeMilliseconds, at: 5)
            $0.bind(until, at: 6)
        } _: { row in
            lease = row.integer(0).map {
                Lease(run: run, worker: worker, epoch: Int($0), expiresAtMilliseconds: until)
            }
            // To its end, or the statement would be undone.
            return true
        }
        return lease
    }

    /// Ends a lease that has not ended.
    ///
    /// - Returns: Whether the run is free now and still due.
    static func release(_ lease: Lease, at now: MachineTime.Reading, in db: Database) throws -> Bool {
        let sql = """
            UPDATE leases SET ends = 0
            WHERE key = (SELECT key FROM names WHERE run = ?1) AND worker = ?2 AND epoch = ?3 AND start = ?4 AND ends > ?5
            RETURNING (SELECT due FROM runs WHERE runs.key = leases.key)
            """
        var isDue = false
        try RawStatement(sql, in: db).forEach {
            $0.bind(lease.run.rawValue, at: 1)
            $0.bind(lease.worker, at: 2)
            $0.bind(lease.epoch, at: 3)
            $0.bind(now.start, at: 4)
            $0.bind(now.milliseconds, at: 5)
        } _: { row in
            isDue = row.integer(0) == 1
            return true
        }
        return isDue
    }

    /// Reads the leases that have not ended.
    static func holders(at now: MachineTime.Reading, in db: Database) throws -> [Lease] {
        let sql = """
            SELECT names.run, worker, epoch, until FROM leases JOIN names USING (key)
            WHERE start = ?1 AND ends > ?2 ORDER BY names.run
            """
        var leases: [Lease] = []
        try RawStatement(sql, in: db).forEach {
            $0.bind(now.start, at: 1)
            $0.bind(now.milliseconds, at: 2)
        } _: { row in
            guard let run = row.text(0), let worker = row.text(1), let epoch = row.integer(2),
                let until = row.integer(3)
            else { return true }
            leases.append(
                Lease(run: RunID(run), worker: worker, epoch: Int(epoch), expiresAtMilliseconds: until)
            )
            return true
        }
        return leases
    }
}
