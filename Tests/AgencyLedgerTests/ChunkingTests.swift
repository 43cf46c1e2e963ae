// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import GRDB
@testable import LedgerSQLite
import Testing

@Suite struct ChunkingTests {
    private func chunks(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var start = 0
        return bytes.withUnsafeBytes { Chunking.ends(in: $0) }.map { end in
            defer { start = end }
            return bytes[start..<end]
        }
    }

    @Test(arguments: [0, 1, 255, 256, 257, 1024, 8192, 8193, 100_000])
    func `chunks are the bytes, none of them too long`(count: Int) {
        var generator = SplitMix64(seed: 7)
        for bytes in [generator.bytes(count), [UInt8](repeating: 0, count: count)] {
            let chunks = chunks(bytes)
            #expect(Array(chunks.joined()) == bytes)
            #expect(chunks.allSatisfy { !$0.isEmpty && $0.count <= Chunking.maximumSize })
            #expect(chunks.dropLast().allSatisfy { $0.count >= Chunking.minimumSize })
        }
    }

    @Test func `a change in the middle changes the chunks around it and no others`() {
        var generator = SplitMix64(seed: 8)
        let bytes = generator.bytes(400_000)
        let before = Set(chunks(bytes))
        #expect((200...800).contains(before.count), "\(before.count) chunks")
        for inserted in [[UInt8](), [1], generator.bytes(5000)] {
            let place = 123_456
            let changed = Array(bytes[..<place]) + inserted + Array(bytes[(place + (inserted.isEmpty ? 1 : 0))...])
            let after = chunks(changed).map { $0 }
            let new = after.filter { !before.contains($0) }
            #expect(new.reduce(0) { $0 + $1.count } <= inserted.count + 4 * Chunking.maximumSize)
            #expect(!new.isEmpty)
        }
    }

    @Test func `recipes come back, and what is none is refused`() {
        for keys in [[], [1], [1, 2, 3, 900, 5, .max, 0, .min, -1]] as [[Int64]] {
            let recipe = Recipe(length: 100_000, keys: keys)
            #expect(Recipe(recipe.bytes, maximumLength: 100_000) == recipe)
            #expect(Recipe(recipe.bytes, maximumLength: 99_999) == nil)
        }
        let more = [UInt8](repeating: 0xFF, count: 11)
        for bytes in [[], [0x80], [1, 0x80], more, [5] + more, [1, 2, 2]] as [[UInt8]] {
            #expect(Recipe(bytes, maximumLength: 1000) == nil, "\(bytes)")
        }
    }

