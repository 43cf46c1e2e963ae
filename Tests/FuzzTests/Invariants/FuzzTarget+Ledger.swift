// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

@testable import AgencyLedger

extension FuzzTarget {
    /// A file that is not an export is refused; one that is does not pass with any byte of it changed.
    ///
    /// No bytes that are made up have the right digests, so after a first byte that is odd the rest becomes the events of
    /// a run that is exported here, those that begin with @ with the artefact that follows it, and a byte is changed.
    static let ledger = FuzzTarget(name: "ledger", longest: 8192) { bytes in
        guard let kind = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        guard !kind.isMultiple(of: 2) else {
            let lines = rest.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
            for line in lines {
                guard let read = try? ExportLine(line) else { continue }
                try hold("a line has two spellings", read.bytes == line)
            }
            _ = try? checked(rest)
            return
        }
        let changes = rest.prefix(6)
        let events = rest.dropFirst(6).split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        let file = exported(events.isEmpty ? [[]] : events, withoutSecond: kind & 2 != 0, withoutLong: kind & 4 != 0)
        guard let summary = try? checked(file) else { throw Broken(description: "an export does not verify") }
        try hold("events are missing", summary.header.events == max(1, events.count))
        guard changes.count == 6 else { return }
        var changed = file
        let number = changes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        let place = number % file.count
        switch changes[4] % 4 {
        case 0: changed[place] = changes[5]
        case 1: changed.insert(changes[5], at: place)
        case 2: changed.remove(at: place)
        default: changed = Array(file.prefix(place))
        }
        guard changed != file else { return }
        try hold("a changed export verifies, changed at \(place)", (try? checked(changed)) == nil)
    }

    /// A proof, a note, a checkpoint or a key that is read prints as what was read.
    static let proof = FuzzTarget(name: "proof", longest: 4096) { bytes in
        if let proof = try? RecordProof(bytes) { try hold("a proof has two spellings", proof.bytes == bytes) }
        if let note = try? SignedNote(parsing: bytes) {
            let again = try SignedNote(parsing: Array(note.description.utf8))
            try hold("a note reads as another", again == note)
            if let checkpoint = try? Checkpoint(note.text) {
                try hold("a checkpoint has two spellings", checkpoint.text.utf8.elementsEqual(note.text.utf8))
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self), let key = try? VerifierKey(text) else { return }
        try hold("a key has two spellings", try VerifierKey(key.description) == key)
    }

    private static func checked(_ file: [UInt8]) throws -> ExportSummary? {
        let check = ExportCheck()
        var summary: ExportSummary?
        var rest = file[...]
        while let end = rest.firstIndex(of: 0x0A) {
            if case .end(let found)? = try check.take(Array(rest[..<end])) { summary = found }
            rest = rest[(end + 1)...]
        }
        guard rest.isEmpty else { throw ProofError(.cut, "in the middle of a line") }
        try check.finish()
        return summary
    }

    /// A run with these events as an export, without the second of them or without long artefacts if that is wanted.
    private static func exported(_ events: [[UInt8]], withoutSecond: Bool, withoutLong: Bool) -> [UInt8] {
        let run: RunID = "r"
        var artefacts: [Digest: Artefact] = [:]
        let events = events.map { event -> [UInt8] in
            guard event.first == UInt8(ascii: "@") else { return event }
            let artefact = Artefact(Array(event.dropFirst()))
            artefacts[artefact.digest] = artefact
            let json: JSONValue = ["body": ["prompt": .string("\(artefact.reference)")]]
            return json.canonicalBytes
        }
        let entries = HashChain.entries(of: events, run: run, after: Head(emptyRun: run))
        var tree = MerkleFrontier()
        for entry in entries { tree.append(leaf: MerkleHash.leaf(entry.hash)) }
        let digest = RunningDigest()
        var file: [UInt8] = []
        func put(_ line: ExportLine) {
            digest.update(line.bytes + [0x0A])
            file += line.bytes + [0x0A]
        }
        put(
            .header(
                ExportHeader(
                    run: run,
                    events: entries.count,
                    log: entries.first?.hash ?? MerkleHash.empty,
                    head: entries.last?.hash ?? MerkleHash.empty,
                    root: tree.root,
                    checkpoint: nil
                )
            )
        )
        var written: Set<Digest> = []
        var redacted = (artefacts: 0, events: 0)
        for entry in entries {
            let references = ArtefactReference.all(inEvent: entry.bytes)
            // An event that names an artefact by itself names one that is not there, and is taken out.
            let isOut =
                withoutSecond && entry.sequence == 1 || references.contains { artefacts[$0.digest] == nil }
            for reference in isOut ? [] : references where written.insert(reference.digest).inserted {
                let bytes = artefacts[reference.digest]?.bytes ?? []
                if withoutLong, bytes.count > 8 {
                    put(.artefact(reference.digest, .redacted(length: bytes.count, digest: reference.digest)))
                    redacted.artefacts += 1
                } else {
                    put(.artefact(reference.digest, ExportContent(bytes)))
                }
            }
            let out = ExportContent.redacted(length: entry.bytes.count, digest: Digest(of: entry.bytes))
            put(.event(entry.sequence, hash: entry.hash, isOut ? out : ExportContent(entry.bytes)))
            redacted.events += isOut ? 1 : 0
        }
        let end = ExportEnd(
            artefacts: written.count - redacted.artefacts,
            redactedArtefacts: redacted.artefacts,
            redactedEvents: redacted.events,
            digest: digest.finish()
        )
        return file + ExportLine.end(end).bytes + [0x0A]
    }
}
