// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore
import AgencyLedger
import AgencyTestKit
@testable import LedgerPostgres
import Testing

/// Appends whose first answer never came: the server has carried them out, and they are sent again.
@Suite(.needsPostgres, .timeLimit(.minutes(5))) struct LostAnswerTests {
    private func pending(_ bytes: [UInt8], token: Int64, after head: Head = Head(emptyRun: "r")) -> PendingAppend {
        PendingAppend(
            run: "r",
            head: head,
            entries: HashChain.entries(of: [bytes], run: "r", after: head),
            artefacts: [],
            row: nil,
            durability: .full,
            token: token,
            deadline: .now + .seconds(30)
        )
    }

    @Test func `an append that is sent again is recognised and stored once`() async throws {
        try await withStore { store, _, _ in
            let writer = PostgresWriter(pool: store.pool)
            for _ in 0..<2 { for result in await writer.write([pending([1], token: 7)]) { try result.get() } }
            #expect(try await store.entries(of: "r", from: 0, limit: 9).count == 1)
        }
    }

    @Test func `an append that is sent again after others have followed is recognised`() async throws {
        try await withStore { store, _, _ in
            let writer = PostgresWriter(pool: store.pool)
            let first = pending([1], token: 7)
            let followers = [first, pending([2], token: 8, after: first.newHead), first]
            for append in followers { for result in await writer.write([append]) { try result.get() } }
            #expect(try await store.entries(of: "r", from: 0, limit: 9).map(\.bytes) == [[1], [2]])
        }
    }

    @Test func `a rival's append of the same bytes is a conflict and no success`() async throws {
        try await withStore { store, _, _ in
            let writer = PostgresWriter(pool: store.pool)
            for result in await writer.write([pending([1], token: 7)]) { try result.get() }
            let results = await writer.write([pending([1], token: 8)])
            let error = #expect(throws: LedgerError.self) { for result in results { try result.get() } }
            #expect(error?.code == .conflict)
        }
    }

    @Test func `a connection that dies while the append is carried out leaves one event`() async throws {
        try await withStore(.init(timeout: .seconds(60))) { store, server, url in
            let head = Head(emptyRun: "r")
            let first = try await store.append([[0]], artefacts: [], to: "r", after: head, row: nil)
            // The append waits behind a lock; its connection is cut there, and then the lock goes.
            async let held = server.hold(url, "LOCK TABLE openagency.runs IN EXCLUSIVE MODE")
            try await server.until(url, "mode = 'ExclusiveLock' AND granted")
            async let appended = store.append([[1]], artefacts: [], to: "r", after: Head(first[0]), row: nil)
            try await server.until(url, "NOT granted")
            try await server.cut(url, "NOT granted")
            try await server.cut(url, "mode = 'ExclusiveLock' AND granted")
            #expect(try await appended.count == 1)
            await held
            #expect(try await store.entries(of: "r", from: 0, limit: 9).map(\.bytes) == [[0], [1]])
        }
    }
}

extension PostgresServer {
    /// The locks of one database's tables; others use the same server at the same time.
    private static let locks = """
        FROM pg_locks JOIN pg_database AS d ON d.oid = database AND d.datname = current_database()
        WHERE relation IS NOT NULL AND
        """

    /// Takes a lock until the connection that holds it is cut.
    fileprivate func hold(_ url: String, _ sql: String) async {
        _ = try? await parallelPsql(url, "BEGIN; \(sql); SELECT pg_sleep(600); COMMIT")
    }

    fileprivate func until(_ url: String, _ condition: String) async throws {
        while try await psql(url, "SELECT count(*) \(Self.locks) \(condition)") == "0" {
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    fileprivate func cut(_ url: String, _ condition: String) async throws {
        try await psql(url, "SELECT pg_terminate_backend(pid) \(Self.locks) \(condition)")
    }
}
#endif
