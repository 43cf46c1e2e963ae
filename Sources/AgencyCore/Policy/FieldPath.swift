// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// The way to a field of an argument or of a result: `event/guests`, `messages/*/body`.
///
/// A JSON Pointer without its first stroke, in which `*` is every element of a list. `a.b` and `a[0].b` are read as well.
/// The empty path is the whole value.
public struct FieldPath: Hashable, Sendable, CustomStringConvertible {
    /// The names and positions on the way.
    public let tokens: [String]

    /// Reads a path.
    public init(_ text: String) {
        let isPointer = text.utf8.contains(UInt8(ascii: "/"))
        let parts =
            isPointer
            ? text.split(separator: "/").map(String.init)
            : text.split { ".[]".contains($0) }.map(String.init)
        tokens =
            isPointer && text.utf8.contains(UInt8(ascii: "~"))
            ? parts.map { $0.replacing("~1", with: "/").replacing("~0", with: "~") } : parts
    }

    private init(tokens: [String]) { self.tokens = tokens }

    /// The path without positions in lists: the one under which a manifest speaks of all elements alike.
    public var general: FieldPath { FieldPath(tokens: tokens.filter { $0 != "*" && Int($0) == nil }) }

    /// Whether the other path leads to this field or into it.
    public func contains(_ other: FieldPath) -> Bool { other.tokens.starts(with: tokens) }

    /// The parts of a value that the path leads to; several where it has a `*`.
    public func parts(of value: JSONValue) -> [JSONValue] {
        var values = [value]
        for token in tokens {
            values = values.flatMap { value -> [JSONValue] in
                switch value {
                case .object(let object): object[token].map { [$0] } ?? []
                case .array(let array):
                    if token == "*" {
                        array
                    } else if let index = Int(token), array.indices.contains(index) {
                        [array[index]]
                    } else {
                        array.flatMap { FieldPath(tokens: [token]).parts(of: $0) }
                    }
                default: []
                }
            }
        }
        return values
    }

    /// The path as it is written, which reads as the same path.
    public var description: String {
        // Without a stroke, a name is read as it stands, but for the marks that part names.
        if tokens.count == 1, !tokens[0].contains(where: { "/.[]".contains($0) }) { return tokens[0] }
        let path = tokens.map(\.pointerEscaped).joined(separator: "/")
        return tokens.count == 1 ? "/" + path : path
    }
}

extension FieldPath: Codable {
    /// Reads the text.
    public init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
