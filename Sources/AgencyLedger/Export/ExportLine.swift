// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// One line of an exported run: a JSON object in its one canonical spelling.
enum ExportLine: Sendable, Hashable {
    case header(ExportHeader)
    case artefact(Digest, ExportContent)
    case event(Int, hash: Digest, ExportContent)
    case piece(Int, [UInt8])
    case end(ExportEnd)

    /// The longest line that is read, in bytes.
    static let maximumBytes = 2 << 20

    var bytes: [UInt8] {
        var object: JSONObject = [:]
        switch self {
        case .header(let header):
            object["format"] = .string(ExportHeader.format)
            object["version"] = .integer(Int64(ExportHeader.version))
            object["run"] = .string(header.run.rawValue)
            object["events"] = .integer(Int64(header.events))
            object["log"] = .string(header.log.hex)
            object["head"] = .string(header.head.hex)
            object["root"] = .string(header.root.hex)
            object["checkpoint"] = header.checkpoint.map { .string($0.description) } ?? .null
        case .artefact(let digest, let content):
            object["artefact"] = .string(digest.hex)
            content.put(in: &object)
            // What it is known by is its digest.
            object["digest"] = nil
        case .event(let sequence, let hash, let content):
            object["event"] = .integer(Int64(sequence))
            object["hash"] = .string(hash.hex)
            content.put(in: &object)
        case .piece(let number, let bytes):
            object["piece"] = .integer(Int64(number))
            object["base64"] = .string(Base64.text(bytes))
        case .end(let end):
            object["end"] = .bool(true)
            object["artefacts"] = .integer(Int64(end.artefacts))
            object["redacted_artefacts"] = .integer(Int64(end.redactedArtefacts))
            object["redacted_events"] = .integer(Int64(end.redactedEvents))
            object["sha256"] = .string(end.digest.hex)
        }
        return JSONValue.object(object).canonicalBytes
    }

    /// Reads a line.
    ///
    /// - Throws: ``ProofError`` with `.malformed` for anything but the one spelling of a line, `.versionTooNew`.
    init(_ bytes: [UInt8]) throws(ProofError) {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw ProofError(.malformed, "byte \(error.offset + 1): \(error.message)")
        }
        guard let line = try Self.read(json) else {
            throw ProofError(.malformed, "this is no line of an exported run")
        }
        guard line.bytes == bytes else {
            throw ProofError(.malformed, "this is not spelt as an export spells it")
        }
        self = line
    }

    private static func read(_ json: JSONValue) throws(ProofError) -> ExportLine? {
        if json["format"] != nil { return try header(json) }
        if let text = json["artefact"] {
            guard let digest = text.digest, let content = ExportContent(json, digest: digest) else { return nil }
            return .artefact(digest, content)
        }
        if let sequence = json["event"] {
            guard let sequence = sequence.count, let hash = json["hash"]?.digest,
                let content = ExportContent(json, digest: json["digest"]?.digest)
            else { return nil }
            return .event(sequence, hash: hash, content)
        }
        if let piece = json["piece"] {
            guard let number = piece.count, let bytes = json["base64"]?.string.flatMap({ Base64.bytes($0) }) else {
                return nil
            }
            return .piece(number, bytes)
        }
        guard json["end"] == .bool(true), let artefacts = json["artefacts"]?.count,
            let redactedArtefacts = json["redacted_artefacts"]?.count,
            let redactedEvents = json["redacted_events"]?.count, let digest = json["sha256"]?.digest
        else { return nil }
        return .end(
            ExportEnd(
                artefacts: artefacts,
                redactedArtefacts: redactedArtefacts,
                redactedEvents: redactedEvents,
                digest: digest
            )
        )
    }

    private static func header(_ json: JSONValue) throws(ProofError) -> ExportLine? {
        guard json["format"]?.string == ExportHeader.format, let version = json["version"]?.count else { return nil }
        guard version <= ExportHeader.version else {
            throw ProofError(.versionTooNew, "the file is of version \(version); read it with a later agency")
        }
        guard let run = json["run"]?.string, LedgerBounds.isName(run), let events = json["events"]?.count, events > 0,
            let log = json["log"]?.digest, let head = json["head"]?.digest, let root = json["root"]?.digest
        else { return nil }
        var note: SignedNote?
        if let text = json["checkpoint"]?.string { note = try SignedNote(parsing: Array(text.utf8)) }
        return .header(
            ExportHeader(run: RunID(run), events: events, log: log, head: head, root: root, checkpoint: note)
        )
    }
}

/// What the last line of an exported run says.
struct ExportEnd: Sendable, Hashable {
    var artefacts: Int
    var redactedArtefacts: Int
    var redactedEvents: Int
    /// The digest of all that comes before the line.
    var digest: Digest
}
