// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import GRDB
import LedgerSQLite
import Testing

@Suite struct SQLiteTamperingTests {
    static let attempts = [
        "UPDATE events SET bytes = x'00' WHERE sequence = 3",
        "UPDATE events SET sequence = 99 WHERE sequence = 3",
        "DELETE FROM events WHERE sequence = 9",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT run, 3, hash, x'00' FROM events WHERE sequence = 3",
        "REPLACE INTO events (rowid, run, sequence, hash, bytes) "
            + "SELECT rowid, 99, 0, hash, bytes FROM events WHERE sequence = 3",
        "INSERT INTO events SELECT run, 12, hash, bytes FROM events WHERE sequence = 3",
        "UPDATE names SET run = 'other'",
        "DELETE FROM names",
        "INSERT OR REPLACE INTO names SELECT key + 1, run FROM names",
        "REPLACE INTO names SELECT key, 'other' FROM names",
        "UPDATE artefacts SET bytes = x'00'",
        "DELETE FROM artefacts",
    ]

    @Test(arguments: attempts)
    func `a statement that changes the record is refused by the database`(_ sql: String) async throws {
        try await withLedgerPath { path in
            let before = try await makeLedger(at: path, events: 10)
            let error = #expect(throws: DatabaseError.self) { try intrude(path, sql) }
            #expect(error?.message?.contains("append-only") == true)
            let store = try SQLiteLedgerStore(path: path)
            #expect(try await store.verify(run: "r", against: before.head) == before)
            try store.close()
        }
    }

    @Test func `an artefact cannot be replaced by inserting it again`() async throws {
        try await withLedgerPath { path in
            let before = try await makeLedger(at: path, events: 10)
            try intrude(path, "INSERT OR REPLACE INTO artefacts SELECT digest, x'00', 0 FROM artefacts")
            let store = try SQLiteLedgerStore(path: path)
            #expect(try await store.verify(run: "r", against: before.head) == before)
            try store.close()
        }
    }

    static let intrusions: [(sql: String, kind: ChainFault.Kind, sequence: Int)] = [
        ("UPDATE events SET bytes = CAST(bytes || ' ' AS BLOB) WHERE sequence = 3", .hashMismatch, 3),
        ("UPDATE events SET hash = zeroblob(32) WHERE sequence = 3", .hashMismatch, 3),
        ("UPDATE events SET sequence = 99 WHERE sequence = 3", .gap, 3),
        ("UPDATE events SET run = 99 WHERE sequence = 3", .gap, 3),
        ("DELETE FROM events WHERE sequence = 0", .gap, 0),
        ("DELETE FROM events WHERE sequence >= 8", .cut, 8),
        ("DELETE FROM events", .cut, 0),
        ("UPDATE artefacts SET bytes = CAST('another' AS BLOB)", .artefactCorrupt, 0),
        ("DELETE FROM artefacts", .artefactMissing, 0),
        ("PRAGMA ignore_check_constraints = 1; UPDATE events SET hash = x'00' WHERE sequence = 3", .unreadable, 3),
    ]

    @Test(arguments: intrusions)
    func `what an intruder changes is found`(
        _ intrusion: (sql: String, kind: ChainFault.Kind, sequence: Int)
    ) async throws {
        try await withLedgerPath { path in
            let before = try await makeLedger(at: path, events: 10)
            let triggers = [
                "events_are_never_updated", "events_are_never_deleted", "artefacts_are_never_updated",
                "artefacts_are_never_deleted",
            ]
            try intrude(path, triggers.map { "DROP TRIGGER \($0);" }.joined() + intrusion.sql)
            let store = try SQLiteLedgerStore(path: path)
            let first = try await store.verify(run: "r", against: before.head).faults.first
            #expect(first?.kind == intrusion.kind)
            #expect(first?.sequence == intrusion.sequence)
            try store.close()
        }
    }

    @Test func `an artefact whose bytes have changed is not handed out`() async throws {
        try await withLedgerPath { path in
            try await makeLedger(at: path, events: 1)
            try intrude(path, "DROP TRIGGER artefacts_are_never_updated; UPDATE artefacts SET bytes = x'00'")
            let store = try SQLiteLedgerStore(path: path)
            let digest = Digest(of: "an artefact")
            let error = await #expect(throws: LedgerError.self) { _ = try await store.artefact(digest) }
            #expect(error?.code == .corrupt)
            try store.close()
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `a bit that flips in the file does no harm or is found`(_ seed: UInt64) async throws {
        try await withLedgerPath { path in
            let before = try await makeLedger(at: path, events: 60)
            let sound = try Data(contentsOf: URL(fileURLWithPath: path))
            var generator = SplitMix64(seed: seed)
            var found = 0
            for _ in 0..<40 {
                var bytes = sound
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] ^= 1 << Int.random(in: 0..<8, using: &generator)
                try bytes.write(to: URL(fileURLWithPath: path))
                for end in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
                if try await isFound(at: path, head: before.head, place: place) { found += 1 }
            }
            #expect(found > 0)
        }
    }

    /// Whether a damage is reported; anything but a report or the very same record is recorded as an issue.
    private func isFound(at path: String, head: Head, place: Int) async throws -> Bool {
        do {
            let store = try SQLiteLedgerStore(path: path)
            defer { try? store.close() }
            let report = try await store.verify(run: "r", against: head)
            if report.isSound { #expect(report.entriesChecked == 60 && report.head == head, "byte \(place)") }
            return !report.isSound
        } catch let error as LedgerError {
            let codes: [LedgerError.Code] = [.corrupt, .notALedger, .versionTooNew, .unavailable]
            #expect(codes.contains(error.code), "byte \(place): \(error)")
            return true
        }
    }
}
