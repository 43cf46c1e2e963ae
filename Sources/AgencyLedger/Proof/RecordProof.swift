// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// A proof as a file: one line, a JSON object in its one canonical spelling.
public enum RecordProof: Sendable, Hashable {
    /// That an event stands at its place.
    case event(EventProof)
    /// That a record goes on from an earlier one.
    case growth(GrowthProof)

    /// The word by which a proof is known.
    public static let format = "openagency-proof"
    /// The version of the form that this program writes.
    public static let version = 1
    // A path through a tree of 2^63 leaves has fewer hashes than this, whichever kind of proof it is.
    private static let maximumPath = 128

    /// Whether a line is that of a proof, be it right or wrong.
    public static func isOne(_ line: [UInt8]) -> Bool {
        guard line.firstRange(of: Array(format.utf8)) != nil, let json = try? JSONValue(parsing: line) else {
            return false
        }
        return json["format"]?.string == format
    }

    /// The line, without its line feed.
    public var bytes: [UInt8] {
        var object: JSONObject = [:]
        object["format"] = .string(Self.format)
        object["version"] = .integer(Int64(Self.version))
        switch self {
        case .event(let proof):
            object["event"] = .integer(Int64(proof.inclusion.index))
            object["previous"] = .string(proof.previous.hex)
            object["path"] = Self.json(proof.inclusion.path)
            object["checkpoint"] = .string(proof.note.description)
            let content = proof.bytes.map { ExportContent.whole($0) }
            let redacted = ExportContent.redacted(length: proof.length, digest: proof.digest)
            (content ?? redacted).put(in: &object)
        case .growth(let proof):
            object["since"] = .string(proof.first.description)
            object["checkpoint"] = .string(proof.second.description)
            object["path"] = Self.json(proof.path)
        }
        return JSONValue.object(object).canonicalBytes
    }

    /// Reads a line, without its line feed; nothing is checked but its form.
    ///
    /// - Throws: ``ProofError`` with `.malformed` for anything but the one spelling of a proof, `.versionTooNew`.
    public init(_ bytes: [UInt8]) throws(ProofError) {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw ProofError(.malformed, "byte \(error.offset + 1): \(error.message)")
        }
        guard json["format"]?.string == Self.format, let version = json["version"]?.count else {
            throw ProofError(.malformed, "this is no proof")
        }
        guard version <= Self.version else {
            throw ProofError(.versionTooNew, "the proof is of version \(version); read it with a later agency")
        }
        guard let proof = try Self.read(json), proof.bytes == bytes else {
            throw ProofError(.malformed, "this is not spelt as proofs are")
        }
        self = proof
    }

    private static func json(_ path: [Digest]) -> JSONValue { .array(path.map { JSONValue.string($0.hex) }) }

    private static func read(_ json: JSONValue) throws(ProofError) -> RecordProof? {
        guard let hashes = json["path"]?.array, hashes.count <= maximumPath, let text = json["checkpoint"]?.string
        else {
            return nil
        }
        let path = hashes.compactMap(\.digest)
        let note = try SignedNote(parsing: Array(text.utf8))
        if let since = json["since"]?.string {
            return .growth(GrowthProof(first: try SignedNote(parsing: Array(since.utf8)), second: note, path: path))
        }
        // How many events there are is the checkpoint's word alone.
        guard let place = json["event"]?.count, let previous = json["previous"]?.digest,
            let content = ExportContent(json, digest: json["digest"]?.digest)
        else { return nil }
        if case .pieces = content { return nil }
        let inclusion = InclusionProof(index: place, size: try Checkpoint(note.text).size, path: path)
        return .event(EventProof(previous: previous, content: content, inclusion: inclusion, note: note))
    }
}

extension Checkpoint {
    /// Compares a checkpoint that was kept elsewhere with those that a proof speaks of.
    ///
    /// - Parameter mentioned: What the proof speaks of.
    /// - Throws: ``ProofError`` with `.mismatch` when they contradict it, `.unusable` when they say nothing of it.
    public func compare(with mentioned: [Checkpoint]) throws(ProofError) {
        var isMentioned = false
        for other in mentioned {
            guard other.run == run, other.log == log else {
                throw ProofError(.mismatch, "the checkpoint that you kept is of another run, or of another log: \(run)")
            }
            guard other.size == size else { continue }
            isMentioned = true
            guard other.root == root, other.head == head else {
                throw ProofError(
                    .mismatch,
                    "the proof speaks of \(size) events that are not those of the checkpoint that you kept: the record was "
                        + "rewritten"
                )
            }
        }
        guard isMentioned else {
            throw ProofError(
                .unusable,
                "the proof says nothing of the \(size) events of the checkpoint that you kept; ask for a proof with: agency "
                    + "prove \(run) --since FILE"
            )
        }
    }
}
