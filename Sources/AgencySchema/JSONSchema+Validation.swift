// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension JSONSchema {
    /// Checks a value against this schema.
    ///
    /// - Returns: Every fault found, in document order; empty when the value is valid. A schema that is itself
    ///   ill-formed yields a fault that says so rather than passing.
    /// - Complexity: O(size of the value × size of the schema).
    public func validate(_ value: JSONValue) -> [SchemaFault] {
        var validation = Validation(root: json)
        validation.check(value, against: json, depth: 0)
        return validation.faults
    }

    /// Checks that this is a schema whose every keyword is understood, so that none is skipped in silence.
    ///
    /// - Returns: The faults, each with a pointer into the schema.
    public func faults() -> [SchemaFault] {
        var faults: [SchemaFault] = []
        Self.collectFaults(json, at: "", into: &faults)
        return faults
    }

    static let annotations: Set<String> = [
        "$schema", "$id", "title", "description", "default", "examples", "$comment", "deprecated", "format",
    ]
    static let assertions: Set<String> = [
        "$ref", "$defs", "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems",
        "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "anyOf", "minProperties", "maxProperties", "propertyNames",
    ]
    static let types: Set<String> = ["null", "boolean", "integer", "number", "string", "array", "object"]

    private static func collectFaults(_ schema: JSONValue, at pointer: String, into faults: inout [SchemaFault]) {
        if schema.bool != nil { return }
        guard let object = schema.object else {
            faults.append(SchemaFault(pointer: pointer, message: "a schema is an object, true or false"))
            return
        }
        for (key, value) in object where !annotations.contains(key) {
            let place = pointer + "/" + key.pointerEscaped
            guard assertions.contains(key) else {
                faults.append(SchemaFault(pointer: place, message: "the keyword “\(key)” is not supported"))
                continue
            }
            switch key {
            case "properties", "$defs":
                for (name, child) in value.object ?? [:] {
                    collectFaults(child, at: place + "/" + name.pointerEscaped, into: &faults)
                }
            case "items", "additionalProperties", "propertyNames": collectFaults(value, at: place, into: &faults)
            case "anyOf":
                for (index, child) in (value.array ?? []).enumerated() {
                    collectFaults(child, at: "\(place)/\(index)", into: &faults)
                }
            case "type":
                let names = value.array?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
                if names.isEmpty || !names.allSatisfy(types.contains) {
                    faults.append(SchemaFault(pointer: place, message: "unknown type \(value.compactText)"))
                }
            case "pattern":
                if (try? Regex(value.string ?? "(")) == nil {
                    faults.append(SchemaFault(pointer: place, message: "not a regular expression"))
                }
            default: break
            }
        }
    }
}

/// The patterns of all schemas that were read so far: to read one takes longer than to apply it.
private enum Patterns {
    private static let most = 256
    private static let known = Mutex<[String: Regex<AnyRegexOutput>]>([:])

    /// Whether a pattern is found in a text; `nil` when it is ill-formed or could take for ever to apply.
    static func finds(_ pattern: String, in text: String) -> Bool? {
        let found: Bool?? = known.withLockIfAvailable { find(pattern, in: text, &$0) }
        if let found { return found }
        // Nobody waits here for a pattern that somebody else applies to a long text.
        var unknown: [String: Regex<AnyRegexOutput>] = [:]
        return find(pattern, in: text, &unknown)
    }

    private static func find(
        _ pattern: String,
        in text: String,
        _ known: inout [String: Regex<AnyRegexOutput>]
    ) -> Bool? {
        if let regex = known[pattern] { return text.firstMatch(of: regex) != nil }
        guard !PatternRisk.isRisky(pattern), let regex = try? Regex(pattern) else { return nil }
        if known.count >= most { known.removeAll() }
        known[pattern] = regex
        return text.firstMatch(of: regex) != nil
    }
}

private struct Validation {
    let root: JSONValue
    var faults: [SchemaFault] = []
    /// Where the value stands that is looked at; spelled out for a fault only.
    private var path: [Part] = []

    private enum Part {
        case name(String)
        case index(Int)
    }

    init(root: JSONValue) { self.root = root }

    /// Checks the value at the same place against something else.
    init(besides other: Validation) {
        root = other.root
        path = other.path
    }

    mutating func check(_ value: JSONValue, against schema: JSONValue, depth: Int) {
        if let allowed = schema.bool {
            if !allowed { fail("is not allowed here") }
            return
        }
        guard let keywords = schema.object, depth < 64 else { return fail("the schema itself is ill-formed") }
        if let reference = keywords["$ref"]?.string {
            guard let target = resolve(reference) else { return fail("the schema refers to \(reference)") }
            check(value, against: target, depth: depth + 1)
        }
        guard checkType(value, keywords["type"]) else { return }
        checkChoices(value, keywords, depth: depth)
        switch value {
        case .string(let string): check(string, keywords)
        case .integer, .number: check(value.double ?? .nan, keywords)
        case .array(let array): check(array, keywords, depth: depth)
        case .object(let object): check(object, keywords, depth: depth)
        case .null, .bool: break
        }
    }

    private mutating func checkType(_ value: JSONValue, _ type: JSONValue?) -> Bool {
        guard let type else { return true }
        func matches(_ name: JSONValue) -> Bool {
            guard case .string(let name) = name else { return false }
            return name == value.typeName || (name == "number" && value.typeName == "integer")
                || (name == "integer" && value.integer != nil)
        }
        if type.array?.contains(where: matches) ?? matches(type) { return true }
        let names = (type.array ?? [type]).compactMap(\.string)
        fail("expected \(names.joined(separator: " or ")), found \(value.typeName)")
        return false
    }

