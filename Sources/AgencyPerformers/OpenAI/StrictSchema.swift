// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// Tells whether a schema fits into the subset that OpenAI's strict mode takes.
///
/// A schema outside of it is sent without the strict flag and is then a hint, which the caller's own validation makes up
/// for.
///
/// > Source: <https://platform.openai.com/docs/guides/structured-outputs#supported-schemas>.
enum StrictSchema {
    private static let keywords: Set<String> = [
        "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs",
        "title", "description", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minItems",
        "maxItems",
    ]

    /// Whether the schema is one of an object, all of whose objects are closed and have only required properties.
    static func accepts(_ schema: JSONSchema) -> Bool {
        schema.json["type"]?.string == "object" && accepts(schema.json, depth: 0)
    }

    private static func accepts(_ schema: JSONValue, depth: Int) -> Bool {
        guard depth <= 10, let object = schema.object, object.allSatisfy({ keywords.contains($0.key) }) else {
            return false
        }
        let properties = object["properties"]?.object ?? [:]
        if object["type"]?.string == "object" || !properties.isEmpty {
            let required = Set(object["required"]?.array?.compactMap(\.string) ?? [])
            guard object["additionalProperties"] == false, required == Set(properties.keys) else { return false }
        }
        let definitions = object["$defs"]?.object ?? [:]
        var children = properties.map(\.value) + definitions.map(\.value) + (object["anyOf"]?.array ?? [])
        if let items = object["items"] { children.append(items) }
        return children.allSatisfy { accepts($0, depth: depth + 1) }
    }
}
