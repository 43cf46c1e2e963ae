// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// Where the value of an argument of a planned call comes from.
public indirect enum Derivation: Hashable, Sendable {
    /// It stands in the brief; whether it does is looked up.
    case brief(JSONValue)
    /// A model wrote it into the plan, having read what is named.
    case model(JSONValue, reads: [Derivation])
    /// It is copied from a field of a result; of a given shape, where one is given.
    case result(ResultID, FieldPath, as: JSONSchema?)
    /// A model reads what is named when the call is made, and answers in a given shape, or with any text.
    case extract([Derivation], as: JSONSchema?)
    /// It is put together from parts.
    case parts([Derivation])

    /// What it is made from, on the first level.
    var inputs: [Derivation] {
        switch self {
        case .brief, .result: []
        case .model(_, let inputs), .extract(let inputs, _), .parts(let inputs): inputs
        }
    }

    /// The value, where the plan holds it.
    var planned: JSONValue? {
        switch self {
        case .brief(let value), .model(let value, _): value
        case .result, .extract, .parts: nil
        }
    }
}

/// Names one result of a trace.
public typealias ResultID = Identifier<TraceResult>

extension Derivation: Codable {
    private enum Keys: String, CodingKey { case from, value, reads, result, field, shape = "as", of }

    /// Reads an object with its word under `from`: `brief`, `model`, `result`, `extract` or `parts`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let inputs = { (key: Keys) in try container.decodeIfPresent([Derivation].self, forKey: key) ?? [] }
        let shape = { try container.decodeIfPresent(JSONSchema.self, forKey: .shape) }
        switch try container.decode(String.self, forKey: .from) {
        case "brief": self = .brief(try container.decode(JSONValue.self, forKey: .value))
        case "model":
            self = .model(try container.decode(JSONValue.self, forKey: .value), reads: try inputs(.reads))
        case "result":
            let field = try container.decodeIfPresent(FieldPath.self, forKey: .field) ?? FieldPath("")
            self = .result(try container.decode(ResultID.self, forKey: .result), field, as: try shape())
        case "extract": self = .extract(try inputs(.of), as: try shape())
        case "parts": self = .parts(try inputs(.of))
        case let word:
            throw DecodingError.dataCorruptedError(
                forKey: .from,
                in: container,
                debugDescription: "nothing is derived from “\(word.shortened)”"
            )
        }
    }

    /// Writes an object with its word under `from`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        switch self {
        case .brief(let value):
            try container.encode("brief", forKey: .from)
            try container.encode(value, forKey: .value)
        case .model(let value, let reads):
            try container.encode("model", forKey: .from)
            try container.encode(value, forKey: .value)
            if !reads.isEmpty { try container.encode(reads, forKey: .reads) }
        case .result(let result, let field, let shape):
            try container.encode("result", forKey: .from)
            try container.encode(result, forKey: .result)
            try container.encode(field, forKey: .field)
            try container.encodeIfPresent(shape, forKey: .shape)
        case .extract(let inputs, let shape):
            try container.encode("extract", forKey: .from)
            try container.encode(inputs, forKey: .of)
            try container.encodeIfPresent(shape, forKey: .shape)
        case .parts(let parts):
            try container.encode("parts", forKey: .from)
            try container.encode(parts, forKey: .of)
        }
    }
}

extension JSONSchema {
    /// The values of a closed list; `nil` where the shape is no list of them.
    var listed: [JSONValue]? { json["const"].map { [$0] } ?? json["enum"]?.array }

    /// Whether values of this shape can carry no order: a boolean, a number within bounds, a date, or one of a list.
    var isClosed: Bool {
        if listed != nil { return true }
        switch json["type"]?.string {
        case "boolean", "null": return true
        case "integer", "number": return span != nil
        case "string": return ["date", "date-time", "time"].contains(json["format"]?.string)
        default: return false
        }
    }

    /// Whether a value of this shape can be one of a few only, and so tells or picks next to nothing.
    var isNarrow: Bool {
        guard isClosed else { return false }
        guard let type = json["type"]?.string, ["integer", "number"].contains(type), listed == nil else { return true }
        return span.map { type == "integer" && $0 <= 10_000 } ?? false
    }

    private var span: Double? {
        guard let least = (json["minimum"] ?? json["exclusiveMinimum"])?.double,
            let most = (json["maximum"] ?? json["exclusiveMaximum"])?.double
        else { return nil }
        return most - least
    }
}
