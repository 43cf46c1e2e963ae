// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// An Ed25519 key that signs checkpoints.
///
/// Written `PRIVATE+KEY+name+hash+seed`, with 0x01 and the 32 bytes of the private key in base64: the form that
/// golang.org/x/mod/sumdb/note reads. It is a secret.
public struct SigningKey: CheckpointSigner, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The public half.
    public let verifierKey: VerifierKey
    private let seed: [UInt8]

    private static let prefix = "PRIVATE+KEY+"

    /// Makes a new key.
    ///
    /// - Parameters:
    ///   - name: The name of the key.
    ///   - generator: Where the secret comes from; it has to be fit for cryptography, as the system's own is.
    /// - Returns: The key.
    /// - Throws: ``ProofError`` with `.badKey` for a name that cannot be one.
    public static func make(
        name: String,
        using generator: inout some RandomNumberGenerator
    ) throws(ProofError) -> SigningKey {
        var seed: [UInt8] = []
        for _ in 0..<Ed25519.seedBytes { seed.append(UInt8.random(in: .min ... .max, using: &generator)) }
        return try SigningKey(name: name, seed: seed)
    }

    /// Makes a key from the 32 bytes of its secret.
    ///
    /// - Throws: ``ProofError`` with `.badKey` for a name or secret that cannot be one.
    public init(name: String, seed: [UInt8]) throws(ProofError) {
        guard let publicKey = Ed25519.publicKey(of: seed) else {
            throw ProofError(.badKey, "a private key has \(Ed25519.seedBytes) bytes, not \(seed.count)")
        }
        verifierKey = try VerifierKey(name: name, publicKey: publicKey)
        self.seed = seed
    }

    /// Reads the secret form.
    ///
    /// - Throws: ``ProofError`` with `.badKey`, which tells nothing of the secret.
    public init(secret text: String) throws(ProofError) {
        let parts = text.dropFirst(Self.prefix.count).split(separator: "+", maxSplits: 2).map(String.init)
        guard text.hasPrefix(Self.prefix), parts.count == 3, let bytes = Base64.bytes(parts[2]),
            bytes.first == VerifierKey.algorithm
        else { throw ProofError(.badKey, "this is no signing key; restore it from a copy, or make a new one") }
        try self.init(name: parts[0], seed: Array(bytes.dropFirst()))
        guard parts[1] == verifierKey.hashText else {
            throw ProofError(.badKey, "the signing key is spoilt; restore it from a copy, or make a new one")
        }
    }

    /// The secret form, to be written where only its owner can read it.
    public var secret: String {
        "\(Self.prefix)\(verifierKey.name)+\(verifierKey.hashText)+\(Base64.text([VerifierKey.algorithm] + seed))"
    }

    /// Signs some bytes.
    public func signature(of bytes: [UInt8]) throws -> [UInt8] {
        guard let signature = Ed25519.sign(bytes, with: seed) else {
            throw ProofError(.unavailable, "libcrypto could not sign; see that it offers Ed25519")
        }
        return signature
    }

    /// The public half: the secret is never printed by accident.
    public var description: String { verifierKey.short }
    /// The public half.
    public var debugDescription: String { description }
    /// The public half.
    public var customMirror: Mirror { Mirror(self, children: ["verifierKey": verifierKey]) }
}
