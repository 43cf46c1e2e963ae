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
        if let json = value as? JSONValue {
            self = json
            return
        }
        let encoder = JSONValueEncoder(codingPath: [])
        try value.encode(to: encoder)
        self = encoder.box.value
    }

    /// Decodes a value from this JSON, without going through text.
    ///
    /// - Throws: `DecodingError` with the path at which this does not fit the type.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try Value(from: JSONValueDecoder(value: self, codingPath: []))
    }
}

extension JSONSchema: Codable {
    /// Reads the schema's JSON.
    public init(from decoder: any Decoder) throws { self.init(try JSONValue(from: decoder)) }
    /// Writes the schema's JSON.
    public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

/// The place that containers write into; a class, since `Encoder` hands out containers that outlive the call.
private final class Box {
    var value: JSONValue = .object([:])
    var children: [(key: String, box: Box)] = []
    var elements: [Box] = []
    var shape = Shape.none
    enum Shape { case none, single, keyed, unkeyed }

    func settle() -> JSONValue {
        switch shape {
        case .none, .single: value
        case .keyed: .object(JSONObject(children.map { (key: $0.key, value: $0.box.settle()) }))
        case .unkeyed: .array(elements.map { $0.settle() })
        }
    }
}

private struct SettledBox {
    let box: Box
    var value: JSONValue { box.settle() }
}

private struct JSONValueEncoder: Encoder {
    let target = Box()
    var codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var box: SettledBox { SettledBox(box: override ?? target) }
    private var override: Box?

    init(codingPath: [any CodingKey], box: Box? = nil) {
        self.codingPath = codingPath
        override = box
    }

    private var current: Box { override ?? target }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        current.shape = .keyed
        return KeyedEncodingContainer(KeyedContainer<Key>(box: current, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        current.shape = .unkeyed
        return UnkeyedContainer(box: current, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleContainer(box: current, codingPath: codingPath)
    }

    static func write<Value: Encodable>(_ value: Value, into box: Box, codingPath: [any CodingKey]) throws {
        if let json = value as? JSONValue {
            box.shape = .single
            box.value = json
        } else {
            try value.encode(to: JSONValueEncoder(codingPath: codingPath, box: box))
        }
    }

    struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
        let box: Box
        var codingPath: [any CodingKey]

        private func child(_ key: Key) -> Box {
            let child = Box()
            box.children.append((key.stringValue, child))
            return child
        }

        mutating func encodeNil(forKey key: Key) throws {
            let child = child(key)
            child.shape = .single
            child.value = .null
        }
        mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
            try JSONValueEncoder.write(value, into: child(key), codingPath: codingPath + [key])
        }
        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            JSONValueEncoder(codingPath: codingPath + [key], box: child(key)).container(keyedBy: type)
        }
        mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            JSONValueEncoder(codingPath: codingPath + [key], box: child(key)).unkeyedContainer()
        }
        mutating func superEncoder() -> any Encoder { JSONValueEncoder(codingPath: codingPath, box: box) }
        mutating func superEncoder(forKey key: Key) -> any Encoder {
            JSONValueEncoder(codingPath: codingPath + [key], box: child(key))
        }
    }

    struct UnkeyedContainer: UnkeyedEncodingContainer {
        let box: Box
        var codingPath: [any CodingKey]
        var count: Int { box.elements.count }

        private func child() -> Box {
            let child = Box()
            box.elements.append(child)
            return child
        }

        mutating func encodeNil() throws {
            let child = child()
            child.shape = .single
            child.value = .null
        }
        mutating func encode<Value: Encodable>(_ value: Value) throws {
            try JSONValueEncoder.write(value, into: child(), codingPath: codingPath)
        }
        mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
            JSONValueEncoder(codingPath: codingPath, box: child()).container(keyedBy: type)
        }
        mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
            JSONValueEncoder(codingPath: codingPath, box: child()).unkeyedContainer()
        }
        mutating func superEncoder() -> any Encoder { JSONValueEncoder(codingPath: codingPath, box: child()) }
    }

    struct SingleContainer: SingleValueEncodingContainer {
        let box: Box
        var codingPath: [any CodingKey]

        private func set(_ value: JSONValue) {
            box.shape = .single
            box.value = value
        }

        mutating func encodeNil() throws { set(.null) }
        mutating func encode(_ value: Bool) throws { set(.bool(value)) }
        mutating func encode(_ value: String) throws { set(.string(value)) }
        mutating func encode(_ value: Double) throws { set(.number(value)) }
        mutating func encode(_ value: Float) throws { set(.number(Double(value))) }
        mutating func encode(_ value: Int) throws { set(.integer(Int64(value))) }
        mutating func encode(_ value: Int8) throws { set(.integer(Int64(value))) }
        mutating func encode(_ value: Int16) throws { set(.integer(Int64(value))) }
        mutating func encode(_ value: Int32) throws { set(.integer(Int64(value))) }
        mutating func encode(_ value: Int64) throws { set(.integer(value)) }
        mutating func encode(_ value: UInt) throws { try unsigned(UInt64(value)) }
        mutating func encode(_ value: UInt8) throws { set(.integer(Int64(value))) }
        mutating func encode(_ value: UInt16) throws { set(.integer(Int64(value))) }
        mutating func encode(_ value: UInt32) throws { set(.integer(Int64(value))) }
        mutating func encode(_ value: UInt64) throws { try unsigned(value) }
        mutating func encode<Value: Encodable>(_ value: Value) throws {
            try JSONValueEncoder.write(value, into: box, codingPath: codingPath)
        }
        private func unsigned(_ value: UInt64) throws {
            guard let integer = Int64(exactly: value) else {
                throw EncodingError.invalidValue(
                    value,
                    .init(codingPath: codingPath, debugDescription: "does not fit in 64 signed bits")
                )
            }
            set(.integer(integer))
        }
    }
}

