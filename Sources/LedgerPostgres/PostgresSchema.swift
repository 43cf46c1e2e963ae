// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyLedger

/// The tables of a ledger, in a schema of their own.
enum PostgresSchema {
    /// The version of the tables that this program writes.
    static let version = 1
    /// “OALG”: under this advisory lock one process at a time makes or renews the tables.
    static let lockKey: Int64 = 0x4F41_4C47

    private static let lock = Statement("migration_lock", "SELECT pg_advisory_xact_lock($1::int8) IS NULL")
    private static let inspect = Statement(
        "inspect",
        """
        SELECT current_setting('server_encoding'),
            to_regnamespace('openagency') IS NOT NULL,
            EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('openagency')),
            to_regclass('openagency.versions') IS NOT NULL
        """
    )
    private static let known = Statement("known", "SELECT max(version)::int8 FROM openagency.versions")
    private static let record = Statement("record", "INSERT INTO openagency.versions (version) VALUES ($1::int8)")

    /// Makes or renews the tables, once, whichever process comes first.
    static func migrate(
        _ connection: PostgresConnection,
        at place: String,
        until deadline: ContinuousClock.Instant
    ) async throws {
        guard try await find(connection, place, deadline).version < version else { return }
        try await connection.run(script: "BEGIN", until: deadline)
        do {
            var parameters = PostgresParameters()
            parameters.add(lockKey)
            _ = try await connection.query(lock, parameters, until: deadline)
            let found = try await find(connection, place, deadline)
            if !found.hasSchema { try await connection.run(script: "CREATE SCHEMA openagency", until: deadline) }
            for step in found.version..<max(version, found.version) {
                try await connection.run(script: migrations[step], until: deadline)
                var parameters = PostgresParameters()
                parameters.add(step + 1)
                _ = try await connection.query(record, parameters, until: deadline)
            }
            try await connection.run(script: "COMMIT", until: deadline)
        } catch {
            await connection.disconnect()
            throw error
        }
    }

    /// Reads the version, or refuses the database.
    private static func find(
        _ connection: PostgresConnection,
        _ place: String,
        _ deadline: ContinuousClock.Instant
    ) async throws -> (version: Int, hasSchema: Bool) {
        guard let row = try await connection.query(inspect, until: deadline).first, let encoding = row.text(0),
            let hasSchema = row.flag(1), let hasTables = row.flag(2), let hasVersions = row.flag(3)
        else { throw notALedger(place) }
        guard encoding == "UTF8" else {
            throw LedgerError(.notALedger, "\(place) has the encoding \(encoding); make a database with UTF8 for it")
        }
        guard hasVersions else {
            guard !hasTables else { throw notALedger(place) }
            return (0, hasSchema)
        }
        guard let found = try await connection.query(known, until: deadline).first?.number(0), found > 0 else {
            throw notALedger(place)
        }
        guard found <= version else {
            throw LedgerError(
                .versionTooNew,
                "\(place) has ledger version \(found) and this program knows up to \(version); use a later program"
            )
        }
        return (Int(found), true)
    }

    private static func notALedger(_ place: String) -> LedgerError {
        LedgerError(
            .notALedger,
            "\(place) has a schema “openagency” that is no ledger's; name another database"
        )
    }

