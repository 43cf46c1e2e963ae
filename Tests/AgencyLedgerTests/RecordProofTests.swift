// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import Testing

@Suite struct RecordProofTests {
    private let run = ExportBench.run

    /// A signed checkpoint of the first events of a record.
    private static func note(_ size: Int, of store: InMemoryLedgerStore, by key: SigningKey) async throws -> SignedNote
    {
        var tree = MerkleFrontier()
        var entries: [Entry] = []
        for entry in await store.entries(of: ExportBench.run, from: 0, limit: size) {
            tree.append(leaf: MerkleHash.leaf(entry.hash))
            entries.append(entry)
        }
        let (log, head) = (try #require(entries.first?.hash), try #require(entries.last?.hash))
        return try key.sign(
            Checkpoint(
                log: log,
                run: ExportBench.run,
                size: size,
                root: tree.root,
                head: head,
                atMilliseconds: 1_795_000_000_007
            )
            .text
        )
    }

    @Test func `every event is proved under every checkpoint that reaches it, and no other is`() async throws {
        let bench = try await ExportBench(isLarge: true)
        let entries = await bench.store.entries(of: run, from: 0, limit: 8)
        for size in 1...8 {
            let note = try await Self.note(size, of: bench.store, by: bench.key)
            for place in 0..<size {
                let made = try await bench.store.proof(ofEvent: place, under: note)
                let file = RecordProof.event(made).bytes
                #expect(file.count < 600_000)
                guard case .event(let proof) = try RecordProof(file) else {
                    Issue.record("\(place) of \(size) is another proof")
                    continue
                }
                #expect(proof == made)
                let found = try proof.verified(by: [bench.key.verifierKey])
                #expect(found.hash == entries[place].hash)
                #expect(found.checkpoint.size == size)
                // What is too long for a line is shown by its digest.
                #expect(proof.bytes == (place == 3 ? nil : entries[place].bytes))
                #expect(proof.digest == Digest(of: entries[place].bytes))
                #expect(throws: ProofError.self) { try proof.verified(by: []) }
            }
            let fault = await #expect(throws: ProofError.self) {
                try await bench.store.proof(ofEvent: size, under: note)
            }
            #expect(fault?.code == .unusable)
        }
    }

    @Test func `an event whose bytes were left out is proved by its digest`() async throws {
        let bench = try await ExportBench()
        let note = try await Self.note(8, of: bench.store, by: bench.key)
        let proof = try await bench.store.proof(ofEvent: 2, under: note, isRedacted: true)
        let file = RecordProof.event(proof).bytes
        #expect(file.firstRange(of: Array("number".utf8)) == nil)
        guard case .event(let read) = try RecordProof(file) else {
            Issue.record("it is another proof")
            return
        }
        #expect(read.bytes == nil)
        let found = try read.verified(by: [bench.key.verifierKey])
        #expect(found.hash == (await bench.store.entries(of: run, from: 2, limit: 1)).first?.hash)
    }

    @Test func `a proof with a bit turned, or cut, anywhere, is refused`() async throws {
        let bench = try await ExportBench()
        let (early, late) = (
            try await Self.note(3, of: bench.store, by: bench.key),
            try await Self.note(8, of: bench.store, by: bench.key)
        )
        let proofs: [RecordProof] = [
            .event(try await bench.store.proof(ofEvent: 5, under: late)),
            .growth(try await bench.store.proof(from: early, to: late)),
        ]
        let keys = [bench.key.verifierKey]
        for proof in proofs {
            let file = proof.bytes
            try Self.verify(file, keys)
            for place in file.indices {
                var copy = file
                copy[place] ^= 1 << (place % 8)
                #expect(throws: ProofError.self, "byte \(place)") { try Self.verify(copy, keys) }
                #expect(throws: ProofError.self) { try Self.verify(Array(file[..<place]), keys) }
            }
        }
    }

