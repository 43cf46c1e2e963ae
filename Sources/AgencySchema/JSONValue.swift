// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A JSON value, with integers kept apart from other numbers and objects that remember the order of their keys.
///
/// > Source: RFC 8259 <https://www.rfc-editor.org/rfc/rfc8259>.
public enum JSONValue: Sendable, Hashable {
    /// The literal `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number written without fraction or exponent that fits in 64 bits.
    case integer(Int64)
    /// Any other finite number.
    case number(Double)
    /// A Unicode string.
    case string(String)
    /// An ordered list of values.
    case array([JSONValue])
    /// A mapping from names to values.
    case object(JSONObject)
}

extension JSONValue {
    /// The value under a key, or `nil` when this is not an object or has no such key.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    /// The element at a position, or `nil` when this is not an array or is shorter.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let array) = self, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// The string, or `nil` when this is not a string.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The truth value, or `nil` when this is not one.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// The integer, or `nil` when this is not a whole number that fits in 64 bits.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The number as a double, or `nil` when this is not a number.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The elements, or `nil` when this is not an array.
    public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

    /// The object, or `nil` when this is not one.
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

    /// Whether this is the literal `null`.
    public var isNull: Bool { if case .null = self { true } else { false } }

    /// The name that JSON Schema gives to this kind of value.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// Makes a string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Makes an integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Makes a number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// Makes a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Makes an array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Makes an object; a later duplicate key replaces an earlier one.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { (key: $0.0, value: $0.1) }))
    }
    /// Makes `null`.
    public init(nilLiteral: ()) { self = .null }
}
