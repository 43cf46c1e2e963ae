// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// The shapes of declarations as JSON Schema, for editors to complete and check while a person writes.
///
/// An editor sees what lies within one name; that roles and stages fit together is checked by reading.
public enum DeclarationSchema {
    /// The schema of a name: one of ``names``.
    public static func named(_ name: String) -> JSONSchema? {
        switch name {
        case "architecture": architecture
        case "brief": brief
        case "profiles": profiles
        case "baseline": baseline
        case "tools": tools
        case "trace": trace
        case "policy": policy
        case "questions": questions
        default: nil
        }
    }

    /// The names of the schemas.
    public static let names = [
        "architecture", "brief", "profiles", "baseline", "tools", "trace", "policy", "questions",
    ]

    /// Makes the root of a schema.
    static func document(_ title: String, _ schema: JSONSchema, definitions: JSONObject = [:]) -> JSONSchema {
        var object: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema", "title": .string(title)]
        for (key, value) in schema.json.object ?? [:] { object[key] = value }
        if !definitions.isEmpty { object["$defs"] = .object(definitions) }
        return JSONSchema(.object(object))
    }

    /// A reference into the definitions of a root.
    static func reference(_ name: String) -> JSONSchema { JSONSchema(["$ref": .string("#/$defs/\(name)")]) }

    /// A mapping from names that the author makes up.
    static func named(_ about: String, _ element: JSONSchema, count: ClosedRange<Int>) -> JSONSchema {
        JSONSchema([
            "type": "object",
            "description": .string(about),
            "propertyNames": name("A name.").json,
            "additionalProperties": element.json,
            "minProperties": .integer(Int64(count.lowerBound)),
            "maxProperties": .integer(Int64(count.upperBound)),
        ])
    }

    /// A mapping with exactly one of several names.
    static func one(_ about: String, _ properties: KeyValuePairs<String, JSONSchema>) -> JSONSchema {
        JSONSchema([
            "type": "object",
            "description": .string(about),
            "properties": .object(JSONObject(properties.map { (key: $0.key, value: $0.value.json) })),
            "additionalProperties": false,
            "minProperties": 1,
            "maxProperties": 1,
        ])
    }
}