    @Test func `a record that was rewritten since is not shown to go on from what it was`() async throws {
        let bench = try await ExportBench()
        let forged = InMemoryLedgerStore()
        var events = await bench.store.entries(of: run, from: 0, limit: 8).map(\.bytes)
        events[2] += Array(" ".utf8)
        _ = try await forged.append(events, artefacts: [], to: run, after: Head(emptyRun: run), row: nil)
        let keys = [bench.key.verifierKey]
        for size in 1...8 {
            let early = try await Self.note(size, of: bench.store, by: bench.key)
            for end in size...8 {
                let honest = try await bench.store.proof(
                    from: early,
                    to: try await Self.note(end, of: bench.store, by: bench.key)
                )
                #expect(try honest.verified(by: keys).second.size == end)
                // The holder of the key signs the new record, and has no way from the old one to it.
                let late = try await Self.note(end, of: forged, by: bench.key)
                guard end > 2 else { continue }
                let spoilt = GrowthProof(first: early, second: late, path: honest.path)
                #expect(throws: ProofError.self, "\(size) to \(end)") { try spoilt.verified(by: keys) }
                guard size > 2 else { continue }
                let fault = await #expect(throws: ProofError.self) { try await forged.proof(from: early, to: late) }
                #expect(fault?.code == .mismatch)
                let kept = try Checkpoint(early, signedByOneOf: keys)
                let other = try Checkpoint(try await Self.note(size, of: forged, by: bench.key).text)
                #expect(throws: ProofError.self) { try kept.compare(with: [other]) }
            }
        }
    }

    @Test func `a checkpoint that was kept is compared with those of the proof`() async throws {
        let bench = try await ExportBench()
        var checkpoints: [Checkpoint] = []
        for size in [2, 5, 8] {
            checkpoints.append(try Checkpoint(try await Self.note(size, of: bench.store, by: bench.key).text))
        }
        try checkpoints[0].compare(with: [checkpoints[0], checkpoints[2]])
        let unmentioned = #expect(throws: ProofError.self) {
            try checkpoints[1].compare(with: [checkpoints[0], checkpoints[2]])
        }
        #expect(unmentioned?.code == .unusable)
        let other = checkpoints[0]
        let twin = Checkpoint(
            log: other.log,
            run: other.run,
            size: other.size,
            root: other.root.flipped(0),
            head: other.head,
            atMilliseconds: 0
        )
        #expect(#expect(throws: ProofError.self) { try twin.compare(with: [other]) }?.code == .mismatch)
        let stranger = Checkpoint(
            log: other.log.flipped(0),
            run: other.run,
            size: other.size,
            root: other.root,
            head: other.head,
            atMilliseconds: 0
        )
        #expect(#expect(throws: ProofError.self) { try stranger.compare(with: [other]) }?.code == .mismatch)
    }

    @Test func `hostile proofs are refused and trap nowhere`() async throws {
        let bench = try await ExportBench()
        let proof = RecordProof.event(
            try await bench.store.proof(ofEvent: 5, under: try await Self.note(8, of: bench.store, by: bench.key))
        )
        let text = String(decoding: proof.bytes, as: UTF8.self)
        let hash = "\"" + String(repeating: "a", count: 64) + "\""
        let swaps = [
            ("\"event\":5", "\"event\":9223372036854775807"), ("\"event\":5", "\"event\":-1"),
            ("\"event\":5", "\"event\":8"), ("\"event\":5", "\"event\":1e400"), ("\"version\":1", "\"version\":2"),
            ("\"path\":[", "\"path\":[" + Array(repeating: hash, count: 129).joined(separator: ",") + ","),
            ("\"path\":[", "\"path\":[null,"), ("\"version\":1", "\"version\":1 "),
            ("\"length\":", "\"pieces\":7,\"length\":"),
        ]
        for (old, new) in swaps {
            let spoilt = text.replacingOccurrences(of: old, with: new)
            #expect(spoilt != text)
            #expect(throws: ProofError.self, "\(new.prefix(40))") {
                try Self.verify(Array(spoilt.utf8), [bench.key.verifierKey])
            }
        }
        for junk in ["", "{}", "[]", "{\"format\":\"openagency-proof\"}", String(repeating: "[", count: 100_000)] {
            #expect(throws: ProofError.self) { try RecordProof(Array(junk.utf8)) }
        }
        #expect(!RecordProof.isOne(Array("openagency-proof".utf8)))
    }

    private static func verify(_ file: [UInt8], _ keys: [VerifierKey]) throws(ProofError) {
        switch try RecordProof(file) {
        case .event(let proof): _ = try proof.verified(by: keys)
        case .growth(let proof): _ = try proof.verified(by: keys)
        }
    }
}
