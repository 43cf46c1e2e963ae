// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Testing

@Suite struct CheckpointTests {
    let key: SigningKey
    let other: SigningKey
    let record = makeRecord(60)

    init() throws {
        var generator = SplitMix64(seed: 7)
        key = try SigningKey.make(name: "desk", using: &generator)
        other = try SigningKey.make(name: "desk", using: &generator)
    }

    private func checkpoint(_ size: Int, of record: [Entry]? = nil, run: RunID = "run-1") -> Checkpoint {
        let entries = (record ?? self.record).prefix(size)
        var tree = MerkleFrontier()
        for entry in entries { tree.append(leaf: MerkleHash.leaf(entry.hash)) }
        let log = entries.first?.hash ?? HashChain.genesis(of: run)
        let head = entries.last?.hash ?? log
        return Checkpoint(
            log: log,
            run: run,
            size: size,
            root: tree.root,
            head: head,
            atMilliseconds: 1_795_000_000_007
        )
    }

    private func faults(_ record: [Entry], _ checkpoints: [Checkpoint], run: RunID = "run-1") async throws -> [String] {
        let found = try await TamperedStore(record: record).verify(run: run, checkpoints: checkpoints)
        return found.faults.map { "\($0.kind) \($0.sequence)" }
    }

    @Test func `a key signs as RFC 8032 says`() throws {
        // The first test vector of section 7.1: no message at all.
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
        let secret = try #require(Digest(hex: seed)).octets
        let signed = try SigningKey(name: "rfc", seed: secret).signature(of: [])
        #expect(
            signed.prefix(16).elementsEqual([
                0xe5, 0x56, 0x43, 0x00, 0xc3, 0x60, 0xac, 0x72, 0x90, 0x86, 0xe2, 0xcc, 0x80, 0x6e, 0x82, 0x8a,
            ])
        )
        let publicKey = try SigningKey(name: "rfc", seed: secret).verifierKey.publicKey
        #expect(Digest(octets: publicKey)?.hex == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    }

    @Test func `a note that another program signed verifies`() throws {
        // The example of golang.org/x/mod/sumdb/note.
        let peter = try VerifierKey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
        let text =
            "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
        let line =
            "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        let note = try SignedNote(parsing: Array((text + "\n" + line).utf8))
        #expect(try note.verified(by: [peter]) == [peter])
        #expect(note.description == text + "\n" + line)
    }

