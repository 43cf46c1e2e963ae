// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import GRDB
@testable import LedgerSQLite
import Testing

@Suite struct SQLiteFileTests {
    @Test func `the writer syncs every commit`() async throws {
        try await withLedgerPath { path in
            for _ in 0..<2 {
                let store = try SQLiteLedgerStore(path: path)
                _ = try await store.append(
                    [[1]],
                    artefacts: [],
                    to: "r",
                    after: try await store.head(of: "r"),
                    row: nil
                )
                let pragmas = try await store.pool.writeWithoutTransaction { db in
                    (
                        try Int.fetchOne(db, sql: "PRAGMA synchronous"),
                        try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                        try Int.fetchOne(db, sql: "PRAGMA foreign_keys"),
                        try Int.fetchOne(db, sql: "PRAGMA busy_timeout")
                    )
                }
                #expect(pragmas.0 == 2)
                #expect(pragmas.1 == "wal")
                #expect(pragmas.2 == 1)
                try store.close()
            }
        }
    }

    @Test func `what was appended survives a reopening`() async throws {
        try await withLedgerPath { path in
            let before = try await makeLedger(at: path, events: 20)
            let store = try SQLiteLedgerStore(path: path)
            #expect(try await store.verify(run: "r", against: before.head) == before)
            _ = try await store.append([[1]], artefacts: [], to: "r", after: before.head, row: nil)
            try store.close()
        }
    }

    @Test func `folders and files are made for their owner alone`() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/one/two/ledger.sqlite"
            let store = try SQLiteLedgerStore(path: path)
            _ = try await store.append([[1]], artefacts: [], to: "r", after: Head(emptyRun: "r"), row: nil)
            for (item, wanted) in [
                ("/one", 0o700), ("/one/two", 0o700), ("/one/two/ledger.sqlite", 0o600),
                ("/one/two/ledger.sqlite-wal", 0o600), ("/one/two/ledger.sqlite-shm", 0o600),
            ] {
                let mode = try FileManager.default.attributesOfItem(atPath: folder + item)[.posixPermissions] as? Int
                #expect(mode == wanted, "\(item)")
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/one/two")
            #expect(names.count == 3, "\(names)")
            try store.close()
        }
    }

    @Test func `a ledger of a later version is refused and left as it is`() async throws {
        try await withLedgerPath { path in
            try await makeLedger(at: path, events: 1)
            try intrude(path, "PRAGMA user_version = \(LedgerSchema.version + 1)")
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let error = #expect(throws: LedgerError.self) { _ = try SQLiteLedgerStore(path: path) }
            #expect(error?.code == .versionTooNew)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test(arguments: ["", "PRAGMA user_version = 1;", "PRAGMA application_id = 1196444487;"])
    func `the database of another program is refused and left as it is`(_ pragma: String) async throws {
        try await withLedgerPath { path in
            try intrude(path, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);" + pragma)
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            let error = #expect(throws: LedgerError.self) { _ = try SQLiteLedgerStore(path: path) }
            #expect(error?.code == .notALedger)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        }
    }

    @Test func `a file that is no database is refused and left as it is`() async throws {
        try await withLedgerPath { path in
            let text = Data(String(repeating: "This is a letter. ", count: 500).utf8)
            try text.write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: LedgerError.self) { _ = try SQLiteLedgerStore(path: path) }
            #expect(error?.code == .notALedger)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
    }

    @Test func `a path at which no file can be is reported`() async throws {
        try await withTemporaryDirectory { folder in
            try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/file"))
            for path in [folder, folder + "/file/ledger.sqlite", "/proc/none/ledger.sqlite"] {
                let error = #expect(throws: LedgerError.self) { _ = try SQLiteLedgerStore(path: path) }
                #expect(error?.code == .unavailable, "\(path): \(String(describing: error))")
            }
            for path in ["", folder + "/a\0b"] {
                let error = #expect(throws: LedgerError.self) { _ = try SQLiteLedgerStore(path: path) }
                #expect(error?.code == .invalid)
            }
        }
    }

    @Test func `stores that open one new file at once all succeed`() async throws {
        try await withTemporaryDirectory { folder in
            let path = folder + "/new/ledger.sqlite"
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        let store = try SQLiteLedgerStore(path: path)
                        let run = RunID("run-\(number)")
                        _ = try await store.append([[1]], artefacts: [], to: run, after: Head(emptyRun: run), row: nil)
                        try store.close()
                    }
                }
                try await group.waitForAll()
            }
            let store = try SQLiteLedgerStore(path: path)
            for number in 0..<8 { #expect(try await store.head(of: RunID("run-\(number)")).sequence == 0) }
            try store.close()
        }
    }

    @Test func `a store that is closed says so`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            try store.close()
            try store.close()
            let read = await #expect(throws: LedgerError.self) { _ = try await store.head(of: "r") }
            #expect(read?.code == .unavailable)
            let write = await #expect(throws: LedgerError.self) {
                _ = try await store.append([[1]], artefacts: [], to: "r", after: Head(emptyRun: "r"), row: nil)
            }
            #expect(write?.code == .unavailable)
        }
    }
}
