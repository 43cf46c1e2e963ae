// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension InMemoryLedgerStore: LeaseStore {
    /// What is remembered of a run's leases.
    struct Tenure: Sendable {
        var lease: Lease
        var isReleased = false
        /// When it was claimed, counted in claims.
        var turn: Int
    }

    /// Claims runs that are due and that nobody holds.
    public func claimDue(limit: Int, worker: String, for duration: Duration) throws -> [Lease] {
        try LedgerBounds.check(worker: worker, duration: duration)
        let free = rows.values.filter { $0.isDue && !isHeld($0.run) }.sorted { first, second in
            let turns = (tenures[first.run]?.turn ?? 0, tenures[second.run]?.turn ?? 0)
            if turns.0 != turns.1 { return turns.0 < turns.1 }
            let starts = (first.startedAtMilliseconds, second.startedAtMilliseconds)
            return starts.0 == starts.1 ? first.run < second.run : starts.0 < starts.1
        }
        return free.prefix(max(0, limit)).map { grant($0.run, worker, duration) }
    }

    /// Claims one run, whether or not it is due.
    public func claim(_ run: RunID, worker: String, for duration: Duration) throws -> Lease? {
        try LedgerBounds.check(worker: worker, duration: duration)
        guard rows[run] != nil, !isHeld(run) else { return nil }
        return grant(run, worker, duration)
    }

    /// Makes a lease last so long from now.
    public func renew(_ lease: Lease, for duration: Duration) throws -> Lease? {
        try LedgerBounds.check(worker: lease.worker, duration: duration)
        guard holds(lease) else { return nil }
        let renewed = Lease(
            run: lease.run,
            worker: lease.worker,
            epoch: lease.epoch,
            expiresAtMilliseconds: end(after: duration)
        )
        tenures[lease.run]?.lease = renewed
        return renewed
    }

    /// Gives a run back.
    public func release(_ lease: Lease) {
        guard holds(lease) else { return }
        tenures[lease.run]?.isReleased = true
        if rows[lease.run]?.isDue == true { board.tell(lease.run) }
    }

    /// Reads the leases that have not ended, in the order of their runs.
    public func holders() -> [Lease] {
        tenures.values.map(\.lease).filter { isHeld($0.run) }.sorted { $0.run < $1.run }
    }

    /// Listens for runs that have become due.
    public nonisolated func wakeUps() -> AsyncStream<RunID> { board.listen() }

    private func isHeld(_ run: RunID) -> Bool {
        guard let tenure = tenures[run], !tenure.isReleased else { return false }
        return tenure.lease.expiresAtMilliseconds > now()
    }

    private func holds(_ lease: Lease) -> Bool {
        guard isHeld(lease.run), let held = tenures[lease.run]?.lease else { return false }
        return held.epoch == lease.epoch && held.worker == lease.worker
    }

    private func grant(_ run: RunID, _ worker: String, _ duration: Duration) -> Lease {
        turn += 1
        let epoch = (tenures[run]?.lease.epoch ?? 0) + 1
        let lease = Lease(run: run, worker: worker, epoch: epoch, expiresAtMilliseconds: end(after: duration))
        tenures[run] = Tenure(lease: lease, turn: turn)
        return lease
    }

    private func end(after duration: Duration) -> Int64 { now() + duration.wholeMilliseconds }
}

extension Duration {
    /// The duration in milliseconds, rounded up.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + (components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}