    @Test func `keys are read as they are written, and spoilt ones are refused`() throws {
        #expect(try VerifierKey(key.verifierKey.description) == key.verifierKey)
        #expect(try SigningKey(secret: key.secret).verifierKey == key.verifierKey)
        #expect(!"\(key) \(String(reflecting: key))".contains(key.secret.suffix(20)))
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("seed"))
        for text in [key.verifierKey.description, key.secret] {
            for index in text.utf8.indices {
                var bytes = Array(text.utf8)
                let place = text.utf8.distance(from: text.utf8.startIndex, to: index)
                bytes[place] ^= 1
                let spoilt = String(decoding: bytes, as: UTF8.self)
                #expect(throws: ProofError.self) { _ = try VerifierKey(spoilt) }
                #expect(throws: ProofError.self) { _ = try SigningKey(secret: spoilt) }
            }
        }
        for name in ["", "two words", "a+b", "é", String(repeating: "a", count: 129)] {
            #expect(throws: ProofError.self) { _ = try SigningKey(name: name, seed: Array(repeating: 1, count: 32)) }
        }
    }

    @Test func `a checkpoint is read as it is written`() throws {
        let checkpoint = checkpoint(60)
        #expect(try Checkpoint(checkpoint.text) == checkpoint)
        #expect(checkpoint.time == "2026-11-18T09:46:40.007Z" || checkpoint.time.hasSuffix("40.007Z"))
        let note = try key.sign(checkpoint.text)
        #expect(try SignedNote(parsing: Array(note.description.utf8)) == note)
        #expect(try Checkpoint(note, signedByOneOf: [other.verifierKey, key.verifierKey]) == checkpoint)
    }

    @Test func `every turned bit, cut and addition of a signed checkpoint is refused`() throws {
        let checkpoint = checkpoint(60)
        let bytes = Array(try key.sign(checkpoint.text).description.utf8)
        func accepted(_ bytes: [UInt8]) -> Bool {
            guard let note = try? SignedNote(parsing: bytes) else { return false }
            return (try? Checkpoint(note, signedByOneOf: [key.verifierKey])) != nil
        }
        #expect(accepted(bytes))
        for bit in 0..<bytes.count * 8 {
            var copy = bytes
            copy[bit / 8] ^= 1 << (bit % 8)
            if accepted(copy) { Issue.record("bit \(bit) may be turned") }
        }
        for length in 0..<bytes.count where accepted(Array(bytes[..<length])) {
            Issue.record("may be cut at \(length)")
        }
        for addition in [" ", "\n", "x\n", "\u{2014} desk AAAA\n"] { #expect(!accepted(bytes + Array(addition.utf8))) }
    }

    @Test func `only the verifier's own keys count`() throws {
        let note = try key.sign(checkpoint(3).text)
        let stranger = #expect(throws: ProofError.self) { try note.verified(by: [other.verifierKey]) }
        #expect(stranger?.code == .untrusted)
        #expect(throws: ProofError.self) { try note.verified(by: []) }
        // A signature under the name and the hash of a trusted key that is not its own.
        let forged = try other.signature(of: Array(note.text.utf8))
        let lie = NoteSignature(name: "desk", hash: key.verifierKey.hash, bytes: forged)
        let spoilt = try SignedNote(text: note.text, signatures: [lie])
        let found = #expect(throws: ProofError.self) { try spoilt.verified(by: [key.verifierKey]) }
        #expect(found?.code == .badSignature)
    }

    @Test func `a record that passes through its checkpoints is sound, also when it has gone on`() async throws {
        for size in 1...60 {
            let found = try await TamperedStore(record: record).verify(run: "run-1", checkpoints: [checkpoint(size)])
            #expect(found.faults == [])
            #expect(found.checkpoint?.size == size)
            #expect(found.root == checkpoint(60).root)
        }
    }

    @Test func `a record that is cut at any event is found`() async throws {
        for length in 1..<60 {
            #expect(try await faults(Array(record[..<length]), [checkpoint(60)]) == ["cut \(length)"])
        }
        #expect(try await faults([], [checkpoint(60)]) == ["cut 0"])
        // An older head that is shown together with the record of that time does not help.
        #expect(try await faults(Array(record[..<20]), [checkpoint(20), checkpoint(60)]) == ["cut 20"])
    }

    @Test func `a record that is rewritten and chained anew is found, between the checkpoints around the place`()
        async throws
    {
        let kept = [20, 40, 60].map { checkpoint($0) }
        for place in 0..<60 {
            let head = place == 0 ? Head(emptyRun: "run-1") : Head(record[place - 1])
            let events = record.dropFirst(place).map { $0.bytes + [0x20] }
            let forged = Array(record[..<place]) + HashChain.entries(of: events, run: "run-1", after: head)
            #expect(HashChain.verify(forged, of: "run-1") == [])
            let expected = place == 0 ? "other-log 0" : "rewritten \(place / 20 * 20)"
            #expect(try await faults(forged, kept) == [expected], "\(place)")
            // What was signed before the rewriting cannot tell.
            if place >= 20 { #expect(try await faults(forged, [kept[0]]) == []) }
        }
    }

    @Test func `a checkpoint of another run, another log of that name, or of two histories is found`() async throws {
        #expect(try await faults(record, [checkpoint(3, of: makeRecord(3, run: "b"), run: "b")]) == ["other-log 0"])
        let twin = makeRecord(60, salt: "twin")
        #expect(try await faults(record, [checkpoint(30, of: twin)]) == ["other-log 0"])
        let fork = Array(record[..<10]) + HashChain.entries(of: [[1], [2]], run: "run-1", after: Head(record[9]))
        let found = try await faults(record, [checkpoint(12), checkpoint(12, of: fork)])
        #expect(found.contains("split-view 11"))
    }
}
