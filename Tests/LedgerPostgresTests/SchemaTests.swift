// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore
import AgencyLedger
import AgencyTestKit
import LedgerPostgres
import Testing

@Suite(.needsPostgres, .timeLimit(.minutes(5))) struct SchemaTests {
    @Test(arguments: [
        "UPDATE openagency.events SET bytes = 'x'", "DELETE FROM openagency.events", "TRUNCATE openagency.events",
        "UPDATE openagency.artefacts SET bytes = 'x'", "DELETE FROM openagency.artefacts",
        "SET session_replication_role = replica; DELETE FROM openagency.events",
        """
        INSERT INTO openagency.events SELECT run, 7, previous, hash, 0, bytes FROM openagency.events
        """,
    ])
    func `the database itself refuses what is no append`(_ sql: String) async throws {
        try await withStore { store, server, url in
            let head = Head(emptyRun: "r")
            _ = try await store.append([[1]], artefacts: [Artefact([2])], to: "r", after: head, row: nil)
            let error = await #expect(throws: SimulatedFault.self) { try await server.psql(url, sql) }
            #expect(error?.description.contains("append-only") == true)
            #expect(try await store.verify(run: "r").entriesChecked == 1)
        }
    }

    @Test func `a ledger of a later version is refused`() async throws {
        try await withStore { _, server, url in
            try await server.psql(url, "INSERT INTO openagency.versions VALUES (999)")
            let error = await #expect(throws: LedgerError.self) {
                _ = try await PostgresLedgerStore.open(try PostgresLocation(url))
            }
            #expect(error?.code == .versionTooNew)
        }
    }

    @Test func `another program's schema of the same name is refused and left as it is`() async throws {
        let server = try await PostgresServer.shared()
        let url = try await server.makeDatabase()
        try await server.psql(url, "CREATE SCHEMA openagency; CREATE TABLE openagency.theirs (x int)")
        let error = await #expect(throws: LedgerError.self) {
            _ = try await PostgresLedgerStore.open(try PostgresLocation(url))
        }
        #expect(error?.code == .notALedger)
        let tables = try await server.psql(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'openagency'")
        #expect(tables == "1")
    }

    @Test func `stores that open one new database at once all succeed`() async throws {
        let server = try await PostgresServer.shared()
        let url = try await server.makeDatabase()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    let store = try await PostgresLedgerStore.open(try PostgresLocation(url))
                    let run = RunID("run-\(number)")
                    _ = try await store.append([[1]], artefacts: [], to: run, after: Head(emptyRun: run), row: nil)
                    await store.close()
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a full append waits for the disk and a relaxed one does not`() async throws {
        try await withStore { store, server, url in
            // What a transaction was committed with is seen by a trigger that runs as the last thing in it.
            try await server.psql(
                url,
                """
                CREATE TABLE seen (run text, setting text);
                CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    INSERT INTO public.seen VALUES (NEW.run, current_setting('synchronous_commit')); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER see AFTER INSERT ON openagency.events
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION see();
                """
            )
            for (run, durability) in [("full", Durability.full), ("relaxed", .relaxed), ("again", .full)] {
                let run = RunID(run)
                let head = Head(emptyRun: run)
                _ = try await store.append(
                    [[1]],
                    artefacts: [],
                    to: run,
                    after: head,
                    row: nil,
                    durability: durability
                )
            }
            let seen = try await server.psql(url, "SELECT run, setting FROM seen ORDER BY run")
            #expect(seen == "again|on\nfull|on\nrelaxed|off")
        }
    }

    @Test func `a password is never shown`() throws {
        let location = try PostgresLocation("postgresql://me:s3cret@db.example:5433/ledger")
        #expect(location.description == "postgresql://me@db.example:5433/ledger")
        let error = #expect(throws: LedgerError.self) { _ = try PostgresLocation("postgresql://me:s3c ret@[x/ledger") }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("s3c") == false)
    }
}
#endif