private struct JSONValueDecoder: Decoder {
    let value: JSONValue
    var codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = value else { throw mismatch("an object") }
        return KeyedDecodingContainer(KeyedContainer<Key>(object: object, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let array) = value else { throw mismatch("an array") }
        return UnkeyedContainer(array: array, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    fileprivate func mismatch(_ expected: String) -> DecodingError {
        let path = codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "/")
        return .typeMismatch(
            JSONValue.self,
            .init(codingPath: codingPath, debugDescription: "/\(path): expected \(expected), found \(value.typeName)")
        )
    }

    struct Key: CodingKey {
        var stringValue: String
        var intValue: Int?
        init(_ index: Int) {
            intValue = index
            stringValue = String(index)
        }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { self.init(intValue) }
    }

    struct KeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let object: JSONObject
        var codingPath: [any CodingKey]
        var allKeys: [Key] { object.keys.compactMap(Key.init(stringValue:)) }

        func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }
        func decodeNil(forKey key: Key) throws -> Bool { object[key.stringValue]?.isNull ?? true }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try Value(from: decoder(key))
        }
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> { try decoder(key).container(keyedBy: type) }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try decoder(key).unkeyedContainer()
        }
        func superDecoder() throws -> any Decoder { JSONValueDecoder(value: .object(object), codingPath: codingPath) }
        func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

        private func decoder(_ key: Key) throws -> JSONValueDecoder {
            guard let value = object[key.stringValue] else {
                throw DecodingError.keyNotFound(
                    key,
                    .init(codingPath: codingPath, debugDescription: "“\(key.stringValue)” is missing")
                )
            }
            return JSONValueDecoder(value: value, codingPath: codingPath + [key])
        }
    }

    struct UnkeyedContainer: UnkeyedDecodingContainer {
        let array: [JSONValue]
        var codingPath: [any CodingKey]
        var currentIndex = 0
        var count: Int? { array.count }
        var isAtEnd: Bool { currentIndex >= array.count }

        init(array: [JSONValue], codingPath: [any CodingKey]) {
            self.array = array
            self.codingPath = codingPath
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, array[currentIndex].isNull else { return false }
            currentIndex += 1
            return true
        }
        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: next()) }
        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }
        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
        mutating func superDecoder() throws -> any Decoder { try next() }

        private mutating func next() throws -> JSONValueDecoder {
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    JSONValue.self,
                    .init(codingPath: codingPath, debugDescription: "the array is too short")
                )
            }
            defer { currentIndex += 1 }
            return JSONValueDecoder(value: array[currentIndex], codingPath: codingPath + [Key(currentIndex)])
        }
    }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try take(value.bool, "true or false") }
    func decode(_ type: String.Type) throws -> String { try take(value.string, "a string") }
    func decode(_ type: Double.Type) throws -> Double { try take(value.double, "a number") }
    func decode(_ type: Float.Type) throws -> Float { Float(try take(value.double, "a number")) }
    func decode(_ type: Int.Type) throws -> Int { try whole() }
    func decode(_ type: Int8.Type) throws -> Int8 { try whole() }
    func decode(_ type: Int16.Type) throws -> Int16 { try whole() }
    func decode(_ type: Int32.Type) throws -> Int32 { try whole() }
    func decode(_ type: Int64.Type) throws -> Int64 { try whole() }
    func decode(_ type: UInt.Type) throws -> UInt { try whole() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try whole() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try whole() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try whole() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try whole() }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: self) }

    private func take<Value>(_ found: Value?, _ expected: String) throws -> Value {
        guard let found else { throw mismatch(expected) }
        return found
    }
    private func whole<Integer: BinaryInteger>() throws -> Integer {
        try take(value.integer.flatMap { Integer(exactly: $0) }, "a whole number")
    }
}
