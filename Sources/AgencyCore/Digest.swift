// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema
import COpenSSL

/// The SHA-256 digest of some bytes, as 64 lower-case hexadecimal digits.
///
/// > Source: FIPS 180-4 <https://doi.org/10.6028/NIST.FIPS.180-4>, as implemented by OpenSSL's libcrypto.
public struct Digest: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    // The 32 bytes, most significant first: inline, because there is one or more for every event.
    private let a: UInt64
    private let b: UInt64
    private let c: UInt64
    private let d: UInt64

    /// Takes the digits of a digest that was computed before.
    ///
    /// - Returns: `nil` unless there are exactly 64 lower-case hexadecimal digits; another spelling of the same number is
    ///   refused, so that two texts never stand for one digest.
    public init?(hex: String) {
        guard hex.utf8.count == 64 else { return nil }
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        for digit in hex.utf8 {
            guard let value = Self.value(of: digit) else { return nil }
            words.0 = words.0 << 4 | words.1 >> 60
            words.1 = words.1 << 4 | words.2 >> 60
            words.2 = words.2 << 4 | words.3 >> 60
            words.3 = words.3 << 4 | value
        }
        (a, b, c, d) = words
    }

    /// Makes a digest from its 32 bytes, or returns `nil` when there are not 32.
    public init?(octets: some Collection<UInt8>) {
        guard octets.count == 32 else { return nil }
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        for octet in octets {
            words.0 = words.0 << 8 | words.1 >> 56
            words.1 = words.1 << 8 | words.2 >> 56
            words.2 = words.2 << 8 | words.3 >> 56
            words.3 = words.3 << 8 | UInt64(octet)
        }
        (a, b, c, d) = words
    }

    /// Makes a digest from its 32 bytes in memory, or returns `nil` when there are not 32.
    public init?(octets: UnsafeRawBufferPointer) {
        guard octets.count == 32 else { return nil }
        a = UInt64(bigEndian: octets.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        b = UInt64(bigEndian: octets.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        c = UInt64(bigEndian: octets.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
        d = UInt64(bigEndian: octets.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
    }

    /// Computes the digest of bytes.
    public init(of bytes: some Sequence<UInt8>) {
        let known = bytes.withContiguousStorageIfAvailable { Digest(of: UnsafeRawBufferPointer($0)) }
        self = known ?? Array(bytes).withUnsafeBytes { Digest(of: $0) }
    }

    /// Computes the digest of bytes in memory.
    public init(of bytes: UnsafeRawBufferPointer) {
        self = withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { output in
            var length: UInt32 = 0
            let status = EVP_Digest(bytes.baseAddress, bytes.count, output.baseAddress, &length, Self.algorithm, nil)
            // Only an out-of-memory condition or a library built without SHA-256 can bring this about.
            guard status == 1, length == 32, let digest = Digest(octets: UnsafeRawBufferPointer(output)) else {
                preconditionFailure("libcrypto could not compute a SHA-256 digest")
            }
            return digest
        }
    }

    // Fetched once: `EVP_sha256()` makes libcrypto look the algorithm up for each digest, which takes longer than to
    // digest an event. It is never written again, and libcrypto lets threads share it.
    private nonisolated(unsafe) static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    /// Calls a body with the 32 bytes, which are valid during the call only.
    public func withUnsafeOctets<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let words = (a.bigEndian, b.bigEndian, c.bigEndian, d.bigEndian)
        return try Swift.withUnsafeBytes(of: words, body)
    }

    /// The 64 digits.
    public var hex: String {
        String(unsafeUninitializedCapacity: 64) { digits in
            var place = 0
            for word in [a, b, c, d] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    let value = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 15
                    digits[place] = value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
                    place += 1
                }
            }
            return 64
        }
    }

    /// The 32 bytes.
    public var octets: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { octets, count in
            for (index, word) in [a, b, c, d].enumerated() {
                for byte in 0..<8 {
                    octets[index * 8 + byte] = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * byte))
                }
            }
            count = 32
        }
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
    public static func < (left: Digest, right: Digest) -> Bool {
        (left.a, left.b, left.c, left.d) < (right.a, right.b, right.c, right.d)
    }

    private static func value(of digit: UInt8) -> UInt64? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(digit - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(digit - UInt8(ascii: "a") + 10)
        default: nil
        }
    }
}
