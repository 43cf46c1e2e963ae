// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema
import COpenSSL

/// The SHA-256 digest of some bytes, as 64 lower-case hexadecimal digits.
///
/// > Source: FIPS 180-4 <https://doi.org/10.6028/NIST.FIPS.180-4>, as implemented by OpenSSL's libcrypto.
public struct Digest: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The digits.
    public let hex: String

    /// Takes the digits of a digest that was computed before.
    ///
    /// - Returns: `nil` unless there are exactly 64 lower-case hexadecimal digits; another spelling of the same number is
    ///   refused, so that two texts never stand for one digest.
    public init?(hex: String) {
        guard hex.utf8.count == 64, hex.utf8.allSatisfy(Self.isDigit) else { return nil }
        self.hex = hex
    }

    /// Computes the digest of bytes.
    public init(of bytes: some Sequence<UInt8>) {
        let input = Array(bytes)
        var output = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        let status = EVP_Digest(input, input.count, &output, &length, EVP_sha256(), nil)
        // Only an out-of-memory condition or a library built without SHA-256 can bring this about.
        precondition(status == 1 && length == 32, "libcrypto could not compute a SHA-256 digest")
        var digits: [UInt8] = []
        digits.reserveCapacity(64)
        for byte in output {
            digits.append(Self.alphabet[Int(byte >> 4)])
            digits.append(Self.alphabet[Int(byte & 15)])
        }
        hex = String(decoding: digits, as: UTF8.self)
    }

    /// Computes the digest of a text's UTF-8 bytes.
    public init(of text: String) { self.init(of: text.utf8) }

    /// Computes the digest of a value's canonical JSON.
    public init(of json: JSONValue) { self.init(of: json.canonicalBytes) }

    /// Computes the digest of the canonical JSON of anything that can be written as JSON.
    ///
    /// - Throws: what the value's own encoding throws.
    public init(encoding value: some Encodable) throws { self.init(of: try JSONValue(encoding: value)) }

    /// Reads the digits; another spelling is refused.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let digest = Digest(hex: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a SHA-256 digest")
        }
        self = digest
    }

    /// Writes the digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }

    /// The first 12 digits, for people to tell digests apart.
    public var short: String { String(hex.prefix(12)) }

    /// The digits.
    public var description: String { hex }

    /// Orders by the digits.
    public static func < (left: Digest, right: Digest) -> Bool { left.hex < right.hex }

    private static let alphabet = Array("0123456789abcdef".utf8)
    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
