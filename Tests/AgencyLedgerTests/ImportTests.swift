// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation
import Testing

@Suite struct ImportTests {
    private let run = ExportBench.run

    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) async throws -> Result) async throws -> Result {
        try await withTemporaryDirectory { folder in
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/run"))
            return try await body(folder + "/run")
        }
    }

    @discardableResult
    private func take(
        _ file: [UInt8],
        into store: any LedgerStore,
        filling absent: Set<Digest> = []
    ) async throws -> ImportOutcome {
        try await withFile(file) { path in
            let carrier = RunImport(into: store, batchEvents: 2) { try ExportLines(path: path) }
            let finding = try await carrier.examine()
            return try await carrier.carryOut(finding, row: ExportBench.row, filling: absent)
        }
    }

    @Test func `an imported run is the run that was exported, and its export the same file`() async throws {
        let bench = try await ExportBench(isLarge: true)
        let file = try await bench.export()
        let store = InMemoryLedgerStore()
        #expect(try await take(file, into: store) == .imported(8))
        #expect(await store.entries(of: run, from: 0, limit: 99) == bench.store.entries(of: run, from: 0, limit: 99))
        #expect(try await store.verify(run: run).isSound)
        #expect(await store.runs().map(\.run) == [run])
        var again: [UInt8] = []
        try await RunExport(of: run, from: store).write { again += $0 }
        #expect(again == file)
        #expect(try await take(file, into: store) == .alreadyHere(beyond: 0))
        let shorter = try await ExportBench(events: 3, isLarge: true).export()
        #expect(try await take(shorter, into: store) == .alreadyHere(beyond: 5))
    }

    @Test func `a run that is here in part is extended`() async throws {
        let whole = try await ExportBench().export()
        for length in 1..<8 {
            let store = InMemoryLedgerStore()
            try await take(try await ExportBench(events: length).export(), into: store)
            #expect(try await take(whole, into: store) == .extended(8 - length))
            #expect(try await store.verify(run: run).isSound)
        }
    }

    @Test func `an import that fails at any append shows nothing, and goes on when it is tried again`() async throws {
        let file = try await ExportBench().export()
        for side in CrashingLedgerStore.Side.allCases {
            for append in 1...4 {
                let store = InMemoryLedgerStore()
                let failing = CrashingLedgerStore(store, crashAt: append, side)
                await #expect(throws: (any Error).self) { try await take(file, into: failing) }
                let isWhole = side == .after && append == 4
                #expect(await store.runs().isEmpty != isWhole)
                let outcome = try await take(file, into: store)
                #expect(outcome == (isWhole ? .alreadyHere(beyond: 0) : .imported(8)), "\(side) \(append)")
                #expect(try await store.verify(run: run).isSound)
                #expect(await store.runs().count == 1)
            }
        }
    }

    @Test func `a file that is cut or changed leaves the ledger as it was`() async throws {
        let file = try await ExportBench().export()
        let store = InMemoryLedgerStore()
        for place in stride(from: 0, to: file.count, by: 97) {
            await #expect(throws: ProofError.self) { try await take(Array(file[..<place]), into: store) }
            var copy = file
            copy[place] ^= 4
            await #expect(throws: ProofError.self) { try await take(copy, into: store) }
        }
        #expect(await store.head(of: run).isEmpty)
        #expect(await store.runs().isEmpty)
    }

    @Test func `a run that is here and differs is refused, and the event is named`() async throws {
        let store = InMemoryLedgerStore()
        try await take(try await ExportBench().export(), into: store)
        let other = try await ExportBench(isLarge: true).export()
        let fault = await #expect(throws: ProofError.self) { try await take(other, into: store) }
        #expect(fault?.code == .conflict)
        // The large one differs in the second transcript, and so in the second event.
        #expect(fault?.message.contains("event 1 of it") == true, "\(fault?.message ?? "")")
        #expect(await store.head(of: run).sequence == 7)
    }

    @Test func `redacted events are refused, redacted artefacts are known, and a whole export brings them back`()
        async throws
    {
        let bench = try await ExportBench()
        let store = InMemoryLedgerStore()
        let events = try await bench.export(Redaction(events: [2]))
        let fault = await #expect(throws: ProofError.self) { try await take(events, into: store) }
        #expect(fault?.code == .unusable)
        #expect(await store.head(of: run).isEmpty)

        let file = try await bench.export(Redaction(members: ["prompt"]))
        let redacted = try await withFile(file) { path in
            try await RunImport(into: store) { try ExportLines(path: path) }.examine().redacted
        }
        #expect(redacted.values.sorted() == [25])
        #expect(try await take(file, into: store) == .imported(8))
        let unknown = try await store.verify(run: run)
        #expect(unknown.faults.map(\.kind) == [.artefactMissing])
        let known = try await store.verify(run: run, redacted: Set(redacted.keys))
        #expect(known.isSound)
        #expect(known.artefactsRedacted == 1)
        #expect(known.artefactsChecked + 1 == unknown.artefactsChecked)

        // What is missing here is redacted in the next export too.
        var again: [UInt8] = []
        try await RunExport(of: run, from: store, missing: redacted).write { again += $0 }
        #expect(again == file)
        await #expect(throws: LedgerError.self) { try await RunExport(of: run, from: store).write { _ in } }

        let whole = try await bench.export()
        #expect(try await take(whole, into: store, filling: Set(redacted.keys)) == .alreadyHere(beyond: 0))
        #expect(try await store.verify(run: run).isSound)
    }

    @Test func `a file that is replaced while it is imported is not mixed with the other`() async throws {
        let store = InMemoryLedgerStore()
        let file = try await ExportBench().export()
        let other = try await ExportBench(isLarge: true).export()
        try await withFile(file) { path in
            let carrier = RunImport(into: store, batchEvents: 2) { try ExportLines(path: path) }
            let finding = try await carrier.examine()
            try Data(other).write(to: URL(fileURLWithPath: path))
            await #expect(throws: ProofError.self) { try await carrier.carryOut(finding, row: ExportBench.row) }
            #expect(await store.runs().isEmpty)
        }
    }
}
