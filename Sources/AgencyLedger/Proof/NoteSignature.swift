// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// One signature of a note.
public struct NoteSignature: Sendable, Hashable {
    /// The name of the key.
    public let name: String
    /// What tells keys of one name apart.
    public let hash: UInt32
    /// The signature.
    public let bytes: [UInt8]

    /// Makes a signature from its parts.
    public init(name: String, hash: UInt32, bytes: [UInt8]) {
        self.name = name
        self.hash = hash
        self.bytes = bytes
    }

    /// Reads `— name base64`, of which there is one spelling.
    init?(line: String) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.elementsEqual("\u{2014}".utf8), VerifierKey.isName(parts[1]),
            let all = Base64.bytes(parts[2]), all.count > 4
        else { return nil }
        name = String(parts[1])
        hash = all.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        bytes = Array(all.dropFirst(4))
    }

    var line: String {
        let head = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: hash >> UInt32($0)) }
        return "\u{2014} \(name) \(Base64.text(head + bytes))"
    }

    /// `name+hash`.
    public var short: String { "\(name)+\(VerifierKey.text(hash))" }
}
