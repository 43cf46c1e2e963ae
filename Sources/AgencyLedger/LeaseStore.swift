// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Shares the runs of a ledger out among workers, each run to one at a time.
///
/// A run is due when its ``RunRow/isDue`` is. The store's clock decides what has ended. A lease keeps other workers away,
/// and is no lock on the record: appending stays bound to the head, and the ``Lease/epoch`` tells a late worker apart.
public protocol LeaseStore: Sendable {
    /// Claims runs that are due and that nobody holds.
    ///
    /// Those that were claimed longest ago come first, and before them those that never were.
    ///
    /// - Parameters:
    ///   - limit: The most runs to claim.
    ///   - worker: The name of the worker, within the bounds of a run's name.
    ///   - duration: How long the leases last, from 1 ms to ``LedgerBounds/maximumLease``.
    /// - Returns: The leases; none when nothing is due or all of it is held.
    /// - Throws: ``LedgerError`` with `.invalid` for a name or duration beyond the bounds (never retry), `.busy` or
    ///   `.unavailable` (retry later).
    func claimDue(limit: Int, worker: String, for duration: Duration) async throws -> [Lease]

    /// Claims one run, whether or not it is due.
    ///
    /// - Returns: The lease, or `nil` when somebody holds the run, be it under the same name, or it has no row.
    /// - Throws: as ``claimDue(limit:worker:for:)`` does.
    func claim(_ run: RunID, worker: String, for duration: Duration) async throws -> Lease?

    /// Makes a lease last so long from now.
    ///
    /// - Returns: The lease with its new end, or `nil` when it has ended or was released: the run may be another's.
    /// - Throws: as ``claimDue(limit:worker:for:)`` does; whether the lease was renewed is then unknown.
    func renew(_ lease: Lease, for duration: Duration) async throws -> Lease?

    /// Makes leases last so long from now, all with one call where the store can.
    ///
    /// - Returns: Those that were renewed, with their new ends; the others have ended or were released.
    /// - Throws: as ``claimDue(limit:worker:for:)`` does; which leases were renewed is then unknown.
    func renew(_ leases: [Lease], for duration: Duration) async throws -> [Lease]

    /// Gives a run back; one that is still due wakes other workers. A lease that is lost is left as it is.
    ///
    /// - Throws: ``LedgerError`` with `.busy` or `.unavailable`; the lease then ends by itself.
    func release(_ lease: Lease) async throws

    /// Reads the leases that have not ended, in the order of their runs.
    ///
    /// - Throws: ``LedgerError`` with `.busy` or `.unavailable` when the store cannot be read now.
    func holders() async throws -> [Lease]

    /// Listens for runs that have become due, from when this is called.
    ///
    /// These are hints: some may be missing or repeated, and the end of a lease gives none, so a worker also asks from
    /// time to time. Never ends by itself, outlasts the store's being unreachable, and ends when the task is cancelled.
    func wakeUps() async -> AsyncStream<RunID>
}

extension LeaseStore {
    /// Renews leases one after another.
    public func renew(_ leases: [Lease], for duration: Duration) async throws -> [Lease] {
        var renewed: [Lease] = []
        for lease in leases {
            if let lease = try await renew(lease, for: duration) { renewed.append(lease) }
        }
        return renewed
    }
}
