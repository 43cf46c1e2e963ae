// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// An address of the internet, of 4 or 16 bytes.
public struct NetworkAddress: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The bytes in the order in which they are sent.
    public let bytes: [UInt8]

    /// Makes an address of 4 or 16 bytes; `nil` for any other number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads an address as it is usually written: four decimal numbers, or IPv6 without brackets and zone.
    ///
    /// Numbers with a leading nought, hexadecimal ones and fewer than four are none: programs differ on what they mean.
    public init?(_ text: String) {
        guard text.utf8.count <= 45, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let isLong = text.utf8.contains(UInt8(ascii: ":"))
        var buffer = [UInt8](repeating: 0, count: isLong ? 16 : 4)
        guard inet_pton(isLong ? AF_INET6 : AF_INET, text, &buffer) == 1 else { return nil }
        self.bytes = buffer
        // One way of writing each, so that what was declared and what is asked for can be compared.
        guard isLong || text == description else { return nil }
    }

    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let address = NetworkAddress(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no address")
        }
        self = address
    }

    /// Writes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// The usual way of writing it.
    public var description: String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Why it is no address of a host of the internet that anybody can reach; `nil` when it is one.
    ///
    /// > Source: IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890); RFC 6052, 3056 and 4380 for addresses that
    /// > hold another; the documentation of clouds for where they serve a machine's own credentials.
    public var specialUse: String? { bytes.count == 4 ? Self.specialUse(bytes) : longSpecialUse }

    private static func specialUse(_ bytes: [UInt8]) -> String? {
        let number = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        for (prefix, length, use) in ranges where number >> (32 - length) == prefix >> (32 - length) { return use }
        return nil
    }

    private static let ranges: [(UInt32, UInt32, String)] = [
        (0x0000_0000, 8, "this network"), (0x0A00_0000, 8, "private"), (0x6440_0000, 10, "private to a provider"),
        (0x7F00_0000, 8, "loopback"), (0xA9FE_0000, 16, "link-local"), (0xAC10_0000, 12, "private"),
        (0xC000_0000, 24, "for protocols"), (0xC000_0200, 24, "for documentation"), (0xC058_6300, 24, "of relays"),
        (0xC0A8_0000, 16, "private"), (0xC612_0000, 15, "for benchmarks"), (0xC633_6400, 24, "for documentation"),
        (0xCB00_7100, 24, "for documentation"), (0xE000_0000, 4, "multicast"), (0xF000_0000, 4, "reserved"),
        // Public by its number, and served inside a cloud to the machine that asks.
        (0xA83F_8110, 32, "of a machine's metadata"),
    ]

    private var longSpecialUse: String? {
        func begins(_ prefix: UInt8...) -> Bool { bytes.starts(with: prefix) }
        func inner(_ range: Range<Int>) -> String? { Self.specialUse(Array(bytes[range])) }
        if bytes[..<15].allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? "loopback" : "this network" }
        if bytes[..<10].allSatisfy({ $0 == 0 }) { return inner(12..<16) ?? "of IPv4 in disguise" }
        if begins(0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0) { return inner(12..<16) }
        switch bytes[0] {
        case 0xFC, 0xFD: return "private"
        case 0xFE: return bytes[1] & 0xC0 == 0x80 ? "link-local" : "of one site"
        case 0xFF: return "multicast"
        default: break
        }
        // Unicast of the whole world is below one prefix.
        guard bytes[0] & 0xE0 == 0x20 else { return "reserved" }
        if begins(0x20, 0x02) { return inner(2..<6) ?? "of a tunnel" }
        if begins(0x20, 0x01, 0, 0) { return "of a tunnel" }
        if begins(0x20, 0x01), bytes[2] < 2 { return "for protocols" }
        if begins(0x20, 0x01, 0x0D, 0xB8) || (begins(0x3F, 0xFF) && bytes[2] < 0x10) { return "for documentation" }
        return nil
    }
}
