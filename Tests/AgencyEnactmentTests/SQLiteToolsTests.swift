// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

@Suite(.timeLimit(.minutes(2)))
struct SQLiteToolsTests {
    private func withDatabase(_ setup: String = "", _ test: (Bench) async throws -> Void) async throws {
        try await Bench.with(files: [".gitignore": "*.db*\n"]) { bench async throws in
            let sql =
                setup + "CREATE TABLE people(name TEXT, age INT);"
                + "INSERT INTO people VALUES('Ada', 36), ('Grace', 85), ('line' || char(10) || 'break', NULL);"
            try await bench.host("sqlite3", [bench.directory + "/app.db", sql])
            try await test(bench)
        }
    }

    private func query(_ bench: Bench, _ sql: String, _ more: JSONObject = [:]) async throws -> ToolResult {
        var arguments: JSONObject = ["database": "app.db", "sql": .string(sql)]
        for (key, value) in more { arguments[key] = value }
        return try await bench.look("sqlite.query", .object(arguments))
    }

    private func execute(_ bench: Bench, _ sql: String) async throws -> ToolResult {
        try await bench.act("sqlite.execute", ["database": "app.db", "sql": .string(sql)])
    }

    @Test(arguments: ["", "PRAGMA journal_mode=WAL;"])
    func `a query shows rows`(setup: String) async throws {
        try await withDatabase(setup) { bench async throws in
            #expect(try await query(bench, "SELECT count(*) FROM people").output == "3")
            let rows = try await query(bench, "SELECT name, age FROM people WHERE age > 1 ORDER BY 1")
            #expect(rows.output == "Ada\t36\nGrace\t85" && rows.isSuccess)
            let named = try await query(bench, "SELECT name, age FROM people LIMIT 1", ["header": true])
            #expect(named.output == "name\tage\nAda\t36")
            let cut = try await query(bench, "SELECT name FROM people ORDER BY 1", ["limit": 1])
            #expect(cut.output == "Ada\n… and 2 more rows" && cut.isTruncated)
            #expect(try await query(bench, "SELECT 1 WHERE 0").output.isEmpty)
        }
    }

    @Test func `a query sees what is only in the write-ahead log`() async throws {
        try await withDatabase("PRAGMA journal_mode=WAL;") { bench async throws in
            // Left as a crash leaves it: rows in the log, nobody holding it.
            let script = """
                import sqlite3, os
                c = sqlite3.connect('app.db'); c.execute("INSERT INTO people VALUES('Alan', 41)"); c.commit()
                os._exit(0)
                """
            #expect(try await bench.python(script, acting: true).isSuccess)
            #expect(bench.exists("app.db-wal"))
            #expect(try await query(bench, "SELECT age FROM people WHERE name = 'Alan'").output == "41")
        }
    }

    @Test(arguments: ["", "PRAGMA journal_mode=WAL;"])
    func `a query changes nothing`(setup: String) async throws {
        try await withDatabase(setup) { bench async throws in
            let before = bench.bytes("app.db")
            for sql in [
                "DELETE FROM people", "DROP TABLE people", "PRAGMA user_version = 7", "VACUUM",
                "ATTACH '/workspace/other.db' AS other; CREATE TABLE other.t(x)", "SELECT writefile('made', 'x')",
                "SELECT load_extension('x')", "VACUUM INTO '/workspace/copy.db'",
            ] {
                _ = try await query(bench, sql)
                #expect(bench.bytes("app.db") == before, "\(sql)")
            }
            #expect(try bench.workspace.tree(limit: 9) == ".gitignore\napp.db")
            #expect(try await query(bench, "SELECT count(*) FROM people").output == "3")
        }
    }

    @Test(arguments: [".shell touch made", "  .system touch made", "SELECT 1;\n.output made"])
    func `dot-commands are refused`(sql: String) async throws {
        try await withDatabase { bench async throws in
            let looked = try await query(bench, sql)
            let acted = try await execute(bench, sql)
            #expect(looked.status == 1 && acted.status == 1 && acted.output.contains("dot"))
            #expect(!bench.exists("made"))
        }
    }

