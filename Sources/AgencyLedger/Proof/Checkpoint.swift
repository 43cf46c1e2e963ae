// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import Foundation

/// What a run's record was at some moment: how many events, and the root of the tree over them.
///
/// Signed and kept elsewhere, it lets anyone tell later that the record was cut or rewritten. It is written as
///
/// ```
/// openagency/<hash of the first event>/<run>
/// <number of events>
/// <root, in base64>
/// head <hash of the last event>
/// time <UTC>
/// ```
///
/// The first event's hash is the identity of the log: two records under one name that begin differently are two logs.
///
/// > Source: C2SP tlog-checkpoint <https://c2sp.org/tlog-checkpoint>; `head` and `time` are extension lines.
public struct Checkpoint: Sendable, Hashable {
    /// The hash of the first event: the identity of the log.
    public let log: Digest
    /// The run.
    public let run: RunID
    /// How many events the record has.
    public let size: Int
    /// The root of the Merkle tree over them.
    public let root: Digest
    /// The hash of the last of them.
    public let head: Digest
    /// When it was made, in milliseconds since 1970 UTC, as its signer's clock had it.
    public let atMilliseconds: Int64

    private static let prefix = "openagency"

    /// Makes a checkpoint of at least one event.
    public init(log: Digest, run: RunID, size: Int, root: Digest, head: Digest, atMilliseconds: Int64) {
        self.log = log
        self.run = run
        self.size = size
        self.root = root
        self.head = head
        self.atMilliseconds = atMilliseconds
    }

    /// Reads a checkpoint, of which there is one spelling.
    ///
    /// - Throws: ``ProofError`` with `.malformed`, naming the line.
    public init(_ text: String) throws(ProofError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 6, lines[5].isEmpty else {
            throw ProofError(.malformed, "a checkpoint has 5 lines; this is none, or one of a later version")
        }
        let origin = lines[0].split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard origin.count == 3, origin[0] == Self.prefix, let log = Digest(hex: origin[1]), !origin[2].isEmpty else {
            throw ProofError(.malformed, "a checkpoint begins with openagency/LOG/RUN", line: 1)
        }
        guard let size = Int(lines[1]), size > 0 else {
            throw ProofError(.malformed, "this is not a number of events", line: 2)
        }
        guard let root = Base64.bytes(lines[2]).flatMap({ Digest(octets: $0) }) else {
            throw ProofError(.malformed, "this is not a root", line: 3)
        }
        guard lines[3].hasPrefix("head "), let head = Digest(hex: String(lines[3].dropFirst(5))) else {
            throw ProofError(.malformed, "this is not the hash of the last event", line: 4)
        }
        guard lines[4].hasPrefix("time "), let time = Self.milliseconds(String(lines[4].dropFirst(5))) else {
            throw ProofError(.malformed, "this is not a time", line: 5)
        }
        self.init(log: log, run: RunID(origin[2]), size: size, root: root, head: head, atMilliseconds: time)
        guard self.text.utf8.elementsEqual(text.utf8) else {
            throw ProofError(.malformed, "the checkpoint is not spelt as checkpoints are")
        }
    }

    /// Reads a signed checkpoint that somebody trusted has signed.
    ///
    /// - Parameters:
    ///   - note: The note.
    ///   - keys: The keys that the verifier holds; nothing in the note can add to them.
    /// - Throws: ``ProofError``: as ``SignedNote/verified(by:)`` and ``init(_:)`` do.
    public init(_ note: SignedNote, signedByOneOf keys: [VerifierKey]) throws(ProofError) {
        try note.verified(by: keys)
        try self.init(note.text)
    }

    /// The text that is signed.
    public var text: String {
        "\(Self.prefix)/\(log)/\(run)\n\(size)\n\(Base64.text(root.octets))\nhead \(head)\ntime \(time)\n"
    }

    /// When it was made, as its signer's clock had it: `2026-11-21T12:00:00.000Z`.
    public var time: String {
        // The whole seconds apart, because a fraction of a binary number is not always printed as it was.
        let rest = (atMilliseconds % 1000 + 1000) % 1000
        let date = Date(timeIntervalSince1970: Double((atMilliseconds - rest) / 1000))
        let digits = String(rest)
        let fraction = String(repeating: "0", count: 3 - digits.count) + digits
        return date.formatted(Self.style).dropLast() + "." + fraction + "Z"
    }

    private static let style = Date.ISO8601FormatStyle()

    private static func milliseconds(_ text: String) -> Int64? {
        let text = Array(text.utf8)
        guard text.count == 24, text[19] == UInt8(ascii: "."), text[23] == UInt8(ascii: "Z"),
            let fraction = Int64(String(decoding: text[20..<23], as: UTF8.self)),
            let date = try? style.parse(String(decoding: text[..<19], as: UTF8.self) + "Z"),
            let seconds = Int64(exactly: date.timeIntervalSince1970)
        else { return nil }
        return seconds * 1000 + fraction
    }
}
