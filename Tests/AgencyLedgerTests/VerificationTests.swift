// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Testing

@Suite struct VerificationTests {
    let run: RunID = "run-1"

    private func record(referringTo artefacts: [Artefact]) -> [Entry] {
        let events = artefacts.map { Array("{\"body\":{\"prompt\":\"\($0.reference)\"}}".utf8) }
        return HashChain.entries(of: events, run: run, after: Head(emptyRun: run))
    }

    @Test func `an artefact that is missing is named with the event that refers to it`() async throws {
        let artefacts = (0..<4).map { Artefact([$0]) }
        var store = TamperedStore(record: record(referringTo: artefacts))
        for artefact in artefacts where artefact != artefacts[2] { store.artefacts[artefact.digest] = artefact.bytes }
        let report = try await store.verify(run: run)
        #expect(report.faults.map(\.kind) == [.artefactMissing])
        #expect(report.faults.first?.sequence == 2)
        #expect(report.artefactsChecked == 4)
    }

    @Test func `every flipped bit of an artefact is found`() async throws {
        let artefact = Artefact(Array("an artefact".utf8))
        var store = TamperedStore(record: record(referringTo: [artefact]))
        for bit in 0..<artefact.bytes.count * 8 {
            var bytes = artefact.bytes
            bytes[bit / 8] ^= 1 << (bit % 8)
            store.artefacts[artefact.digest] = bytes
            let report = try await store.verify(run: run)
            #expect(report.faults.map(\.kind) == [.artefactCorrupt])
        }
    }

    @Test func `the pages of a walk do not show in its report`() async throws {
        let store = TamperedStore(record: makeRecord(20))
        let whole = try await store.verify(run: run)
        for pageSize in [-1, 1, 3, 19, 20, 21] {
            #expect(try await store.verify(run: run, pageSize: pageSize) == whole)
        }
    }

    @Test func `a gap in the record does not end the walk`() async throws {
        var record = makeRecord(20)
        record.remove(at: 7)
        record[12] = record[12].with(bytes: [1])
        let report = try await TamperedStore(record: record).verify(run: run, pageSize: 4)
        #expect(report.entriesChecked == 19)
        #expect(report.faults.first?.sequence == 7)
        #expect(report.faults.contains { $0.sequence == 12 && $0.kind == .hashMismatch })
    }

    @Test(.timeLimit(.minutes(1)))
    func `a store that repeats itself does not hold the walk up for ever`() async throws {
        let store = TamperedStore(record: makeRecord(5), repeatsItself: true)
        let report = try await store.verify(run: run, pageSize: 5)
        #expect(!report.isSound)
    }

    @Test func `a run that is gone altogether is found against an outside head`() async throws {
        let head = Head(makeRecord(3)[2])
        let report = try await TamperedStore(record: []).verify(run: run, against: head)
        #expect(report.faults.map(\.kind) == [.cut])
    }

    @Test func `a replay hands on nothing from the first bad event on`() async throws {
        var record = makeRecord(10)
        record[6] = record[6].with(bytes: Array("{}".utf8))
        var seen: [Int] = []
        let store = TamperedStore(record: record)
        let error = await #expect(throws: LedgerError.self) {
            _ = try await store.replay(run, pageSize: 4) { seen.append($0.sequence) }
        }
        #expect(error?.code == .corrupt)
        #expect(error?.sequence == 6)
        #expect(seen == Array(0..<6))
    }
}

@Suite struct ArtefactReferenceSearchTests {
    let one = Artefact([1]).reference
    let two = Artefact([2]).reference

    @Test func `references are found in an event and its body, in order, each once`() {
        let event = "{\"transcript\":\"\(two)\",\"body\":{\"transcript\":\"\(two)\",\"prompt\":\"\(one)\"}}"
        #expect(ArtefactReference.all(inEvent: Array(event.utf8)) == [two, one])
    }

    @Test func `what a model wrote that looks like a reference is none`() {
        let event = "{\"body\":{\"output\":{\"prompt\":\"\(one)\"},\"message\":\"\(two)\",\"steps\":[\"\(one)\"]}}"
        #expect(ArtefactReference.all(inEvent: Array(event.utf8)) == [])
    }

    @Test func `a reference that is spelt with escapes is found`() {
        let event = "{\"prompt\":\"\\u0073ha256:\(one.digest.hex)\"}"
        #expect(ArtefactReference.all(inEvent: Array(event.utf8)) == [one])
    }

    @Test func `what only resembles a reference is none`() {
        let digits = one.digest.hex
        let upper = "sha256:" + digits.uppercased()
        for text in [digits, "sha256:" + digits.dropLast(), "\(one)0", " \(one)", upper, "SHA256:" + digits] {
            #expect(ArtefactReference.all(inEvent: Array("{\"prompt\":\"\(text)\"}".utf8)) == [], "\(text)")
        }
        #expect(ArtefactReference.all(inEvent: Array("{\"\(one)\":1}".utf8)) == [])
        #expect(ArtefactReference.all(inEvent: Array("not json \"\(one)\"".utf8)) == [])
        #expect(ArtefactReference.all(inEvent: []) == [])
    }
}
