// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The way to a part of a JSON value: `/steps/0/action`.
///
/// > Source: RFC 6901 <https://www.rfc-editor.org/rfc/rfc6901>.
public struct JSONPointer: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The names and positions on the way, without their escapes.
    public let tokens: [String]

    /// Reads a pointer: empty for the whole value, else each part after a “/”, with `~1` for “/” and `~0` for “~”.
    ///
    /// - Returns: `nil` when it does not begin with “/” or has a “~” that escapes nothing.
    public init?(_ text: String) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        var tokens: [String] = []
        for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let token = Self.unescape(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    private static func unescape(_ part: Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        var isEscape = false
        for byte in part {
            switch (isEscape, byte) {
            case (false, UInt8(ascii: "~")): isEscape = true
            case (false, _): bytes.append(byte)
            case (true, UInt8(ascii: "0")), (true, UInt8(ascii: "1")):
                bytes.append(byte == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/"))
                isEscape = false
            case (true, _): return nil
            }
        }
        return isEscape ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Reads the text of a pointer.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let pointer = JSONPointer(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a JSON pointer")
        }
        self = pointer
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// The text that it is read from.
    public var description: String {
        tokens.map { "/" + $0.pointerEscaped }.joined()
    }
}

extension String {
    /// This name as one part of a JSON Pointer, with `~1` for “/” and `~0` for “~”.
    public var pointerEscaped: String {
        guard utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return self }
        return replacing("~", with: "~0").replacing("/", with: "~1")
    }
}

extension JSONValue {
    /// The part of the value that a pointer leads to, or `nil` when there is none.
    public subscript(pointer: JSONPointer) -> JSONValue? {
        var value = self
        for token in pointer.tokens {
            switch value {
            case .object(let object):
                guard let next = object[token] else { return nil }
                value = next
            case .array(let array):
                // “01” and “+1” are no positions.
                guard let index = Int(token), String(index) == token, array.indices.contains(index) else { return nil }
                value = array[index]
            default: return nil
            }
        }
        return value
    }
}