    // The step at each index leads from that version to the next. A step is never changed once it is released.
    private static let migrations = [
        """
        CREATE TABLE openagency.versions (
            version int8 PRIMARY KEY,
            applied timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        CREATE TABLE openagency.events (
            run text COLLATE "C" NOT NULL,
            sequence int8 NOT NULL CHECK (sequence >= 0),
            previous bytea NOT NULL CHECK (octet_length(previous) = 32),
            hash bytea NOT NULL CHECK (octet_length(hash) = 32),
            token int8 NOT NULL,
            bytes bytea NOT NULL,
            PRIMARY KEY (run, sequence)
        );
        COMMENT ON COLUMN openagency.events.token IS
            'drawn by whoever appended it, who recognises it after a lost answer';
        CREATE TABLE openagency.artefacts (
            digest bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
            bytes bytea NOT NULL
        );
        CREATE TABLE openagency.runs (
            run text COLLATE "C" PRIMARY KEY,
            sequence int8 NOT NULL,
            hash bytea NOT NULL CHECK (octet_length(hash) = 32),
            title text,
            architecture text,
            status text,
            updated int8,
            started int8,
            events int8,
            is_due bool NOT NULL DEFAULT false
        ) WITH (fillfactor = 70);
        CREATE INDEX runs_by_start ON openagency.runs (started DESC, run);
        CREATE INDEX runs_due ON openagency.runs (run) WHERE is_due;
        CREATE TABLE openagency.snapshots (
            run text COLLATE "C" PRIMARY KEY,
            sequence int8 NOT NULL,
            hash bytea NOT NULL CHECK (octet_length(hash) = 32),
            form text NOT NULL,
            bytes bytea NOT NULL
        );
        CREATE SEQUENCE openagency.turns;
        CREATE TABLE openagency.leases (
            run text COLLATE "C" PRIMARY KEY,
            worker text NOT NULL DEFAULT '',
            epoch int8 NOT NULL DEFAULT 0,
            expires timestamptz NOT NULL DEFAULT '-infinity',
            turn int8 NOT NULL DEFAULT 0
        ) WITH (fillfactor = 70);

        CREATE FUNCTION openagency.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the ledger is append-only: % are never %', TG_TABLE_NAME,
                CASE TG_OP WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END;
        END $$;
        CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE ON openagency.events
            FOR EACH ROW EXECUTE FUNCTION openagency.refuse();
        CREATE TRIGGER events_are_never_truncated BEFORE TRUNCATE ON openagency.events
            EXECUTE FUNCTION openagency.refuse();
        CREATE TRIGGER artefacts_are_never_changed BEFORE UPDATE OR DELETE ON openagency.artefacts
            FOR EACH ROW EXECUTE FUNCTION openagency.refuse();
        CREATE TRIGGER artefacts_are_never_truncated BEFORE TRUNCATE ON openagency.artefacts
            EXECUTE FUNCTION openagency.refuse();

        CREATE FUNCTION openagency.follow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (
                SELECT FROM inserted AS i WHERE i.sequence > 0 AND NOT EXISTS (
                    SELECT FROM openagency.events AS e
                    WHERE e.run = i.run AND e.sequence = i.sequence - 1 AND e.hash = i.previous
                )
            ) THEN
                RAISE EXCEPTION 'the ledger is append-only: events follow one another';
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER events_follow_one_another AFTER INSERT ON openagency.events
            REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION openagency.follow();

        CREATE FUNCTION openagency.begin_run() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO openagency.leases (run) VALUES (NEW.run) ON CONFLICT DO NOTHING;
            IF NEW.is_due THEN PERFORM pg_notify('openagency_due', NEW.run); END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER runs_begin AFTER INSERT ON openagency.runs
            FOR EACH ROW EXECUTE FUNCTION openagency.begin_run();
        CREATE FUNCTION openagency.wake() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_notify('openagency_due', NEW.run);
            RETURN NULL;
        END $$;
        CREATE TRIGGER runs_wake AFTER UPDATE OF is_due ON openagency.runs
            FOR EACH ROW WHEN (NEW.is_due AND NOT OLD.is_due) EXECUTE FUNCTION openagency.wake();

        ALTER TABLE openagency.events ENABLE ALWAYS TRIGGER events_are_never_changed;
        ALTER TABLE openagency.events ENABLE ALWAYS TRIGGER events_are_never_truncated;
        ALTER TABLE openagency.events ENABLE ALWAYS TRIGGER events_follow_one_another;
        ALTER TABLE openagency.artefacts ENABLE ALWAYS TRIGGER artefacts_are_never_changed;
        ALTER TABLE openagency.artefacts ENABLE ALWAYS TRIGGER artefacts_are_never_truncated;
        """
    ]
}
#endif
