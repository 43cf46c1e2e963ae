// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension JSONValue: Codable {
    /// Reads a value from any decoder.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONValueDecoder {
            self = decoder.value
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            let pairs = try container.decode([String: JSONValue].self)
            self = .object(JSONObject(pairs.map { (key: $0.key, value: $0.value) }))
        }
    }

    /// Writes this value to any encoder.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value):
            try container.encode(Dictionary(uniqueKeysWithValues: value.map { ($0.key, $0.value) }))
        }
    }

    /// Encodes a value as JSON, without going through text.
    ///
    /// - Throws: `EncodingError` when the value's own `encode(to:)` does.
    public init(encoding value: some Encodable) throws {
        self = try JSONValueEncoder.json(of: value)
    }

    /// Decodes a value from this JSON, without going through text.
    ///
    /// - Throws: `DecodingError` with the path at which this does not fit the type.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONValueDecoder.decode(type, from: self)
    }
}

extension JSONSchema: Codable {
    /// Reads the schema's JSON.
    public init(from decoder: any Decoder) throws { self.init(try JSONValue(from: decoder)) }
    /// Writes the schema's JSON.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        // As a value: its members keep their order.
        try container.encode(json)
    }
}