    @Test func `a script is one transaction`() async throws {
        try await withDatabase { bench async throws in
            let done = try await execute(bench, "UPDATE people SET age = 1; DELETE FROM people WHERE name = 'Ada'")
            #expect(done.isSuccess && done.output == "changes: 4\n", "\(done.output)")
            let failed = try await execute(bench, "DELETE FROM people; INSERT INTO nowhere VALUES(1);")
            #expect(!failed.isSuccess && failed.output.contains("nowhere"))
            #expect(try await query(bench, "SELECT count(*) FROM people").output == "2")
        }
    }

    @Test func `a script's own transaction is left to it, but not left open`() async throws {
        try await withDatabase { bench async throws in
            let own = "PRAGMA foreign_keys=OFF; BEGIN; DELETE FROM people; COMMIT; PRAGMA foreign_keys=ON;"
            #expect(try await execute(bench, own).isSuccess)
            #expect(try await query(bench, "SELECT count(*) FROM people").output == "0")
            let open = try await execute(bench, "BEGIN; INSERT INTO people VALUES('x', 1);")
            #expect(!open.isSuccess && open.output.contains("transaction"))
            #expect(try await query(bench, "SELECT count(*) FROM people").output == "0")
        }
    }

    @Test func `a trigger, a new database and a vacuum work`() async throws {
        try await withDatabase { bench async throws in
            let trigger = """
                CREATE TRIGGER aged AFTER UPDATE ON people BEGIN
                    SELECT CASE WHEN 1 THEN 2 END;
                    INSERT INTO people VALUES('it''s; BEGIN', 0);
                END;
                -- a comment; COMMIT;
                UPDATE people SET age = 2 WHERE name = 'Ada';
                """
            let done = try await execute(bench, trigger)
            #expect(done.isSuccess, "\(done.output)")
            #expect(try await query(bench, "SELECT count(*) FROM people").output == "4")
            #expect(try await execute(bench, "VACUUM").isSuccess)
            #expect(try await execute(bench, "VACUUM; DELETE FROM people").status == 1)
            let made = try await bench.act("sqlite.execute", ["database": "new.db", "sql": "CREATE TABLE t(x)"])
            #expect(made.isSuccess && bench.exists("new.db"))
            #expect(try await bench.look("sqlite.query", ["database": "none.db", "sql": "SELECT 1"]).status == 1)
        }
    }

    @Test func `a program started from SQL stays in the sandbox`() async throws {
        try await withDatabase { bench async throws in
            _ = try await execute(bench, "SELECT edit('x', 'touch \(bench.outside)/made; true')")
            _ = try await execute(bench, "ATTACH '\(bench.outside)/made' AS away; CREATE TABLE away.t(x)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.outside).isEmpty)
        }
    }

    @Test func `a script is taken apart at its semicolons`() {
        #expect(SQLScript("").statements.isEmpty)
        #expect(SQLScript(" ; -- x\n; /* ; */").statements.isEmpty)
        #expect(SQLScript("a; 'b;c' ; \"d;\"").statements.map(\.first) == ["A", "", ""])
        #expect(SQLScript("SELECT 'é\u{301};'; x").statements.count == 2)
        #expect(SQLScript("CREATE TEMP TRIGGER t BEGIN a; b; END; c").statements.map(\.first) == ["CREATE", "C"])
        #expect(SQLScript("begin; x; end").hasTransaction && !SQLScript("SELECT 'BEGIN;'").hasTransaction)
        #expect(
            SQLScript("PRAGMA a; b; PRAGMA c").wrapped == [
                "PRAGMA a;", "BEGIN IMMEDIATE", " b;", " PRAGMA c", "COMMIT",
            ]
        )
        #expect(SQLScript("PRAGMA a").wrapped == ["PRAGMA a"])
        #expect(SQLScript("'unended; x").statements.count == 1)
    }
}
