// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import Foundation
import GRDB

/// The tables of a ledger, and what tells a ledger from another database.
enum LedgerSchema {
    /// “OALG”, in the header of the file.
    static let applicationID = 0x4F41_4C47
    /// The version of the tables that this program writes.
    static let version = 4

    private static func configuration(busyTimeout: Duration, readOnly: Bool = false) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.label = "ledger"
        configuration.busyMode = .timeout(busyTimeout / .seconds(1))
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            // The file may come from somebody else: its triggers and views get no functions with side effects.
            try db.execute(sql: "PRAGMA trusted_schema = OFF")
            try db.execute(sql: "PRAGMA cell_size_check = ON")
            // On Apple systems a plain fsync leaves the data in the drive's cache; elsewhere these do nothing.
            try db.execute(sql: "PRAGMA fullfsync = ON")
            try db.execute(sql: "PRAGMA checkpoint_fullfsync = ON")
        }
        return configuration
    }

    /// Opens the file for reading and writing, and makes or renews its tables.
    ///
    /// While a file is new and turns into WAL mode, rivals are refused at once, whatever their busy timeout; so the
    /// opening as a whole is tried again until that has passed.
    ///
    /// > Source: SQLite, “Write-Ahead Logging”, 9 <https://www.sqlite.org/wal.html>.
    static func open(_ path: String, busyTimeout: Duration) throws -> DatabasePool {
        let start = ContinuousClock.now
        while true {
            do {
                return try openOnce(path, busyTimeout: busyTimeout)
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_BUSY && start.duration(to: .now) < busyTimeout
            {
                Thread.sleep(forTimeInterval: 0.005)
            }
        }
    }

    private static func openOnce(_ path: String, busyTimeout: Duration) throws -> DatabasePool {
        try inspect(path, configuration: configuration(busyTimeout: busyTimeout, readOnly: true))
        let pool = try DatabasePool(path: path, configuration: configuration(busyTimeout: busyTimeout))
        try pool.writeWithoutTransaction { db in
            // The pool's own set-up leaves NORMAL behind, with which a power cut loses acknowledged appends.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // Pages of the log, which then begins anew: to sync one that grows takes twice as long as one that is written over,
            // and what is copied back in the midst of somebody's append is little.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 512")
            // KiB: the pages that the appends of a thousand runs end on.
            try db.execute(sql: "PRAGMA cache_size = -8192")
            try migrate(db, path: path)
        }
        return pool
    }

    /// Looks at the file without changing it, because merely opening a pool would turn another program's database into
    /// WAL mode.
    private static func inspect(_ path: String, configuration: Configuration) throws {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.read { db in _ = try knownVersion(db, path: path) }
        try queue.close()
    }

    /// Makes or renews the tables, once, whichever process comes first.
    private static func migrate(_ db: Database, path: String) throws {
        var found = 0
        // In a transaction, so that the parts of the answer belong together when another process is just making them.
        try db.inTransaction(.deferred) {
            found = try knownVersion(db, path: path)
            return .commit
        }
        guard found < version else { return }
        try db.inTransaction(.immediate) {
            for step in try knownVersion(db, path: path)..<version { try db.execute(sql: migrations[step]) }
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(version)")
            return .commit
        }
    }

    /// Reads the version, or refuses the file.
    private static func knownVersion(_ db: Database, path: String) throws -> Int {
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if application == 0, found == 0, try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0 {
            return 0
        }
        guard application == applicationID, found > 0 else {
            throw LedgerError(.notALedger, "\(path) is a database of another program; give the path of a ledger")
        }
        guard found <= version else {
            throw LedgerError(
                .versionTooNew,
                "\(path) has ledger version \(found) and this program knows up to \(version); use a later program"
            )
        }
        return found
    }

    // The step at each index leads from that version to the next. A step is never changed once it is released.
    static let migrations = [
        """
        CREATE TABLE events (
            run TEXT NOT NULL,
            sequence INTEGER NOT NULL CHECK (sequence >= 0),
            previous BLOB NOT NULL CHECK (length(previous) = 32),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            bytes BLOB NOT NULL,
            PRIMARY KEY (run, sequence)
        ) STRICT;
        CREATE TABLE artefacts (
            digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE TABLE runs (
            run TEXT NOT NULL PRIMARY KEY,
            title TEXT NOT NULL,
            architecture TEXT NOT NULL,
            status TEXT NOT NULL,
            updated INTEGER NOT NULL,
            started INTEGER NOT NULL,
            events INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX runs_by_start ON runs (started DESC, run);

        CREATE TRIGGER events_are_never_updated BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: events are never updated'); END;
        CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: events are never deleted'); END;
        CREATE TRIGGER events_follow_one_another BEFORE INSERT ON events
        WHEN NEW.sequence <> (SELECT coalesce(max(sequence), -1) + 1 FROM events WHERE run = NEW.run)
            OR EXISTS (SELECT 1 FROM events WHERE rowid = NEW.rowid)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: events follow one another'); END;
        CREATE TRIGGER artefacts_are_never_updated BEFORE UPDATE ON artefacts
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: artefacts are never updated'); END;
        CREATE TRIGGER artefacts_are_never_deleted BEFORE DELETE ON artefacts
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: artefacts are never deleted'); END;
        CREATE TRIGGER artefacts_are_stored_once BEFORE INSERT ON artefacts
        WHEN EXISTS (SELECT 1 FROM artefacts WHERE digest = NEW.digest OR rowid = NEW.rowid)
        BEGIN SELECT RAISE(IGNORE); END;
        """,
        // A run is named once and stands as a number in every row; an entry's previous hash is that of the row before;
        // large artefacts are recipes of chunks. `condemned` holds what is being collected, inside that transaction
        // only; `loose` holds artefacts that came without an event, and since when, in seconds since 1970.
        """
        CREATE TABLE names (key INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE) STRICT;
        INSERT INTO names (run) SELECT run FROM events GROUP BY run ORDER BY min(rowid);
        INSERT OR IGNORE INTO names (run) SELECT run FROM runs;

        DROP TRIGGER IF EXISTS events_are_never_updated;
        DROP TRIGGER IF EXISTS events_are_never_deleted;
        DROP TRIGGER IF EXISTS events_follow_one_another;
        DROP TRIGGER IF EXISTS artefacts_are_never_deleted;
        DROP TRIGGER IF EXISTS artefacts_are_stored_once;
        DROP INDEX IF EXISTS runs_by_start;
        ALTER TABLE events RENAME TO events_1;
        ALTER TABLE runs RENAME TO runs_1;
        CREATE TABLE events (
            run INTEGER NOT NULL,
            sequence INTEGER NOT NULL CHECK (sequence >= 0),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            bytes BLOB NOT NULL,
            PRIMARY KEY (run, sequence)
        ) STRICT;
        INSERT INTO events (run, sequence, hash, bytes)
            SELECT key, sequence, hash, bytes FROM events_1 JOIN names USING (run) ORDER BY events_1.rowid;
        DROP TABLE events_1;
        CREATE TABLE runs (
            key INTEGER PRIMARY KEY,
            title TEXT NOT NULL,
            architecture TEXT NOT NULL,
            status TEXT NOT NULL,
            updated INTEGER NOT NULL,
            started INTEGER NOT NULL,
            events INTEGER NOT NULL,
            due INTEGER NOT NULL
        ) STRICT;
        INSERT INTO runs SELECT key, title, architecture, status, updated, started, events, 0
            FROM runs_1 JOIN names USING (run);
        DROP TABLE runs_1;
        CREATE INDEX runs_by_start ON runs (started DESC);

        ALTER TABLE artefacts ADD COLUMN form INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE chunks (
            digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE TABLE snapshots (
            key INTEGER PRIMARY KEY,
            sequence INTEGER NOT NULL,
            hash BLOB NOT NULL,
            form TEXT NOT NULL,
            bytes BLOB NOT NULL
        ) STRICT;
        CREATE TABLE loose (digest BLOB NOT NULL PRIMARY KEY, since INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE condemned (digest BLOB NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;

        CREATE TRIGGER names_are_never_updated BEFORE UPDATE ON names
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: names are never updated'); END;
        CREATE TRIGGER names_are_never_deleted BEFORE DELETE ON names
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: names are never deleted'); END;
        CREATE TRIGGER names_are_given_once BEFORE INSERT ON names
        WHEN EXISTS (SELECT 1 FROM names WHERE run = NEW.run) OR EXISTS (SELECT 1 FROM names WHERE key = NEW.key)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: names are given once'); END;
        CREATE TRIGGER events_are_never_updated BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: events are never updated'); END;
        CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: events are never deleted'); END;
        CREATE TRIGGER events_follow_one_another BEFORE INSERT ON events
        WHEN NEW.sequence <> (SELECT coalesce(max(sequence), -1) + 1 FROM events WHERE run = NEW.run)
            OR (NEW.rowid >= 0 AND EXISTS (SELECT 1 FROM events WHERE rowid = NEW.rowid))
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: events follow one another'); END;
        CREATE TRIGGER artefacts_are_never_deleted BEFORE DELETE ON artefacts
        WHEN NOT EXISTS (SELECT 1 FROM condemned WHERE digest = OLD.digest)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: artefacts are never deleted'); END;
        CREATE TRIGGER artefacts_are_stored_once BEFORE INSERT ON artefacts
        WHEN EXISTS (SELECT 1 FROM artefacts WHERE digest = NEW.digest)
            OR (NEW.rowid >= 0 AND EXISTS (SELECT 1 FROM artefacts WHERE rowid = NEW.rowid))
        BEGIN SELECT RAISE(IGNORE); END;
        CREATE TRIGGER chunks_are_never_updated BEFORE UPDATE ON chunks
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: chunks are never updated'); END;
        CREATE TRIGGER chunks_are_never_deleted BEFORE DELETE ON chunks
        WHEN NOT EXISTS (SELECT 1 FROM condemned WHERE digest = OLD.digest)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: chunks are never deleted'); END;
        CREATE TRIGGER chunks_are_stored_once BEFORE INSERT ON chunks
        WHEN EXISTS (SELECT 1 FROM chunks WHERE digest = NEW.digest)
            OR (NEW.rowid >= 0 AND EXISTS (SELECT 1 FROM chunks WHERE rowid = NEW.rowid))
        BEGIN SELECT RAISE(IGNORE); END;
        """,
        // Chunks have keys of their own, which recipes name in a few bytes each; nothing was stored as chunks before.
        // `unlisted` holds the runs that began without a row, and since when; `dropped` holds those that are being collected,
        // inside that transaction only.
        """
        DROP TABLE chunks;
        CREATE TABLE chunks (
            key INTEGER PRIMARY KEY,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            bytes BLOB NOT NULL CHECK (length(bytes) > 0)
        ) STRICT;
        CREATE TABLE unlisted (key INTEGER PRIMARY KEY, since INTEGER NOT NULL) STRICT;
        INSERT INTO unlisted SELECT key, unixepoch() FROM names WHERE key NOT IN (SELECT key FROM runs);
        CREATE TABLE dropped (key INTEGER PRIMARY KEY) STRICT;

        CREATE TRIGGER chunks_are_never_updated BEFORE UPDATE ON chunks
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: chunks are never updated'); END;
        CREATE TRIGGER chunks_are_never_deleted BEFORE DELETE ON chunks
        WHEN NOT EXISTS (SELECT 1 FROM condemned WHERE digest = OLD.digest)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: chunks are never deleted'); END;
        CREATE TRIGGER chunks_are_stored_once BEFORE INSERT ON chunks
        WHEN EXISTS (SELECT 1 FROM chunks WHERE digest = NEW.digest)
            OR (NEW.key >= 0 AND EXISTS (SELECT 1 FROM chunks WHERE key = NEW.key))
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: chunks are stored once'); END;
        DROP TRIGGER events_are_never_deleted;
        CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
        WHEN NOT EXISTS (SELECT 1 FROM dropped WHERE key = OLD.run)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: events are never deleted'); END;
        DROP TRIGGER names_are_never_deleted;
        CREATE TRIGGER names_are_never_deleted BEFORE DELETE ON names
        WHEN NOT EXISTS (SELECT 1 FROM dropped WHERE key = OLD.key)
        BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: names are never deleted'); END;
        """,
        // Who holds which run: `start` is the start of the machine that `ends` is counted from, in milliseconds; `until` is
        // for people, in milliseconds since 1970.
        """
        CREATE TABLE leases (
            key INTEGER PRIMARY KEY,
            worker TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            start TEXT NOT NULL,
            ends INTEGER NOT NULL,
            until INTEGER NOT NULL,
            turn INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX leases_by_turn ON leases (turn);
        CREATE INDEX runs_due ON runs (started) WHERE due = 1;
        """,
    ]
}
