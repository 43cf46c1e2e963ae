// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

package import AgencySchema

/// How a person is asked for a value of some shape.
package enum AnswerForm: Hashable, Sendable {
    /// Field by field.
    case fields([Field])
    /// For one simple value.
    case single(Field)
    /// For JSON.
    case json

    /// Plans the questions for a schema.
    package init(schema: JSONSchema) {
        if let field = Field(name: "answer", schema: schema.json, isRequired: true) {
            self = .single(field)
            return
        }
        guard schema.json["type"]?.string == "object", schema.json["anyOf"] == nil, schema.json["$ref"] == nil,
            let properties = schema.json["properties"]?.object, !properties.isEmpty
        else {
            self = .json
            return
        }
        let required = Set(schema.json["required"]?.array?.compactMap(\.string) ?? [])
        let fields = properties.map { Field(name: $0.key, schema: $0.value, isRequired: required.contains($0.key)) }
        let known = fields.compactMap { $0 }
        self = known.count == fields.count ? .fields(known) : .json
    }

    /// One question.
    package struct Field: Hashable, Sendable {
        package let name: String
        let schema: JSONValue
        package let isRequired: Bool
        package let kind: Kind

        /// What sort of value it is.
        package enum Kind: Hashable, Sendable {
            case text
            case whole
            case number
            case flag
            case choice([String])
            case list
        }

        /// Plans a question; `nil` when the value is not a simple one.
        init?(name: String, schema: JSONValue, isRequired: Bool) {
            guard schema["anyOf"] == nil, schema["$ref"] == nil, schema["const"] == nil else { return nil }
            let words = schema["enum"]?.array?.compactMap(\.string)
            switch schema["type"]?.string {
            case "string": kind = words.map { .choice($0) } ?? .text
            case "integer": kind = .whole
            case "number": kind = .number
            case "boolean": kind = .flag
            case "array" where schema["items"]?["type"]?.string == "string": kind = .list
            default: return nil
            }
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
        }

        /// What the field is for.
        package var about: String? { schema["description"]?.string }
        /// Whether it takes several lines.
        package var isList: Bool { kind == .list }

        /// What is expected, in words.
        package var expectation: String {
            let optional = isRequired ? "" : ", or nothing"
            return switch kind {
            case .text: "text" + optional
            case .whole: "a whole number" + bounds + optional
            case .number: "a number" + bounds + optional
            case .flag: "yes or no" + optional
            case .choice(let words): "one of " + words.joined(separator: ", ") + optional
            case .list: "one to a line, an empty line to end" + optional
            }
        }

        /// The value that the lines stand for, or `nil` when they stand for none.
        package func value(of lines: [String]) -> JSONValue? {
            if case .list = kind { return .array(lines.map { .string($0) }) }
            guard let line = lines.first else { return kind == .text ? "" : nil }
            switch kind {
            case .text: return .string(line)
            case .whole: return Int64(line).map { .integer($0) }
            case .number:
                if let whole = Int64(line) { return .integer(whole) }
                return Double(line).flatMap { $0.isFinite ? .number($0) : nil }
            case .flag:
                return switch line.lowercased() {
                case "yes", "y", "true": true
                case "no", "n", "false": false
                default: nil
                }
            case .choice(let words): return words.contains(line) ? .string(line) : nil
            case .list: return nil
            }
        }

        private var bounds: String {
            switch (schema["minimum"]?.compactText, schema["maximum"]?.compactText) {
            case (let low?, let high?): " from \(low) to \(high)"
            case (let low?, nil): " from \(low)"
            case (nil, let high?): " up to \(high)"
            case (nil, nil): ""
            }
        }
    }
}
