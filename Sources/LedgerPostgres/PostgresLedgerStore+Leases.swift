// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
public import AgencyCore
public import AgencyLedger

/// Leases by the clock of the server, whoever asks.
extension PostgresLedgerStore: LeaseStore {
    /// Claims runs that are due and that nobody holds.
    public func claimDue(limit: Int, worker: String, for duration: Duration) async throws -> [Lease] {
        try LedgerBounds.check(worker: worker, duration: duration)
        guard limit > 0 else { return [] }
        var parameters = PostgresParameters()
        parameters.add(limit)
        parameters.add(worker)
        parameters.add(duration.wholeMilliseconds)
        return try await leases(.claimDue, parameters)
    }

    /// Claims one run, whether or not it is due.
    public func claim(_ run: RunID, worker: String, for duration: Duration) async throws -> Lease? {
        try LedgerBounds.check(worker: worker, duration: duration)
        guard !run.rawValue.utf8.contains(0) else { return nil }
        var parameters = PostgresParameters()
        parameters.add(run.rawValue)
        parameters.add(worker)
        parameters.add(duration.wholeMilliseconds)
        return try await leases(.claim, parameters).first
    }

    /// Makes a lease last so long from now.
    public func renew(_ lease: Lease, for duration: Duration) async throws -> Lease? {
        try await renew([lease], for: duration).first
    }

    /// Makes leases last so long from now, all with one statement.
    public func renew(_ leases: [Lease], for duration: Duration) async throws -> [Lease] {
        for lease in leases { try LedgerBounds.check(worker: lease.worker, duration: duration) }
        var parameters = PostgresParameters()
        parameters.add(leases.map(\.run.rawValue))
        parameters.add(leases.map(\.worker))
        parameters.add(leases.map { Int64($0.epoch) })
        parameters.add(duration.wholeMilliseconds)
        return try await self.leases(.renew, parameters)
    }

    /// Gives a run back.
    public func release(_ lease: Lease) async throws {
        _ = try await read(.release, Self.parameters(lease))
    }

    /// Reads the leases that have not ended, in the order of their runs.
    public func holders() async throws -> [Lease] { try await leases(.holders, PostgresParameters()) }

    /// Listens for runs that have become due, on a connection and a thread of its own.
    public func wakeUps() async -> AsyncStream<RunID> {
        await PostgresListener(location, timeout: settings.timeout).listen()
    }

    /// A claim whose answer was lost may be repeated: what it claimed then is found held, until that lease ends.
    private func leases(
        _ statement: Statement,
        _ parameters: PostgresParameters
    ) async throws(LedgerError) -> [Lease] {
        try await read(statement, parameters).map { row throws(LedgerError) in
            guard let run = row.text(0), let worker = row.text(1), let epoch = row.number(2), let end = row.number(3)
            else { throw LedgerError(.corrupt, "\(location) has a lease that cannot be read; remove its row") }
            return Lease(run: RunID(run), worker: worker, epoch: Int(epoch), expiresAtMilliseconds: end)
        }.sorted { $0.run < $1.run }
    }

    private static func parameters(_ lease: Lease) -> PostgresParameters {
        var parameters = PostgresParameters()
        parameters.add(lease.run.rawValue)
        parameters.add(lease.worker)
        parameters.add(lease.epoch)
        return parameters
    }
}
#endif
