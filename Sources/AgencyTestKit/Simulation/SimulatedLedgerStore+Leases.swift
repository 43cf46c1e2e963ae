// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger
import Synchronization

/// Leases outlive every crash, as they do where each is a transaction of its own.
extension SimulatedLedgerStore: LeaseStore {
    /// What is remembered of a run's leases.
    struct Tenure {
        var lease: Lease
        var isReleased = false
        var turn: Int
    }

    /// Claims runs that are due and that nobody holds.
    public func claimDue(limit: Int, worker: String, for duration: Duration) async throws -> [Lease] {
        try LedgerBounds.check(worker: worker, duration: duration)
        let now = now()
        return state.withLock { state in
            let due = state.rows.values.filter { $0.isDue && !state.isHeld($0.run, now) }.sorted { first, second in
                let turns = (state.tenures[first.run]?.turn ?? 0, state.tenures[second.run]?.turn ?? 0)
                return turns.0 == turns.1 ? first.run < second.run : turns.0 < turns.1
            }
            return due.prefix(max(0, limit)).map { state.grant($0.run, worker, duration, now) }
        }
    }

    /// Claims one run, whether or not it is due.
    public func claim(_ run: RunID, worker: String, for duration: Duration) async throws -> Lease? {
        try LedgerBounds.check(worker: worker, duration: duration)
        let now = now()
        return state.withLock { state in
            guard state.rows[run] != nil, !state.isHeld(run, now) else { return nil }
            return state.grant(run, worker, duration, now)
        }
    }

    /// Makes a lease last so long from now.
    public func renew(_ lease: Lease, for duration: Duration) async throws -> Lease? {
        try LedgerBounds.check(worker: lease.worker, duration: duration)
        let now = now()
        return state.withLock { state in
            guard state.holds(lease, now) else { return nil }
            let renewed = Lease(
                run: lease.run,
                worker: lease.worker,
                epoch: lease.epoch,
                expiresAtMilliseconds: now + duration.wholeMilliseconds
            )
            state.tenures[lease.run]?.lease = renewed
            return renewed
        }
    }

    /// Gives a run back.
    public func release(_ lease: Lease) async throws {
        let now = now()
        let isDue = state.withLock { state in
            guard state.holds(lease, now) else { return false }
            state.tenures[lease.run]?.isReleased = true
            return state.rows[lease.run]?.isDue == true
        }
        if isDue { board.tell(lease.run) }
    }

    /// Reads the leases that have not ended, in the order of their runs.
    public func holders() async throws -> [Lease] {
        let now = now()
        return state.withLock { state in
            state.tenures.values.map(\.lease).filter { state.isHeld($0.run, now) }.sorted { $0.run < $1.run }
        }
    }

    /// Listens for runs that have become due.
    public func wakeUps() async -> AsyncStream<RunID> { board.listen() }

    /// Ends every lease now, though its holder was promised more, as a clock does that jumps.
    func endLeases() {
        state.withLock { state in
            for run in state.tenures.keys { state.tenures[run]?.isReleased = true }
        }
    }
}

extension SimulatedLedgerStore.State {
    fileprivate func isHeld(_ run: RunID, _ now: Int64) -> Bool {
        guard let tenure = tenures[run], !tenure.isReleased else { return false }
        return tenure.lease.expiresAtMilliseconds > now
    }

    fileprivate func holds(_ lease: Lease, _ now: Int64) -> Bool {
        guard isHeld(lease.run, now), let held = tenures[lease.run]?.lease else { return false }
        return held.epoch == lease.epoch && held.worker == lease.worker
    }

    fileprivate mutating func grant(_ run: RunID, _ worker: String, _ duration: Duration, _ now: Int64) -> Lease {
        turn += 1
        let lease = Lease(
            run: run,
            worker: worker,
            epoch: (tenures[run]?.lease.epoch ?? 0) + 1,
            expiresAtMilliseconds: now + duration.wholeMilliseconds
        )
        tenures[run] = SimulatedLedgerStore.Tenure(lease: lease, turn: turn)
        return lease
    }
}
