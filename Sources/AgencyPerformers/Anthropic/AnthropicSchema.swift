// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// Fits a schema into the subset that Anthropic's constrained output takes.
///
/// Bounds that the provider refuses are moved into the descriptions, where the model still reads them; the caller's own
/// validation enforces them.
///
/// > Source: <https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations>.
enum AnthropicSchema {
    private static let bounds: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems",
        "uniqueItems", "minProperties", "maxProperties", "propertyNames", "pattern", "format",
    ]
    private static let kept: Set<String> = [
        "type", "enum", "const", "title", "description", "required", "additionalProperties",
    ]

    /// The schema to send, or `nil` when this one can be put only in words.
    static func constraint(for schema: JSONSchema) -> JSONValue? {
        guard schema.json["type"]?.string == "object" else { return nil }
        return fit(schema.json, depth: 0)
    }

    private static func fit(_ schema: JSONValue, depth: Int) -> JSONValue? {
        // A reference could be recursive, which is refused; and a schema of anything is no constraint.
        guard depth < 32, let object = schema.object, !object.isEmpty, object["$ref"] == nil else { return nil }
        var fitted = JSONObject()
        var moved: [String] = []
        for (key, value) in object {
            switch key {
            case "properties":
                var properties = JSONObject()
                for (name, child) in value.object ?? [:] {
                    guard let child = fit(child, depth: depth + 1) else { return nil }
                    properties[name] = child
                }
                fitted[key] = .object(properties)
            case "items":
                guard let items = fit(value, depth: depth + 1) else { return nil }
                fitted[key] = items
            case "anyOf":
                let options = value.array ?? []
                let children = options.compactMap { fit($0, depth: depth + 1) }
                guard children.count == options.count else { return nil }
                fitted[key] = .array(children)
            case _ where kept.contains(key): fitted[key] = value
            case _ where bounds.contains(key): moved.append("\(key): \(value.compactText)")
            default: break
            }
        }
        if object["type"]?.string == "object", object["additionalProperties"] != false { return nil }
        if object["type"]?.string == "array", object["items"] == nil { return nil }
        if !moved.isEmpty {
            let about = object["description"]?.string.map { $0 + " " } ?? ""
            fitted["description"] = .string(about + "(" + moved.joined(separator: ", ") + ")")
        }
        return .object(fitted)
    }
}
