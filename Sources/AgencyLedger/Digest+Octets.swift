// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

package import AgencyCore

extension Digest {
    /// The 32 bytes that the digits stand for.
    package var octets: [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(32)
        var high: UInt8?
        for digit in hex.utf8 {
            let value = digit < UInt8(ascii: "a") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
            if let first = high {
                octets.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return octets
    }

    /// Makes a digest from its 32 bytes, or returns `nil` when there are not 32.
    package init?(octets: some Collection<UInt8>) {
        guard octets.count == 32 else { return nil }
        let alphabet = Array("0123456789abcdef".utf8)
        var digits: [UInt8] = []
        digits.reserveCapacity(64)
        for octet in octets {
            digits.append(alphabet[Int(octet >> 4)])
            digits.append(alphabet[Int(octet & 15)])
        }
        self.init(hex: String(decoding: digits, as: UTF8.self))
    }
}
