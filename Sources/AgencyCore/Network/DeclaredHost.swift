// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A host with a port that a program may reach, exactly as a person declared it.
///
/// There are no wildcards: one name, or one address, and one port.
public struct DeclaredHost: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name in small letters, or the address as it is usually written.
    public let name: String
    /// The port.
    public let port: Int

    /// The port where none is declared: that of HTTPS.
    public static let usualPort = 443

    /// Reads `name`, `name:port`, `192.0.2.1:port` or `[2001:db8::1]:port`; `nil` for anything else.
    public init?(_ text: String) { self.init(text, usualPort: Self.usualPort) }

    /// Reads the same with a port, which must be there.
    public init?(withPort text: String) { self.init(text, usualPort: nil) }

    private init?(_ text: String, usualPort: Int?) {
        let bytes = Array(text.utf8)
        guard (1...300).contains(bytes.count) else { return nil }
        var name = bytes[...]
        var port = usualPort
        let isBracketed = bytes[0] == UInt8(ascii: "[")
        // The colon before the port is the last one, and behind the bracket if there is one.
        let colon = bytes.lastIndex(of: UInt8(ascii: ":")).flatMap { colon in
            isBracketed && bytes[colon...].contains(UInt8(ascii: "]")) ? nil : colon
        }
        if let colon {
            name = bytes[..<colon]
            guard let number = Self.port(bytes[(colon + 1)...]) else { return nil }
            port = number
        }
        guard let port else { return nil }
        if isBracketed {
            guard name.last == UInt8(ascii: "]"), name.count > 2,
                let address = NetworkAddress(String(decoding: name.dropFirst().dropLast(), as: UTF8.self)),
                address.bytes.count == 16
            else { return nil }
            self.name = address.description
        } else {
            guard let name = Self.name(name) else { return nil }
            self.name = name
        }
        self.port = port
    }

    private static func port(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...5).contains(digits.count), digits.first != UInt8(ascii: "0"),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(String(decoding: digits, as: UTF8.self)).flatMap { (1...65535).contains($0) ? $0 : nil }
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        let small = bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let labels = small.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard isName(small), let last = labels.last else { return nil }
        let text = String(decoding: small, as: UTF8.self)
        // What ends in a number is an address to some programs, whatever is before it.
        let isNumber = last.allSatisfy { (0x30...0x39).contains($0) } || last.starts(with: Array("0x".utf8))
        guard isNumber else { return text }
        return NetworkAddress(text)?.description
    }

    /// Whether bytes, in small letters, are a name that a machine can have, such as `desk.example.org`.
    ///
    /// > Source: RFC 1123, 2.1, for the letters and lengths.
    public static func isName(_ small: [UInt8]) -> Bool {
        small.count <= 253
            && small.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        (1...63).contains(label.count) && label.first != 0x2D && label.last != 0x2D
            && label.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    /// The address, when it was declared by one and not by a name.
    public var address: NetworkAddress? { NetworkAddress(name) }

    /// The host with its port.
    public var description: String { name.utf8.contains(UInt8(ascii: ":")) ? "[\(name)]:\(port)" : "\(name):\(port)" }

    /// Reads the text form.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let host = DeclaredHost(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "this is no host")
        }
        self = host
    }

    /// Writes the text form.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
