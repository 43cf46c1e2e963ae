// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension JSONSchema {
    /// Characters of a text that is too short to carry an instruction.
    static let shortText = 40

    /// Where values of this shape can hold text of any content and more than a few words; `nil` where nowhere.
    ///
    /// The empty place is the whole value. What cannot be followed counts as free.
    var freeText: String? {
        var search = FreeTextSearch(root: json)
        return search.place(in: json, at: "")
    }
}

/// A search through a schema, which gives up where it would take too long: definitions can refer to one another so that
/// following all ways takes exponentially long.
private struct FreeTextSearch {
    let root: JSONValue
    private var looked = 0
    private var depth = 0

    init(root: JSONValue) { self.root = root }

    mutating func place(in schema: JSONValue, at place: String) -> String? {
        looked += 1
        depth += 1
        defer { depth -= 1 }
        guard looked < 2000, depth < 100 else { return place }
        if schema["enum"]?.array != nil || schema["const"] != nil { return nil }
        if let reference = schema["$ref"]?.string {
            guard reference.hasPrefix("#"),
                let target = JSONPointer(String(reference.dropFirst())).flatMap({ root[$0] })
            else { return place }
            return self.place(in: target, at: place)
        }
        if let ways = schema["anyOf"]?.array {
            for way in ways { if let found = self.place(in: way, at: place) { return found } }
            return nil
        }
        let types = schema["type"]?.array?.compactMap(\.string) ?? schema["type"]?.string.map { [$0] } ?? []
        guard !types.isEmpty else { return place }
        if types.contains("string") {
            guard let most = schema["maxLength"]?.integer, most <= JSONSchema.shortText else { return place }
        }
        if types.contains("array") {
            guard let items = schema["items"] else { return place }
            if let found = self.place(in: items, at: "\(place)/*") { return found }
        }
        guard types.contains("object") else { return nil }
        // Names that anybody may make up are text as well.
        guard schema["additionalProperties"] == .bool(false) else { return place }
        for (name, property) in schema["properties"]?.object ?? [:] {
            if let found = self.place(in: property, at: "\(place)/\(name)") { return found }
        }
        return nil
    }
}
