// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import LedgerSQLite
import Testing
#if canImport(Glibc)
import Glibc
#endif

/// What a failing disk does to a ledger is said clearly, never repaired by guessing, and costs nothing that was not hit.
@Suite struct DamageTests {
    /// A ledger that takes some hundred pages; its log is copied back and gone.
    private func makeLargeLedger(_ path: String) async throws -> Verification {
        var generator = SplitMix64(seed: 11)
        let store = try SQLiteLedgerStore(path: path)
        var head = Head(emptyRun: "r")
        for number in 0..<40 {
            let artefact = Artefact(generator.bytes(20_000))
            let filler = String(repeating: "x", count: 500)
            let events = (0..<20).map {
                Array(#"{"number":\#(number * 20 + $0),"filler":"\#(filler)","prompt":"\#(artefact.reference)"}"#.utf8)
            }
            let made = try await store.append(events, artefacts: [artefact], to: "r", after: head, row: nil)
            head = made.last.map(Head.init(_:)) ?? head
        }
        let report = try await store.verify(run: "r")
        try store.close()
        // Connections may close later than the store; what is in the log is copied back all the same.
        try intrude(path, "PRAGMA wal_checkpoint(TRUNCATE)")
        return report
    }

    /// Puts a file in the place of a ledger, without the log that belonged to another.
    private func place(_ bytes: Data, _ path: String) throws {
        for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    private func read(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    /// Opens and verifies a damaged ledger: either the damage is named, or it hit nothing that the record needs.
    ///
    /// - Returns: Whether anything was found.
    private func findsDamage(_ path: String, _ before: Verification, _ what: String) async throws -> Bool {
        do {
            let store = try SQLiteLedgerStore(path: path)
            defer { try? store.close() }
            let report = try await store.verify(run: "r", against: before.head)
            if report.isSound {
                #expect(report.head == before.head, "\(what)")
                #expect(report.entriesChecked == before.entriesChecked, "\(what)")
                return false
            }
            return true
        } catch let error as LedgerError {
            #expect(error.code == .corrupt || error.code == .notALedger, "\(what): \(error)")
            #expect(error.message.contains("restore") || error.message.contains("check the path"), "\(what): \(error)")
            return true
        }
    }

    @Test func `a damaged page is found wherever it is`() async throws {
        try await withLedgerPath { path in
            let before = try await makeLargeLedger(path)
            let whole = try read(path)
            let pages = whole.count / 4096
            #expect(pages > 150)
            var found = 0
            for page in stride(from: 0, to: pages, by: 7) {
                var damaged = whole
                for offset in stride(from: page * 4096, to: (page + 1) * 4096, by: 3) { damaged[offset] ^= 0xA5 }
                try place(damaged, path)
                if try await findsDamage(path, before, "page \(page)") { found += 1 }
            }
            // Pages of the index of chunks are the only ones that reading a record does not need.
            #expect(found > pages / 7 * 3 / 4, "\(found) of \(pages / 7)")
            try place(whole, path + ".copy")
            #expect(try await !findsDamage(path + ".copy", before, "the copy"))
        }
    }

    @Test func `a file that was cut off is found, and the copy that replaces it is whole`() async throws {
        try await withLedgerPath { path in
            let before = try await makeLargeLedger(path)
            let whole = try read(path)
            for share in [0.01, 0.3, 0.6, 0.99] {
                try place(whole.prefix(Int(Double(whole.count) * share)), path)
                #expect(try await findsDamage(path, before, "cut to \(share)"))
            }
            try place(whole, path + ".copy")
            #expect(try await !findsDamage(path + ".copy", before, "the copy"))
        }
    }

    #if os(Linux)
    /// A file system in memory that holds a megabyte; `nil` where this process may not make one.
    private func withSmallDisk(_ body: (String) async throws -> Void) async throws -> Bool {
        try await withTemporaryDirectory { folder in
            guard mount("tmpfs", folder, "tmpfs", 0, "size=1m") == 0 else { return false }
            defer { umount2(folder, Int32(MNT_DETACH)) }
            try await body(folder)
            return true
        }
    }

    @Test(.enabled(if: geteuid() == 0), arguments: [Durability.full, .relaxed])
    func `a disk that fills up in mid-append loses nothing that was acknowledged`(_ durability: Durability) async throws
    {
        let could = try await withSmallDisk { folder in
            var generator = SplitMix64(seed: 12)
            let path = folder + "/ledger.sqlite"
            let store = try SQLiteLedgerStore(path: path)
            var acknowledged = Head(emptyRun: "r")
            var failure: LedgerError?
            for number in 0..<400 where failure == nil {
                let artefact = Artefact(generator.bytes(10_000))
                let event = Array(#"{"number":\#(number),"prompt":"\#(artefact.reference)"}"#.utf8)
                do {
                    let made = try await store.append(
                        [event],
                        artefacts: [artefact],
                        to: "r",
                        after: acknowledged,
                        row: nil,
                        durability: durability
                    )
                    // A relaxed append may still be lost; what was read back afterwards is not.
                    let head =
                        durability == .full ? try #require(made.last.map(Head.init(_:))) : try await store.head(of: "r")
                    #expect(durability == .relaxed || head.sequence == number)
                    if head.sequence == acknowledged.sequence { throw LedgerError(.full, "it was lost") }
                    acknowledged = head
                } catch let error as LedgerError {
                    failure = error
                }
            }
            let error = try #require(failure)
            #expect(error.code == .full || error.code == .unavailable || error.code == .conflict, "\(error)")
            #expect(acknowledged.sequence > 5)
            #expect(try await store.head(of: "r") == acknowledged)
            #expect(try await store.verify(run: "r", against: acknowledged).isSound)
            try? store.close()
            // On a larger disk the same file goes on.
            try await withLedgerPath { copy in
                for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
                    try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
                }
                let moved = try SQLiteLedgerStore(path: copy)
                #expect(try await moved.verify(run: "r", against: acknowledged).isSound)
                _ = try await moved.append([[1]], artefacts: [], to: "r", after: acknowledged, row: nil)
                try moved.close()
            }
        }
        // Where no file system can be mounted, the command's own tests limit the size of files instead.
        withKnownIssue("this process may not mount", isIntermittent: true) { try #require(could) }
    }
    #endif
}
