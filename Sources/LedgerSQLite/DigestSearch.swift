// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Finds whatever could be a digest in the bytes of an event: 64 hexadecimal digits anywhere, in either case.
enum DigestSearch {
    static func collect(from bytes: [UInt8], into found: inout Set<Digest>) {
        scan(bytes, &found)
        // Digits can be spelt as escapes in JSON; then the texts are searched as they read.
        guard bytes.contains(UInt8(ascii: "\\")), let json = try? JSONValue(parsing: bytes) else { return }
        search(json, &found)
    }

    private static func search(_ json: JSONValue, _ found: inout Set<Digest>) {
        switch json {
        case .string(let text): scan(Array(text.utf8), &found)
        case .array(let values): for value in values { search(value, &found) }
        case .object(let object):
            for (key, value) in object {
                scan(Array(key.utf8), &found)
                search(value, &found)
            }
        case .null, .bool, .integer, .number: break
        }
    }

    private static func scan(_ bytes: [UInt8], _ found: inout Set<Digest>) {
        var nibbles: [UInt8] = []
        for byte in bytes {
            guard let nibble = nibble(byte) else {
                nibbles.removeAll(keepingCapacity: true)
                continue
            }
            nibbles.append(nibble)
            // Within a longer row of digits every 64 of them count.
            guard nibbles.count >= 64 else { continue }
            let last = nibbles.suffix(64)
            let octets = stride(from: last.startIndex, to: last.endIndex, by: 2).map { last[$0] << 4 | last[$0 + 1] }
            if let digest = Digest(octets: octets) { found.insert(digest) }
        }
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
