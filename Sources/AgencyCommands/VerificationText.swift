// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyReport
import AgencyRuntime
import AgencySchema

/// What is said of a verification.
enum VerificationText {
    static func line(_ found: Verification) -> String {
        guard found.faults.isEmpty else {
            // A fault of the chain and one against a checkpoint may both be there; each says something of its own.
            return faults(found.faults, of: found.run.rawValue)
        }
        var text =
            "\(found.run): ✓ \(found.entriesChecked) events and \(found.artefactsChecked) artefacts are as they were written; head \(found.head.hash)"
        if found.artefactsRedacted > 0 {
            text += "; \(found.artefactsRedacted) artefacts were redacted and are not here"
        }
        guard let checkpoint = found.checkpoint else { return text }
        let after = found.entriesChecked - checkpoint.size
        text += "; checkpoint of \(checkpoint.time) holds for the first \(checkpoint.size) events"
        return after == 0 ? text : text + ", and nobody has signed the \(after) after it"
    }

    /// What comparing a fork's past showed, in a line.
    static func line(_ past: SharedPast) -> String {
        if let fault = past.faults.first { return "✗ forked from \(past.run): \(fault)" }
        guard past.isParentHere else { return "? forked from \(past.run), which is not here to compare with" }
        return "✓ forked from \(past.run): the \(past.compared) shared events are that run's"
    }

    static func line(_ file: String, _ found: ExportSummary) -> String {
        let name = Escape.terminal(file)
        guard found.faults.isEmpty else {
            return faults(found.faults, of: name)
        }
        let header = found.header
        var text =
            "\(name): ✓ run \(header.run), \(header.events) events and \(found.artefacts) artefacts are as they were exported; head \(header.head)"
        if found.redactedArtefacts > 0 { text += "; \(found.redactedArtefacts) artefacts were redacted" }
        if found.redactedEvents > 0 { text += "; \(found.redactedEvents) events were redacted" }
        guard let checkpoint = found.checkpoint else {
            return text + "; nobody whom you trust has signed it, so all of it may have been made up"
        }
        let after = header.events - checkpoint.size
        text += "; checkpoint of \(checkpoint.time) holds for the first \(checkpoint.size) events"
        return after == 0 ? text : text + ", and nobody has signed the \(after) after it"
    }

    static func json(_ found: ExportSummary) -> JSONValue {
        [
            "run": .string(found.header.run.rawValue), "events": .integer(Int64(found.header.events)),
            "artefacts": .integer(Int64(found.artefacts)), "redacted": .integer(Int64(found.redactedArtefacts)),
            "redacted_events": .integer(Int64(found.redactedEvents)), "head": .string(found.header.head.hex),
            "root": .string(found.header.root.hex),
            "checkpoint": found.checkpoint.map(json) ?? .null,
            "faults": .array(found.faults.map { .string("\($0)") }),
        ]
    }

    static func line(_ snapshot: SnapshotFinding) -> String? {
        switch snapshot {
        case .none: nil
        case .notCompared: "its snapshot was not compared with the record; agency verify --snapshots does that"
        case .asRecorded: "✓ its snapshot is what the record comes to"
        case .other(let fault): "✗ \(fault)"
        }
    }

    static func json(_ found: Verification, _ past: SharedPast?, _ snapshot: SnapshotFinding) -> JSONValue {
        [
            "snapshot": .string(snapshot.word), "snapshot_fault": snapshot.fault.map { .string("\($0)") } ?? .null,
            "shared_past": past.map { past in
                [
                    "run": .string(past.run.rawValue), "events": .integer(Int64(past.compared)),
                    "is_here": .bool(past.isParentHere),
                    "faults": .array(past.faults.map { .string("\($0)") }),
                ]
            } ?? .null,
            "run": .string(found.run.rawValue), "events": .integer(Int64(found.entriesChecked)),
            "artefacts": .integer(Int64(found.artefactsChecked)),
            "redacted": .integer(Int64(found.artefactsRedacted)), "head": .string(found.head.hash.hex),
            "root": found.root.map { .string($0.hex) } ?? .null,
            "checkpoint": found.checkpoint.map(json) ?? .null,
            "faults": .array(found.faults.map { .string("\($0)") }),
        ]
    }

    static func line(_ file: String, _ proof: EventProof, _ found: EventProof.Finding) -> String {
        let checkpoint = found.checkpoint
        let line =
            "\(Escape.terminal(file)): ✓ this is event \(proof.inclusion.index) of the \(checkpoint.size) of run \(checkpoint.run) that the checkpoint of \(checkpoint.time) speaks of"
        guard let bytes = proof.bytes else {
            return line + "; its \(proof.length) bytes, of digest \(proof.digest), were left out"
        }
        return line + "\n" + Escape.terminal(String(decoding: bytes, as: UTF8.self))
    }

    static func line(_ file: String, _ found: GrowthProof.Finding) -> String {
        "\(Escape.terminal(file)): ✓ the record of run \(found.second.run) with \(found.second.size) events at \(found.second.time) goes on from that with \(found.first.size) at \(found.first.time)"
    }

    static func json(_ proof: EventProof, _ found: EventProof.Finding) -> JSONValue {
        [
            "proof": "event", "run": .string(found.checkpoint.run.rawValue),
            "event": .integer(Int64(proof.inclusion.index)), "hash": .string(found.hash.hex),
            "digest": .string(proof.digest.hex), "length": .integer(Int64(proof.length)),
            "text": proof.bytes.flatMap { String(validating: $0, as: UTF8.self) }.map { .string($0) } ?? .null,
            "checkpoint": json(found.checkpoint),
        ]
    }

    static func json(_ found: GrowthProof.Finding) -> JSONValue {
        [
            "proof": "growth", "run": .string(found.second.run.rawValue), "since": json(found.first),
            "checkpoint": json(found.second),
        ]
    }

    private static func json(_ checkpoint: Checkpoint) -> JSONValue {
        ["events": .integer(Int64(checkpoint.size)), "time": .string(checkpoint.time)]
    }

    private static func faults(_ faults: [ChainFault], of name: String) -> String {
        faults.prefix(3).map { "\(name): ✗ \(Escape.terminal("\($0)"))" }.joined(separator: "\n")
    }
}