    private func text(_ count: Int, _ generator: inout SplitMix64) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: 97 + generator.next() % 26) }
    }

    @Test func `artefacts of every size come back byte for byte, through a store opened anew too`() async throws {
        try await withLedgerPath { path in
            var generator = SplitMix64(seed: 9)
            let sizes = [0, 1, 2047, 2048, 2049, 8192, 100_000, 3_000_000]
            let artefacts =
                sizes.map { Artefact(generator.bytes($0)) } + [Artefact([UInt8](repeating: 0, count: 99_999))]
            var store = try SQLiteLedgerStore(path: path)
            for (number, run) in [RunID("a"), "b"].enumerated() {
                let head = Head(emptyRun: run)
                let all = number == 0 ? artefacts : artefacts.reversed() + artefacts
                _ = try await store.append([[1]], artefacts: all, to: run, after: head, row: nil)
            }
            for _ in 0..<2 {
                for artefact in artefacts { #expect(try await store.artefact(artefact.digest) == artefact.bytes) }
                try store.close()
                store = try SQLiteLedgerStore(path: path)
            }
            try store.close()
        }
    }

    /// A conversation that is stored anew, whole, each time that something was said.
    private func chat(_ store: any LedgerStore, calls: Int, bytes: Int) async throws -> [Artefact] {
        var generator = SplitMix64(seed: 10)
        var conversation = Array("[{\"role\":\"system\",\"text\":\"".utf8) + text(20_000, &generator)
        var head = Head(emptyRun: "chat")
        var artefacts: [Artefact] = []
        for call in 0..<calls {
            conversation += Array("\"},{\"role\":\"tool\",\"text\":\"".utf8) + text(bytes, &generator)
            let artefact = Artefact(conversation + Array("\"}]".utf8))
            artefacts.append(artefact)
            let event = Array("{\"call\":\(call),\"prompt\":\"\(artefact.reference)\"}".utf8)
            head = Head(try await store.append([event], artefacts: [artefact], to: "chat", after: head, row: nil)[0])
        }
        return artefacts
    }

    @Test func `a conversation that grows costs its new part`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let artefacts = try await chat(store, calls: 100, bytes: 5000)
            let report = try await store.verify(run: "chat")
            #expect(report.isSound)
            #expect(report.artefactsChecked == 100)
            try store.close()
            let said = try #require(artefacts.last).bytes.count
            let sent = artefacts.reduce(0) { $0 + $1.bytes.count }
            let size = try #require(
                try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            )
            #expect(sent > 25_000_000)
            #expect(size < 2 * said, "\(size) bytes for \(said) bytes of text")
        }
    }

    @Test func `an export does not tell in what form a store keeps artefacts`() async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            let memory = InMemoryLedgerStore()
            _ = try await chat(store, calls: 5, bytes: 5000)
            _ = try await chat(memory, calls: 5, bytes: 5000)
            var files: [[UInt8]] = []
            for source in [store, memory] as [any LedgerStore] {
                var file: [UInt8] = []
                try await RunExport(of: "chat", from: source).write { file += $0 }
                files.append(file)
            }
            #expect(files[0] == files[1])
            var redacted: [UInt8] = []
            try await RunExport(of: "chat", from: store, redaction: Redaction(members: ["prompt"])).write {
                redacted += $0
            }
            let summary = try #require(try ExportBench.check(redacted))
            #expect(summary.isSound && summary.redactedArtefacts == 5)
            try store.close()
        }
    }

    static let damages = [
        "UPDATE chunks SET bytes = zeroblob(length(bytes)) WHERE key = 3",
        "UPDATE chunks SET bytes = CAST(bytes || 'x' AS BLOB) WHERE key = 3",
        "DELETE FROM chunks WHERE key = 3",
        "UPDATE artefacts SET bytes = substr(bytes, 1, length(bytes) - 1)",
        "UPDATE artefacts SET bytes = x'FFFFFFFFFFFF01'",
        "UPDATE artefacts SET bytes = x''",
        "UPDATE artefacts SET form = 0",
        "UPDATE artefacts SET form = 7",
    ]

    @Test(arguments: damages)
    func `an artefact whose chunks are damaged is found`(_ damage: String) async throws {
        try await withLedgerPath { path in
            var store = try SQLiteLedgerStore(path: path)
            let artefact = try #require(try await chat(store, calls: 1, bytes: 5000).last)
            try store.close()
            let triggers = ["chunks_are_never_updated", "chunks_are_never_deleted", "artefacts_are_never_updated"]
            try intrude(path, triggers.map { "DROP TRIGGER \($0);" }.joined() + damage)
            store = try SQLiteLedgerStore(path: path)
            #expect(try await store.verify(run: "chat").faults.map(\.kind) == [.artefactCorrupt])
            let error = await #expect(throws: LedgerError.self) { _ = try await store.artefact(artefact.digest) }
            #expect(error?.code == .corrupt)
            try store.close()
        }
    }

    @Test(arguments: [
        "UPDATE chunks SET bytes = x'00'", "DELETE FROM chunks",
        "INSERT OR REPLACE INTO chunks SELECT key, digest, x'00' FROM chunks",
    ])
    func `a statement that changes chunks is refused by the database`(_ sql: String) async throws {
        try await withLedgerPath { path in
            let store = try SQLiteLedgerStore(path: path)
            _ = try await chat(store, calls: 1, bytes: 5000)
            try store.close()
            let error = #expect(throws: DatabaseError.self) { try intrude(path, sql) }
            #expect(error?.message?.contains("append-only") == true)
        }
    }

    @Test func `a ledger of version 2 opens with what it holds`() async throws {
        try await withLedgerPath { path in
            let artefact = Artefact([UInt8](repeating: 5, count: 10_000))
            let record = makeRecord(3, run: "r")
            let queue = try DatabaseQueue(path: path)
            try await queue.writeWithoutTransaction { db in
                for migration in LedgerSchema.migrations[..<2] { try db.execute(sql: migration) }
                try db.execute(sql: "PRAGMA application_id = \(LedgerSchema.applicationID); PRAGMA user_version = 2")
                try db.execute(sql: "INSERT INTO names VALUES (1, 'r')")
                for entry in record {
                    try db.execute(
                        sql: "INSERT INTO events VALUES (1, ?, ?, ?)",
                        arguments: [entry.sequence, Data(entry.hash.octets), Data(entry.bytes)]
                    )
                }
                try db.execute(
                    sql: "INSERT INTO artefacts (digest, bytes) VALUES (?, ?)",
                    arguments: [Data(artefact.digest.octets), Data(artefact.bytes)]
                )
            }
            try queue.close()
            let store = try SQLiteLedgerStore(path: path)
            #expect(try await store.entries(of: "r", from: 0, limit: 9) == record)
            #expect(try await store.artefact(artefact.digest) == artefact.bytes)
            let more = Artefact([UInt8](repeating: 6, count: 10_000))
            _ = try await store.append([[1]], artefacts: [artefact, more], to: "r", after: Head(record[2]), row: nil)
            for one in [artefact, more] { #expect(try await store.artefact(one.digest) == one.bytes) }
            try store.close()
        }
    }
}
