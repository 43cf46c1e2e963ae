// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension JSONSchema {
    /// Characters of a text that is too short to carry an instruction.
    static let shortText = 40

    /// Where values of this shape can hold text of any content and more than a few words; `nil` where nowhere.
    ///
    /// The empty place is the whole value. What cannot be followed counts as free.
    var freeText: String? { Self.freeText(json, in: json, at: "", depth: 0) }

    private static func freeText(_ schema: JSONValue, in root: JSONValue, at place: String, depth: Int) -> String? {
        guard depth < 64 else { return place }
        func below(_ part: JSONValue, _ name: String) -> String? {
            freeText(part, in: root, at: name.isEmpty ? place : "\(place)/\(name)", depth: depth + 1)
        }
        if schema["enum"]?.array != nil || schema["const"] != nil { return nil }
        if let reference = schema["$ref"]?.string {
            guard reference.hasPrefix("#"),
                let target = JSONPointer(String(reference.dropFirst())).flatMap({ root[$0] })
            else { return place }
            return below(target, "")
        }
        if let ways = schema["anyOf"]?.array { return ways.lazy.compactMap { below($0, "") }.first }
        let types = schema["type"]?.array?.compactMap(\.string) ?? schema["type"]?.string.map { [$0] } ?? []
        guard !types.isEmpty else { return place }
        if types.contains("string") {
            guard let most = schema["maxLength"]?.integer, most <= shortText else { return place }
        }
        if types.contains("array") {
            guard let items = schema["items"] else { return place }
            if let found = below(items, "*") { return found }
        }
        guard types.contains("object") else { return nil }
        // Names that anybody may make up are text as well.
        guard schema["additionalProperties"] == .bool(false) else { return place }
        for (name, property) in schema["properties"]?.object ?? [:] {
            if let found = below(property, name) { return found }
        }
        return nil
    }
}
