// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyConsole
import AgencyCore
import AgencyPerformers
import AgencyRuntime

/// Works on runs in the process of the desk, where people can play roles.
extension Serve {
    /// A worker for all runs that are due, whose people are asked at the desk.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for a ledger that cannot be shared out among workers.
    func pool(_ setup: Setup, _ roles: RoleDesk, _ transport: any HTTPTransport) async throws -> WorkerPool {
        let leases = try setup.requireLeases()
        let settings = WorkerPool.Settings(
            name: WorkerName.ofThisProcess,
            runs: 100,
            lease: .seconds(30),
            period: .milliseconds(500),
            grace: Self.grace,
            endsWhenIdle: false
        )
        return await setup.pool(
            leases,
            settings,
            over: transport,
            person: roles,
            report: WorkerReport(json: false)
        )
    }

    /// How long what is under way may take to end.
    private static let grace = Duration.seconds(10)

    /// Works and serves until a signal comes, and what is under way has ended or was given back.
    static func untilStopped(_ pool: WorkerPool, _ serve: @escaping @Sendable () async throws -> Void) async throws {
        _ = try await Interruption.stopped(within: grace + .seconds(5), by: pool.stop) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await pool.run() }
                group.addTask { try await serve() }
                try await group.next()
                group.cancelAll()
                // A desk that is closed because the work has ended says that it was cancelled.
                while let result = await group.nextResult() { _ = result }
            }
        }
    }
}
#endif
