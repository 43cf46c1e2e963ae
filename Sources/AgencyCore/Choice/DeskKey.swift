// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The public half of the key with which a desk signs choices: the terminal of a person, a console.
///
/// A run records at its start the keys that it takes choices from; nothing that is recorded later adds one.
public struct DeskKey: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What people call the desk, as in `ada@laptop`; it proves nothing.
    public let name: String
    /// The Ed25519 public key as 64 lower-case hexadecimal digits.
    public let publicKey: String

    /// Makes a key, or returns `nil` for a name of other than 1 to 128 visible ASCII characters or a key of other than 32
    /// bytes.
    public init?(name: String, publicKey: [UInt8]) {
        guard publicKey.count == Ed25519.keyBytes, Self.isName(name) else { return nil }
        self.name = name
        self.publicKey = Hexadecimal.text(publicKey)
    }

    /// Reads `name+id+key`, as ``description`` writes it; `nil` when the parts do not belong together.
    public init?(_ text: String) {
        let parts = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let bytes = Hexadecimal.bytes(parts[2]),
            let key = DeskKey(name: parts[0], publicKey: bytes), key.id == parts[1]
        else { return nil }
        self = key
    }

    /// The first 16 digits of the digest of the public key: no two keys share one by chance.
    public var id: String { String(Digest(of: "OpenAgency desk key\n" + publicKey).hex.prefix(16)) }

    /// `name+id+key`.
    public var description: String { "\(name)+\(id)+\(publicKey)" }

    /// `name+id`: enough for people to tell desks apart.
    public var short: String { "\(name)+\(id)" }

    /// Whether a signature of some bytes, in hexadecimal digits, was made with this key.
    public func verifies(_ signature: String, of bytes: [UInt8]) -> Bool {
        guard let key = Hexadecimal.bytes(publicKey), let signature = Hexadecimal.bytes(signature) else { return false }
        return Ed25519.verify(signature, of: bytes, by: key)
    }

    /// Reads a key and refuses one that could not be made.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(String.self, forKey: .name)
        let digits = try container.decode(String.self, forKey: .publicKey)
        guard let bytes = Hexadecimal.bytes(digits), let key = DeskKey(name: name, publicKey: bytes) else {
            throw DecodingError.dataCorruptedError(forKey: .publicKey, in: container, debugDescription: "no desk key")
        }
        self = key
    }

    private static func isName(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "+") }
    }
}

/// Lower-case hexadecimal digits, of which every row of bytes has exactly one spelling.
public enum Hexadecimal {
    /// Writes bytes as digits, two for each.
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Reads digits, or returns `nil` for an odd number of them or anything that is none.
    public static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.utf8 {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }
}
