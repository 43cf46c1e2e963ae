// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// A text with the signatures below it.
///
/// The text, an empty line, and a line `— name base64(hash of the key ‖ signature)` for each signature.
///
/// > Source: C2SP signed-note <https://c2sp.org/signed-note>.
public struct SignedNote: Sendable, Hashable, CustomStringConvertible {
    /// The longest note that is read, in bytes.
    public static let maximumBytes = 65_536
    /// The most signatures of a note.
    public static let maximumSignatures = 64

    /// The text that is signed; it ends in a line feed.
    public let text: String
    /// The signatures.
    public let signatures: [NoteSignature]

    /// Makes a note.
    ///
    /// - Throws: ``ProofError`` with `.malformed` for a text that cannot be signed.
    public init(text: String, signatures: [NoteSignature]) throws(ProofError) {
        guard text.utf8.last == 0x0A, Self.isPrintable(text.utf8) else {
            throw ProofError(.malformed, "a signed text consists of whole lines without control characters")
        }
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note; no signature is checked.
    ///
    /// - Throws: ``ProofError`` with `.malformed`, naming the line.
    public init(parsing bytes: [UInt8]) throws(ProofError) {
        guard bytes.count <= Self.maximumBytes else {
            throw ProofError(.malformed, "the note is longer than \(Self.maximumBytes) bytes")
        }
        guard String(validating: bytes, as: UTF8.self) != nil, Self.isPrintable(bytes) else {
            throw ProofError(.malformed, "the note is not plain UTF-8 text")
        }
        guard bytes.last == 0x0A else { throw ProofError(.malformed, "the note does not end in a line feed") }
        let lines = bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false)
        guard let gap = lines.lastIndex(where: \.isEmpty), gap > 0 else {
            throw ProofError(.malformed, "the note has no empty line before its signatures")
        }
        guard (1...Self.maximumSignatures).contains(lines.count - gap - 1) else {
            throw ProofError(.malformed, "the note has \(lines.count - gap - 1) signatures", line: gap + 1)
        }
        var signatures: [NoteSignature] = []
        for (offset, line) in lines[(gap + 1)...].enumerated() {
            guard let signature = NoteSignature(line: String(decoding: line, as: UTF8.self)) else {
                throw ProofError(.malformed, "this is not the line of a signature", line: gap + 2 + offset)
            }
            signatures.append(signature)
        }
        let text = lines[..<gap].map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
        try self.init(text: text, signatures: signatures)
    }

    /// Checks the signatures of those who are trusted; those of others count for nothing.
    ///
    /// - Parameter keys: The keys that the verifier holds.
    /// - Returns: The keys that have signed, at least one.
    /// - Throws: ``ProofError`` with `.badSignature` when a trusted key's signature is not right, `.untrusted` when there
    ///   is none.
    @discardableResult
    public func verified(by keys: [VerifierKey]) throws(ProofError) -> [VerifierKey] {
        var signers: [VerifierKey] = []
        for signature in signatures {
            for key in keys where key.name == signature.name && key.hash == signature.hash {
                guard Ed25519.verify(signature.bytes, of: Array(text.utf8), by: key.publicKey) else {
                    throw ProofError(.badSignature, "the signature of \(key.short) is not right: the text was changed")
                }
                if !signers.contains(key) { signers.append(key) }
            }
        }
        guard !signers.isEmpty else {
            let names = signatures.map(\.short).joined(separator: ", ")
            throw ProofError(.untrusted, "it is signed by \(names), and by none of the keys that you trust")
        }
        return signers
    }

    /// The note as it is written to a file.
    public var description: String { text + "\n" + signatures.map { $0.line + "\n" }.joined() }

    private static func isPrintable(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { ($0 >= 0x20 || $0 == 0x0A) && $0 != 0x7F }
    }
}
