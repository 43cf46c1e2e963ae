// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyTestKit
import Foundation

/// A run with artefacts, some of them large or no text, and its exports.
struct ExportBench {
    static let run: RunID = "r-export"
    let store = InMemoryLedgerStore()
    let key: SigningKey

    init(events: Int = 8, isLarge: Bool = false) async throws {
        var generator = SplitMix64(seed: 3)
        key = try SigningKey.make(name: "desk", using: &generator)
        var head = Head(emptyRun: Self.run)
        let shared = Artefact(Array("a prompt that comes again".utf8))
        for number in 0..<events {
            let own = Artefact(isLarge && number == 1 ? generator.bytes(2_000_000) : generator.bytes(number * 7))
            var text =
                "{\"number\":\(number),\"body\":{\"prompt\":\"\(shared.reference)\",\"transcript\":\"\(own.reference)\"}"
            if number == 2 { text += ",\"note\":\"ünï \\u0000 \\\\ \u{2028}\"" }
            if isLarge, number == 3 { text += ",\"note\":\"" + String(repeating: "long ", count: 100_000) + "\"" }
            let bytes = number == 4 ? [0xFF, 0x00, 0xFE] : Array((text + "}").utf8)
            let artefacts = number == 4 ? [] : [shared, own]
            let made = try await store.append([bytes], artefacts: artefacts, to: Self.run, after: head, row: nil)
            head = made.last.map(Head.init(_:)) ?? head
        }
    }

    static let row = RunRow(
        run: run,
        title: "t",
        architecture: "a",
        status: "done",
        updatedAtMilliseconds: 2,
        startedAtMilliseconds: 1,
        events: 8
    )

    func export(_ redaction: Redaction = .none, isSigned: Bool = false) async throws -> [UInt8] {
        var note: SignedNote?
        if isSigned { note = try key.sign(try await checkpoint().text) }
        var file: [UInt8] = []
        let export = RunExport(of: Self.run, from: store, redaction: redaction, checkpoint: note)
        try await export.write { file += $0 }
        return file
    }

    func checkpoint() async throws -> Checkpoint {
        let entries = await store.entries(of: Self.run, from: 0, limit: 10_000)
        var tree = MerkleFrontier()
        for entry in entries { tree.append(leaf: MerkleHash.leaf(entry.hash)) }
        let (log, head) = (entries.first?.hash ?? MerkleHash.empty, entries.last?.hash ?? MerkleHash.empty)
        return Checkpoint(
            log: log,
            run: Self.run,
            size: tree.size,
            root: tree.root,
            head: head,
            atMilliseconds: 1_795_000_000_007
        )
    }

    /// Reads a file from memory, as it is read from a disk: by lines, each of which must have its end.
    static func check(
        _ file: [UInt8],
        against checkpoints: [Checkpoint] = [],
        keys: [VerifierKey] = []
    ) throws(ProofError) -> ExportSummary? {
        let check = ExportCheck(against: checkpoints, keys: keys)
        var found: ExportSummary?
        var rest = file[...]
        while let end = rest.firstIndex(of: 0x0A) {
            if case .end(let summary)? = try check.take(Array(rest[rest.startIndex..<end])) { found = summary }
            rest = rest[(end + 1)...]
        }
        guard rest.isEmpty else { throw ProofError(.cut, "in the middle of a line") }
        try check.finish()
        return found
    }
}
