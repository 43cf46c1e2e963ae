// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The public half of a key that signs checkpoints: what a verifier holds, and trusts.
///
/// Written `name+hash+key`: the first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key) as 8 lower-case hexadecimal
/// digits, then 0x01 and the public key in base64.
///
/// > Source: C2SP signed-note <https://c2sp.org/signed-note>.
public struct VerifierKey: Sendable, Hashable, CustomStringConvertible {
    /// The name of the key.
    public let name: String
    /// The Ed25519 public key, 32 bytes.
    public let publicKey: [UInt8]
    /// What tells keys of one name apart.
    public let hash: UInt32

    static let algorithm: UInt8 = 1

    /// Makes a key.
    ///
    /// - Throws: ``ProofError`` with `.badKey` for a name that cannot be one or a key that is not 32 bytes long.
    public init(name: String, publicKey: [UInt8]) throws(ProofError) {
        guard Self.isName(name) else {
            throw ProofError(
                .badKey,
                "the name of a key is 1 to 128 visible ASCII characters without “+”; choose another name"
            )
        }
        guard publicKey.count == Ed25519.keyBytes else {
            throw ProofError(.badKey, "a public key has \(Ed25519.keyBytes) bytes, not \(publicKey.count)")
        }
        self.name = name
        self.publicKey = publicKey
        let digest = Digest(of: Array(name.utf8) + [0x0A, Self.algorithm] + publicKey)
        hash = digest.octets.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Reads `name+hash+key`.
    ///
    /// - Throws: ``ProofError`` with `.badKey`; ask for the key again.
    public init(_ text: String) throws(ProofError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let bytes = Base64.bytes(parts[2]), bytes.first == Self.algorithm else {
            throw ProofError(
                .badKey,
                "this is no verifier key; one is written name+hash+key, as agency key show prints it"
            )
        }
        try self.init(name: parts[0], publicKey: Array(bytes.dropFirst()))
        guard parts[1] == hashText else {
            throw ProofError(.badKey, "the hash in the verifier key is not that of its name and key; copy it again")
        }
    }

    /// `name+hash+key`.
    public var description: String { "\(name)+\(hashText)+\(Base64.text([Self.algorithm] + publicKey))" }

    /// `name+hash`: enough for people to tell keys apart.
    public var short: String { "\(name)+\(hashText)" }

    var hashText: String { Self.text(hash) }

    static func text(_ hash: UInt32) -> String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    static func isName(_ text: some StringProtocol) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "+") }
    }
}
