// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A word that reads as text once it is decoded, as people and models pass on what is not to be seen.
///
/// > Source: RFC 4648, sections 4 and 5.
struct Base64Word {
    /// The fewest letters that can lead anywhere.
    static let shortest = 12

    /// What it says.
    let text: String

    /// Decodes a word without its padding; `nil` when it is too short to lead anywhere, or no text in ASCII comes of it.
    init?(_ word: ArraySlice<Unicode.Scalar>) {
        guard word.count >= Self.shortest, word.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for scalar in word {
            guard let six = Self.value(scalar.value) else { return nil }
            bits = bits << 6 | six
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            let byte = UInt8(truncatingIfNeeded: bits >> UInt32(count))
            guard (0x20...0x7E).contains(byte) || byte == 0x0A else { return nil }
            bytes.append(byte)
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func value(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x41...0x5A: scalar - 0x41
        case 0x61...0x7A: scalar - 0x61 + 26
        case 0x30...0x39: scalar - 0x30 + 52
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }
}
