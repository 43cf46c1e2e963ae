// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
extension Statement {
    /// Claims what is due and free; what a rival is just claiming is passed over, not waited for.
    ///
    /// > Source: PostgreSQL 15, “The Locking Clause” <https://www.postgresql.org/docs/15/sql-select.html#SQL-FOR-UPDATE-SHARE>.
    static let claimDue = Statement(
        "claim_due",
        """
        WITH free AS (
            SELECT l.run FROM openagency.runs AS r JOIN openagency.leases AS l USING (run)
            WHERE r.is_due AND l.expires <= clock_timestamp()
            ORDER BY l.turn, r.started, l.run LIMIT $1::int8
            FOR UPDATE OF l SKIP LOCKED
        )
        UPDATE openagency.leases AS l SET worker = $2::text, epoch = l.epoch + 1,
            expires = clock_timestamp() + $3::int8 * interval '1 millisecond', turn = nextval('openagency.turns')
        FROM free WHERE l.run = free.run
        RETURNING l.run, l.worker, l.epoch, (extract(epoch FROM l.expires) * 1000)::int8
        """
    )

    static let claim = Statement(
        "claim",
        """
        UPDATE openagency.leases AS l SET worker = $2::text, epoch = l.epoch + 1,
            expires = clock_timestamp() + $3::int8 * interval '1 millisecond', turn = nextval('openagency.turns')
        WHERE l.run = $1::text AND l.expires <= clock_timestamp()
            AND EXISTS (SELECT FROM openagency.runs AS r WHERE r.run = l.run AND r.started IS NOT NULL)
        RETURNING l.run, l.worker, l.epoch, (extract(epoch FROM l.expires) * 1000)::int8
        """
    )

    /// Renews several at once; the rows are locked in the order of their runs, so that two never wait for each other.
    static let renew = Statement(
        "renew",
        """
        WITH held AS (
            SELECT l.run FROM openagency.leases AS l
            JOIN unnest($1::text[], $2::text[], $3::int8[]) AS w(run, worker, epoch)
                ON l.run = w.run AND l.worker = w.worker AND l.epoch = w.epoch
            WHERE l.expires > clock_timestamp() ORDER BY l.run
            FOR UPDATE OF l
        )
        UPDATE openagency.leases AS l SET expires = clock_timestamp() + $4::int8 * interval '1 millisecond'
        FROM held WHERE l.run = held.run AND l.expires > clock_timestamp()
        RETURNING l.run, l.worker, l.epoch, (extract(epoch FROM l.expires) * 1000)::int8
        """
    )

    /// Gives a run back, and tells others of it when it is still due.
    static let release = Statement(
        "release",
        """
        WITH freed AS (
            UPDATE openagency.leases AS l SET expires = '-infinity'
            WHERE l.run = $1::text AND l.worker = $2::text AND l.epoch = $3::int8 AND l.expires > clock_timestamp()
            RETURNING l.run
        )
        SELECT pg_notify('openagency_due', r.run) FROM freed JOIN openagency.runs AS r USING (run) WHERE r.is_due
        """
    )

    static let holders = Statement(
        "holders",
        """
        SELECT run, worker, epoch, (extract(epoch FROM expires) * 1000)::int8 FROM openagency.leases
        WHERE expires > clock_timestamp() ORDER BY run
        """
    )

    /// What is due, for those who may have missed a notice.
    static let due = Statement(
        "due",
        "SELECT run FROM openagency.runs WHERE is_due ORDER BY started, run LIMIT 1000"
    )
}
#endif
