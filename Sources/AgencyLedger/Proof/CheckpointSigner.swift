// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Signs checkpoints: a key in a file, or something that keeps its key to itself.
public protocol CheckpointSigner: Sendable {
    /// The public half of the key.
    var verifierKey: VerifierKey { get }

    /// Signs some bytes.
    ///
    /// - Returns: The signature, 64 bytes.
    /// - Throws: what keeps it from signing; the record goes on without the checkpoint, and the next one covers it.
    func signature(of bytes: [UInt8]) throws -> [UInt8]
}

extension CheckpointSigner {
    /// Signs a text.
    ///
    /// - Throws: ``ProofError`` with `.malformed` for a text that cannot be signed; what ``signature(of:)`` throws.
    public func sign(_ text: String) throws -> SignedNote {
        let signature = try signature(of: Array(text.utf8))
        return try SignedNote(
            text: text,
            signatures: [NoteSignature(name: verifierKey.name, hash: verifierKey.hash, bytes: signature)]
        )
    }
}
