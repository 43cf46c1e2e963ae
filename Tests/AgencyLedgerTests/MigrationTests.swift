// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import GRDB
@testable import LedgerSQLite
import Testing

@Suite struct MigrationTests {
    /// Makes a ledger of version 1 with two runs whose events lie among each other.
    private func makeFirstVersion(_ path: String) throws -> [RunID: [Entry]] {
        let records = [RunID("a"): makeRecord(7, run: "a"), RunID("b"): makeRecord(5, run: "b")]
        let artefact = Artefact([1, 2, 3])
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: LedgerSchema.migrations[0])
            try db.execute(sql: "PRAGMA application_id = \(LedgerSchema.applicationID); PRAGMA user_version = 1")
            for place in 0..<7 {
                for run in [RunID("b"), "a"] {
                    guard let record = records[run], place < record.count else { continue }
                    let entry = record[place]
                    try db.execute(
                        sql: "INSERT INTO events VALUES (?, ?, ?, ?, ?)",
                        arguments: [
                            run.rawValue, entry.sequence, Data(entry.previous.octets), Data(entry.hash.octets),
                            Data(entry.bytes),
                        ]
                    )
                }
            }
            try db.execute(
                sql: "INSERT INTO artefacts VALUES (?, ?)",
                arguments: [Data(artefact.digest.octets), Data(artefact.bytes)]
            )
            try db.execute(sql: "INSERT INTO runs VALUES ('a', 'title', 'board', 'done', 5, 4, 7)")
        }
        try queue.close()
        return records
    }

    @Test func `a ledger of version 1 opens with every event, artefact and row`() async throws {
        try await withLedgerPath { path in
            let records = try makeFirstVersion(path)
            let store = try SQLiteLedgerStore(path: path)
            for (run, record) in records {
                let entries = try await store.entries(of: run, from: 0, limit: 99)
                #expect(entries == record)
                _ = try await store.append(
                    [[1]],
                    artefacts: [],
                    to: run,
                    after: Head(entries[entries.count - 1]),
                    row: nil
                )
                #expect(try await store.verify(run: run).isSound)
            }
            #expect(try await store.artefact(Artefact([1, 2, 3]).digest) == [1, 2, 3])
            let row = try await store.runs().first
            #expect(row?.run == "a" && row?.title == "title" && row?.events == 7 && row?.startedAtMilliseconds == 4)
            try store.close()
            let version = try await DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: "PRAGMA user_version") }
            #expect(version == LedgerSchema.version)
        }
    }

    @Test func `a ledger of version 1 that was tampered with is no sounder in its new form`() async throws {
        try await withLedgerPath { path in
            _ = try makeFirstVersion(path)
            try intrude(
                path,
                "DROP TRIGGER events_are_never_updated; UPDATE events SET bytes = x'00' WHERE run = 'a' AND sequence = 3"
            )
            let store = try SQLiteLedgerStore(path: path)
            let report = try await store.verify(run: "a")
            #expect(report.faults.first?.kind == .hashMismatch)
            #expect(report.faults.first?.sequence == 3)
            #expect(try await store.verify(run: "b").isSound)
            try store.close()
        }
    }
}