    private mutating func checkChoices(_ value: JSONValue, _ keywords: JSONObject, depth: Int) {
        if let choices = keywords["enum"]?.array, !choices.contains(value) {
            fail("expected one of \(choices.map(\.compactText).joined(separator: ", "))")
        }
        if let constant = keywords["const"], constant != value {
            fail("expected \(constant.compactText)")
        }
        guard let options = keywords["anyOf"]?.array else { return }
        var meant = options
        if let tag = AlternativeTag(of: options), let word = value[tag.name] {
            meant = options.filter { tag.value(in: $0) == word }
            guard !meant.isEmpty else {
                let words = options.compactMap { tag.value(in: $0)?.compactText }.joined(separator: ", ")
                return at(.name(tag.name)) { $0.fail("expected one of \(words)") }
            }
        }
        var closest: [SchemaFault]?
        for option in meant {
            var attempt = Validation(besides: self)
            attempt.check(value, against: option, depth: depth + 1)
            if attempt.faults.isEmpty { return }
            // The alternative that got furthest into the value is the one that its author most likely meant.
            if closest.map({ Self.reach(attempt.faults) > Self.reach($0) }) ?? true { closest = attempt.faults }
        }
        faults += closest ?? [SchemaFault(pointer: pointer, message: "matches none of the alternatives")]
    }

    private static func reach(_ faults: [SchemaFault]) -> Int { faults.map(\.pointer.utf8.count).min() ?? 0 }

    private mutating func check(_ string: String, _ keywords: JSONObject) {
        // The standard counts code points, not grapheme clusters.
        let length = string.unicodeScalars.count
        if let minimum = keywords["minLength"]?.integer, length < minimum {
            fail(minimum == 1 ? "must not be empty" : "shorter than \(minimum) characters")
        }
        if let maximum = keywords["maxLength"]?.integer, length > maximum {
            fail("\(length) characters, more than \(maximum)")
        }
        if let pattern = keywords["pattern"]?.string {
            guard let matches = Patterns.finds(pattern, in: string) else {
                return fail("the schema's pattern is ill-formed or could take for ever to apply")
            }
            if !matches { fail("does not match \(pattern)") }
        }
    }

    private mutating func check(_ number: Double, _ keywords: JSONObject) {
        if let minimum = keywords["minimum"]?.double, number < minimum {
            fail("less than \(minimum.shortText)")
        }
        if let maximum = keywords["maximum"]?.double, number > maximum {
            fail("more than \(maximum.shortText)")
        }
        if let bound = keywords["exclusiveMinimum"]?.double, number <= bound {
            fail("must be more than \(bound.shortText)")
        }
        if let bound = keywords["exclusiveMaximum"]?.double, number >= bound {
            fail("must be less than \(bound.shortText)")
        }
    }

    private mutating func check(_ array: [JSONValue], _ keywords: JSONObject, depth: Int) {
        if let minimum = keywords["minItems"]?.integer, array.count < minimum {
            fail("\(array.count) items, fewer than \(minimum)")
        }
        if let maximum = keywords["maxItems"]?.integer, array.count > maximum {
            fail("\(array.count) items, more than \(maximum)")
        }
        if keywords["uniqueItems"]?.bool == true, Set(array).count != array.count {
            fail("the same item twice")
        }
        guard let items = keywords["items"] else { return }
        for (index, element) in array.enumerated() {
            at(.index(index)) { $0.check(element, against: items, depth: depth + 1) }
        }
    }

    private mutating func check(_ object: JSONObject, _ keywords: JSONObject, depth: Int) {
        let properties = keywords["properties"]?.object ?? [:]
        for case .string(let name) in keywords["required"]?.array ?? [] where !object.has(name) {
            fail("“\(name)” is missing")
        }
        if let minimum = keywords["minProperties"]?.integer, object.count < minimum {
            fail("fewer than \(minimum) names")
        }
        if let maximum = keywords["maxProperties"]?.integer, object.count > maximum {
            fail("more than \(maximum) names")
        }
        for (name, element) in object {
            at(.name(name)) { $0.check(element, under: name, keywords, properties, depth: depth) }
        }
    }

    private mutating func check(
        _ element: JSONValue,
        under name: String,
        _ keywords: JSONObject,
        _ properties: JSONObject,
        depth: Int
    ) {
        if let names = keywords["propertyNames"] { check(.string(name), against: names, depth: depth + 1) }
        if let schema = properties[name] {
            check(element, against: schema, depth: depth + 1)
        } else if let rest = keywords["additionalProperties"] {
            guard rest == .bool(false) else { return check(element, against: rest, depth: depth + 1) }
            let known = properties.isEmpty ? "" : "; known: \(properties.keys.joined(separator: ", "))"
            fail("unknown name\(known)")
        }
    }

    private mutating func at(_ part: Part, _ check: (inout Validation) -> Void) {
        path.append(part)
        check(&self)
        path.removeLast()
    }

    private var pointer: String {
        path.map { part in
            switch part {
            case .name(let name): "/" + name.pointerEscaped
            case .index(let index): "/\(index)"
            }
        }.joined()
    }

    private func resolve(_ reference: String) -> JSONValue? {
        if reference == "#" { return root }
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(Optional(root)) { value, part in
            value?[String(part).replacing("~1", with: "/").replacing("~0", with: "~")]
        }
    }

    private mutating func fail(_ message: String) {
        faults.append(SchemaFault(pointer: pointer, message: message))
    }
}
