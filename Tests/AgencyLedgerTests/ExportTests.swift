// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import Testing

@Suite struct ExportTests {
    @Test func `an export verifies without the ledger, and says what the ledger says`() async throws {
        let bench = try await ExportBench(isLarge: true)
        let file = try await bench.export(isSigned: true)
        let found = try #require(try ExportBench.check(file, keys: [bench.key.verifierKey]))
        let checkpoint = try await bench.checkpoint()
        #expect(found.isSound)
        #expect(found.header.root == checkpoint.root)
        #expect(found.header.events == 8)
        #expect(found.artefacts == 8)
        #expect(found.checkpoint == checkpoint)
        #expect(file.split(separator: 0x0A).allSatisfy { $0.count < 2 << 20 })
        // Without the verifier's own word nobody has vouched for anything.
        #expect(try ExportBench.check(file)?.checkpoint == nil)
        #expect(try await bench.export(isSigned: true) == file)
    }

    @Test(arguments: [false, true]) func `every turned bit of a file is found`(isRedacted: Bool) async throws {
        let bench = try await ExportBench(events: 5)
        let redaction = isRedacted ? Redaction(members: ["transcript"], events: [3]) : .none
        let file = try await bench.export(redaction, isSigned: true)
        let key = bench.key.verifierKey
        let whole = try ExportBench.check(file, keys: [key])
        #expect(whole?.isSound == true)
        var missed = 0
        for bit in 0..<file.count * 8 {
            var copy = file
            copy[bit / 8] ^= 1 << (bit % 8)
            if (try? ExportBench.check(copy, keys: [key])) != nil { missed += 1 }
        }
        #expect(missed == 0)
    }

    @Test func `a file that is cut anywhere, or has a line left out, doubled, moved or added, is refused`() async throws
    {
        let bench = try await ExportBench()
        let file = try await bench.export()
        for length in 0..<file.count {
            #expect(throws: ProofError.self) { try ExportBench.check(Array(file[..<length])) }
        }
        let lines = file.split(separator: 0x0A).map { Array($0) + [0x0A] }
        for place in lines.indices {
            var copies = [lines, lines]
            copies[0].remove(at: place)
            copies[1].insert(lines[place], at: place)
            if place > 0 {
                copies.append(lines)
                copies[2].swapAt(place, place - 1)
            }
            for copy in copies {
                // An artefact may come before or after another; the digest of the file tells even that.
                #expect(throws: ProofError.self) { try ExportBench.check(copy.flatMap { $0 }) }
            }
        }
        #expect(throws: ProofError.self) { try ExportBench.check(file + lines[1]) }
        #expect(throws: ProofError.self) { try ExportBench.check([0x0A] + file) }
    }

    @Test func `what was redacted is not in the file, and everything else still verifies`() async throws {
        let bench = try await ExportBench()
        let secret = Array("a prompt that comes again".utf8)
        #expect(try await bench.export().firstRange(of: secret) != nil)
        let file = try await bench.export(Redaction(members: ["prompt"], events: [1, 4]), isSigned: true)
        #expect(file.firstRange(of: secret) == nil)
        #expect(file.firstRange(of: Array("\\\"number\\\":1".utf8)) == nil)
        let found = try #require(try ExportBench.check(file, keys: [bench.key.verifierKey]))
        #expect(found.isSound)
        #expect(found.redactedArtefacts == 1)
        #expect(found.redactedEvents == 2)
        #expect(found.checkpoint?.size == 8)
        await #expect(throws: ProofError.self) { try await bench.export(Redaction(events: [8])) }
    }

    @Test func `a file whose events were made up is found against a checkpoint, wherever it was kept`() async throws {
        let bench = try await ExportBench()
        let kept = try await bench.checkpoint()
        let forger = InMemoryLedgerStore()
        let entries = await bench.store.entries(of: ExportBench.run, from: 0, limit: 4)
        var events = entries.map(\.bytes)
        events[3] += Array(" ".utf8)
        for entry in entries {
            for reference in ArtefactReference.all(inEvent: entry.bytes) {
                let artefact = Artefact(try #require(try await bench.store.artefact(reference.digest)))
                let head = await forger.head(of: ExportBench.run)
                _ = try await forger.append([], artefacts: [artefact], to: ExportBench.run, after: head, row: nil)
            }
        }
        let head = await forger.head(of: ExportBench.run)
        _ = try await forger.append(events, artefacts: [], to: ExportBench.run, after: head, row: nil)
        var file: [UInt8] = []
        try await RunExport(of: ExportBench.run, from: forger).write { file += $0 }
        #expect(try ExportBench.check(file)?.isSound == true)
        #expect(try ExportBench.check(file, against: [kept])?.faults.map(\.kind) == [.cut])
        // With the true checkpoint in it the file contradicts itself.
        var lie: [UInt8] = []
        let note = try bench.key.sign(kept.text)
        try await RunExport(of: ExportBench.run, from: forger, checkpoint: note).write { lie += $0 }
        #expect(throws: ProofError.self) { try ExportBench.check(lie) }
    }

    @Test func `lines that say they are longer than anything, and numbers out of range, cost nothing`() async throws {
        let bench = try await ExportBench()
        let file = try await bench.export()
        let header = Array(file.prefix { $0 != 0x0A }) + [0x0A]
        let digest = String(repeating: "a", count: 64)
        let hostile = [
            "{\"artefact\":\"\(digest)\",\"length\":9000000000000000000,\"pieces\":11444091796876}",
            "{\"artefact\":\"\(digest)\",\"length\":500000001,\"pieces\":636}",
            "{\"event\":0,\"hash\":\"\(digest)\",\"length\":67108865,\"pieces\":86}",
            "{\"event\":9223372036854775807,\"hash\":\"\(digest)\",\"length\":0,\"text\":\"\"}",
            "{\"event\":-1,\"hash\":\"\(digest)\",\"length\":0,\"text\":\"\"}",
            "{\"base64\":\"\",\"piece\":0}", "{}", "[]", "null", String(repeating: "[", count: 100_000),
        ]
        for line in hostile {
            let fault = #expect(throws: ProofError.self) { try ExportBench.check(header + Array((line + "\n").utf8)) }
            #expect(fault?.line == 2, "\(line.prefix(80))")
        }
        try await withTemporaryDirectory { folder in
            let path = folder + "/long"
            try Data(repeating: 0x20, count: 5 << 20).write(to: URL(fileURLWithPath: path))
            let lines = try ExportLines(path: path)
            let fault = #expect(throws: ProofError.self) { try lines.next() }
            #expect(fault?.line == 1)
            #expect(throws: ProofError.self) { try ExportLines(path: folder + "/none") }
            let none = try ExportLines(path: folder)
            #expect(throws: ProofError.self) { try none.next() }
        }
    }

    @Test func `a file of a later version is said to be one`() async throws {
        let text = String(decoding: try await ExportBench().export(), as: UTF8.self)
        let later = text.replacingOccurrences(of: "\"version\":1", with: "\"version\":2")
        let fault = #expect(throws: ProofError.self) { try ExportBench.check(Array(later.utf8)) }
        #expect(fault?.code == .versionTooNew)
    }
}
