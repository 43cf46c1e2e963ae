// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore
import AgencyLedger
import AgencyTestKit
import LedgerPostgres
import Testing

extension Trait where Self == ConditionTrait {
    /// Skips a test where there is no PostgreSQL to start.
    static var needsPostgres: ConditionTrait {
        .enabled(if: PostgresServer.isInstalled, Comment(rawValue: PostgresServer.installation))
    }
}

/// Runs a body with a store over a new database of the server that all tests share.
func withStore<Result>(
    _ settings: PostgresLedgerStore.Settings = .init(),
    _ body: (_ store: PostgresLedgerStore, _ server: PostgresServer, _ url: String) async throws -> Result
) async throws -> Result {
    let server = try await PostgresServer.shared()
    let url = try await server.makeDatabase()
    let store = try await PostgresLedgerStore.open(try PostgresLocation(url), settings: settings)
    let result = try await body(store, server, url)
    await store.close()
    return result
}

/// Runs a body with a store and a server of its own, which it may kill.
func withOwnServer(
    _ settings: PostgresLedgerStore.Settings,
    _ body: (_ store: PostgresLedgerStore, _ server: PostgresServer) async throws -> Void
) async throws {
    let server = try await PostgresServer.start()
    do {
        let store = try await PostgresLedgerStore.open(try PostgresLocation(server.url()), settings: settings)
        try await body(store, server)
        await store.close()
    } catch {
        try await server.stop()
        throw error
    }
    try await server.stop()
}

/// An event that is numbered, so that a record shows what was acknowledged.
func numbered(_ number: Int) -> [UInt8] { Array("{\"number\":\(number)}".utf8) }

func row(_ run: RunID, isDue: Bool) -> RunRow {
    RunRow(
        run: run,
        title: "",
        architecture: "",
        status: "",
        updatedAtMilliseconds: 0,
        startedAtMilliseconds: 0,
        events: 0,
        isDue: isDue
    )
}
#endif
