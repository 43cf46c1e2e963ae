// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
/// A statement that the server plans once for each connection; its values travel apart from its text.
struct Statement: Sendable {
    let name: String
    let text: String

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    /// Sets up a connection, so that neither the server's defaults nor somebody's schema changes what statements mean.
    ///
    /// Plans are made while tables are still small, and must be right when they are not.
    static let session = Statement(
        "session",
        """
        SELECT set_config('search_path', 'pg_catalog', false),
            set_config('statement_timeout', $1::text, false),
            set_config('plan_cache_mode', 'force_generic_plan', false),
            set_config('enable_seqscan', 'off', false),
            set_config('jit', 'off', false),
            CASE WHEN current_setting('synchronous_commit') = 'off'
                THEN set_config('synchronous_commit', 'on', false) END
        """
    )

    /// Appends for several runs at once; a run whose head is another than was expected is left out.
    ///
    /// The row of the run is locked by its update, so rivals wait for one another here and the second finds it moved.
    static let append = Statement(
        "append",
        """
        WITH wanted AS MATERIALIZED (
            SELECT * FROM unnest($1::text[], $2::int8[], $3::bytea[], $4::int8[], $5::bytea[], $6::bool[],
                $7::text[], $8::text[], $9::text[], $10::int8[], $11::int8[], $12::int8[], $13::bool[])
                AS w(run, old_sequence, old_hash, sequence, hash, has_row,
                    title, architecture, status, updated, started, events, is_due)
        ), begun AS (
            INSERT INTO openagency.runs
                (run, sequence, hash, title, architecture, status, updated, started, events, is_due)
            SELECT run, sequence, hash, CASE WHEN has_row THEN title END, CASE WHEN has_row THEN architecture END,
                CASE WHEN has_row THEN status END, CASE WHEN has_row THEN updated END,
                CASE WHEN has_row THEN started END, CASE WHEN has_row THEN events END, has_row AND is_due
            FROM wanted WHERE old_sequence = -1
            ON CONFLICT DO NOTHING
            RETURNING run
        ), moved AS (
            UPDATE openagency.runs AS r SET sequence = w.sequence, hash = w.hash,
                title = CASE WHEN has_row THEN w.title ELSE r.title END,
                architecture = CASE WHEN has_row THEN w.architecture ELSE r.architecture END,
                status = CASE WHEN has_row THEN w.status ELSE r.status END,
                updated = CASE WHEN has_row THEN w.updated ELSE r.updated END,
                started = CASE WHEN has_row THEN w.started ELSE r.started END,
                events = CASE WHEN has_row THEN w.events ELSE r.events END,
                is_due = CASE WHEN has_row THEN w.is_due ELSE r.is_due END
            FROM wanted AS w
            WHERE r.run = w.run AND r.sequence = w.old_sequence AND r.hash = w.old_hash
            RETURNING r.run
        ), stored AS MATERIALIZED (
            SELECT run FROM begun UNION ALL SELECT run FROM moved
        ), new_events AS (
            INSERT INTO openagency.events (run, sequence, previous, hash, token, bytes)
            SELECT * FROM unnest($14::text[], $15::int8[], $16::bytea[], $17::bytea[], $18::int8[], $19::bytea[])
                AS e(run, sequence, previous, hash, token, bytes)
            WHERE (e.run IN (SELECT run FROM stored)) IS TRUE
        ), new_artefacts AS (
            INSERT INTO openagency.artefacts (digest, bytes)
            SELECT digest, bytes FROM unnest($20::text[], $21::bytea[], $22::bytea[]) AS a(run, digest, bytes)
            WHERE (a.run IN (SELECT run FROM stored)) IS TRUE
            ON CONFLICT DO NOTHING
        )
        SELECT run, CASE WHEN $23::bool THEN set_config('synchronous_commit', 'off', true) END FROM stored
        """
    )

    /// Where runs end, and whose event is at a place.
    static let standing = Statement(
        "standing",
        """
        SELECT w.run, h.sequence, h.hash,
            (SELECT token FROM openagency.events AS e WHERE e.run = w.run AND e.sequence = w.place)
        FROM unnest($1::text[], $2::int8[]) AS w(run, place)
        LEFT JOIN LATERAL (
            SELECT sequence, hash FROM openagency.events AS e WHERE e.run = w.run ORDER BY sequence DESC LIMIT 1
        ) AS h ON true
        """
    )

    static let head = Statement(
        "head",
        "SELECT sequence, hash FROM openagency.events WHERE run = $1::text ORDER BY sequence DESC LIMIT 1"
    )

    static let entries = Statement(
        "entries",
        """
        SELECT sequence, previous, hash, bytes FROM openagency.events
        WHERE run = $1::text AND sequence >= $2::int8 ORDER BY sequence LIMIT $3::int8
        """
    )

    static let artefact = Statement("artefact", "SELECT bytes FROM openagency.artefacts WHERE digest = $1::bytea")

    static let runs = Statement(
        "runs",
        """
        SELECT run, title, architecture, status, updated, started, events, is_due FROM openagency.runs
        WHERE started IS NOT NULL ORDER BY started DESC, run
        """
    )

    static let rows = Statement(
        "rows",
        """
        SELECT run, title, architecture, status, updated, started, events, is_due FROM openagency.runs
        WHERE run = ANY ($1::text[]) AND started IS NOT NULL
        """
    )

    static let snapshot = Statement(
        "snapshot",
        "SELECT sequence, hash, form, bytes FROM openagency.snapshots WHERE run = $1::text"
    )

    static let keep = Statement(
        "keep",
        """
        WITH relaxed AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true) AS done)
        INSERT INTO openagency.snapshots (run, sequence, hash, form, bytes)
        SELECT $1::text, $2::int8, $3::bytea, $4::text, $5::bytea FROM relaxed WHERE done IS NOT NULL
        ON CONFLICT (run) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash,
            form = excluded.form, bytes = excluded.bytes
        """
    )
}
#endif
