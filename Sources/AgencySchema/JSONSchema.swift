// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A JSON Schema: the shape that a JSON value must have.
///
/// The subset is the one that models and editors share: `type`, `properties`, `required`, `additionalProperties`,
/// `items`, `enum`, `const`, bounds on numbers, lengths and counts, `pattern`, `anyOf`, and `$ref` into `$defs`.
///
/// > Source: JSON Schema 2020-12 <https://json-schema.org/draft/2020-12>.
public struct JSONSchema: Sendable, Hashable {
    /// The schema itself, as JSON.
    public var json: JSONValue

    /// Takes a schema that is written as JSON; ``faults()`` tells whether it is one.
    public init(_ json: JSONValue) { self.json = json }

    /// Accepts anything.
    public static let any = JSONSchema([:])

    /// Text, with optional bounds on its length in characters and a regular expression that must match somewhere in it.
    public static func string(
        _ about: String? = nil,
        minLength: Int? = nil,
        maxLength: Int? = nil,
        pattern: String? = nil
    ) -> JSONSchema {
        make(
            "string",
            about,
            [
                ("minLength", minLength.map { .integer(Int64($0)) }),
                ("maxLength", maxLength.map { .integer(Int64($0)) }),
                ("pattern", pattern.map { .string($0) }),
            ]
        )
    }

    /// One of a closed list of words.
    public static func oneOf(_ words: [String], _ about: String? = nil) -> JSONSchema {
        make("string", about, [("enum", .array(words.map { .string($0) }))])
    }

    /// A number within inclusive bounds.
    public static func number(_ about: String? = nil, in range: ClosedRange<Double>? = nil) -> JSONSchema {
        make(
            "number",
            about,
            [("minimum", range.map { .number($0.lowerBound) }), ("maximum", range.map { .number($0.upperBound) })]
        )
    }

    /// A whole number within inclusive bounds.
    public static func integer(_ about: String? = nil, in range: ClosedRange<Int>? = nil) -> JSONSchema {
        make(
            "integer",
            about,
            [
                ("minimum", range.map { .integer(Int64($0.lowerBound)) }),
                ("maximum", range.map { .integer(Int64($0.upperBound)) }),
            ]
        )
    }

    /// True or false.
    public static func boolean(_ about: String? = nil) -> JSONSchema { make("boolean", about, []) }

    /// A list whose elements all have one shape.
    public static func array(
        of element: JSONSchema,
        _ about: String? = nil,
        minItems: Int? = nil,
        maxItems: Int? = nil
    ) -> JSONSchema {
        make(
            "array",
            about,
            [
                ("items", element.json),
                ("minItems", minItems.map { .integer(Int64($0)) }),
                ("maxItems", maxItems.map { .integer(Int64($0)) }),
            ]
        )
    }

    /// An object with these properties and no others; all are required but the optional ones.
    public static func object(
        _ properties: KeyValuePairs<String, JSONSchema>,
        optional: Set<String> = [],
        _ about: String? = nil
    ) -> JSONSchema {
        let required = properties.map(\.key).filter { !optional.contains($0) }
        return make(
            "object",
            about,
            [
                ("properties", .object(JSONObject(properties.map { (key: $0.key, value: $0.value.json) }))),
                ("required", .array(required.map { .string($0) })),
                ("additionalProperties", false),
            ]
        )
    }

    /// Either this shape or `null`.
    public var orNull: JSONSchema { JSONSchema(["anyOf": [json, ["type": "null"]]]) }

    private static func make(_ type: String, _ about: String?, _ keywords: [(String, JSONValue?)]) -> JSONSchema {
        var object: JSONObject = ["type": .string(type)]
        object["description"] = about.map { .string($0) }
        for (key, value) in keywords { if let value { object[key] = value } }
        return JSONSchema(.object(object))
    }
}

/// One way in which a value does not have the shape that a schema asks for.
public struct SchemaFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where in the value, as a JSON Pointer (RFC 6901); empty for the whole value.
    public var pointer: String
    /// What is wrong and what was expected.
    public var message: String

    /// Makes a fault.
    public init(pointer: String, message: String) {
        self.pointer = pointer
        self.message = message
    }

    /// `pointer: message`, with “the value” for the empty pointer.
    public var description: String { (pointer.isEmpty ? "the value" : pointer) + ": " + message }
}
