// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A reference to bytes that the ledger keeps once, by their digest: `sha256:…`.
public struct ArtefactReference: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The digest of the bytes.
    public var digest: Digest

    /// Refers to bytes by their digest.
    public init(_ digest: Digest) { self.digest = digest }

    /// `sha256:` and the digits.
    public var description: String { "sha256:" + digest.hex }

    /// Reads `sha256:…`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard text.hasPrefix("sha256:"), let digest = Digest(hex: String(text.dropFirst(7))) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "not a reference: \(text.prefix(80))"
            )
        }
        self.digest = digest
    }

    /// Writes `sha256:…`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
