// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Decodes a value from JSON, without going through text.
struct JSONValueDecoder: Decoder {
    let value: JSONValue
    private let path: Path?
    var codingPath: [any CodingKey] { path?.keys ?? [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    /// Where a value stands; put together to an array only for a message.
    final class Path {
        private let parent: Path?
        private let key: any CodingKey

        init(_ parent: Path?, _ key: any CodingKey) {
            self.parent = parent
            self.key = key
        }

        var keys: [any CodingKey] { (parent?.keys ?? []) + [key] }
    }

    /// Decodes a value.
    ///
    /// - Throws: `DecodingError` with the path at which the JSON does not fit the type.
    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from json: JSONValue,
        path: @autoclosure () -> Path? = nil
    ) throws -> Value {
        // Types are compared first, because to try a cast takes longer.
        if type == JSONValue.self, let value = json as? Value { return value }
        if type == String.self, let text = json.string, let value = text as? Value { return value }
        return try Value(from: JSONValueDecoder(value: json, path: path()))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let object) = value else { throw Self.mismatch("an object", value, codingPath) }
        return KeyedDecodingContainer(KeyedContainer<Key>(object: object, path: path))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let array) = value else { throw Self.mismatch("an array", value, codingPath) }
        return UnkeyedContainer(array: array, path: path)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    fileprivate static func mismatch(_ expected: String, _ value: JSONValue, _ path: [any CodingKey]) -> DecodingError {
        let place = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "/")
        return .typeMismatch(
            JSONValue.self,
            .init(codingPath: path, debugDescription: "/\(place): expected \(expected), found \(value.typeName)")
        )
    }

    private struct Index: CodingKey {
        var stringValue: String { String(index) }
        var intValue: Int? { index }
        private let index: Int
        init(_ index: Int) { self.index = index }
        init?(stringValue: String) { return nil }
        init?(intValue: Int) { index = intValue }
    }
}

extension JSONValueDecoder {
    private struct KeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let object: JSONObject
        let path: Path?
        var codingPath: [any CodingKey] { path?.keys ?? [] }
        var allKeys: [Key] { object.compactMap { Key(stringValue: $0.key) } }

        func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }
        func decodeNil(forKey key: Key) -> Bool { object[key.stringValue]?.isNull ?? true }

        func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try take(key, "true or false") { $0.bool } }
        func decode(_ type: String.Type, forKey key: Key) throws -> String { try take(key, "a string") { $0.string } }
        func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try take(key, "a number") { $0.double } }
        func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
            try take(key, "a whole number") { $0.integer }
        }
        func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
            try take(key, "a whole number") { $0.integer.flatMap { Int(exactly: $0) } }
        }
        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            try JSONValueDecoder.decode(type, from: value(key), path: Path(path, key))
        }
        func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
            guard let value = object[key.stringValue], !value.isNull else { return nil }
            return try JSONValueDecoder.decode(type, from: value, path: Path(path, key))
        }
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> { try decoder(key).container(keyedBy: type) }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try decoder(key).unkeyedContainer()
        }
        func superDecoder() throws -> any Decoder { JSONValueDecoder(value: .object(object), path: path) }
        func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

        private func decoder(_ key: Key) throws -> JSONValueDecoder {
            JSONValueDecoder(value: try value(key), path: Path(path, key))
        }

        private func value(_ key: Key) throws -> JSONValue {
            guard let value = object[key.stringValue] else {
                throw DecodingError.keyNotFound(
                    key,
                    .init(codingPath: codingPath, debugDescription: "“\(key.stringValue)” is missing")
                )
            }
            return value
        }

        // Not inlined, it looks up what an optional of its type is for each value.
        @inline(__always)
        private func take<Value>(_ key: Key, _ expected: String, _ read: (JSONValue) -> Value?) throws -> Value {
            let value = try value(key)
            guard let found = read(value) else {
                throw JSONValueDecoder.mismatch(expected, value, codingPath + [key])
            }
            return found
        }
    }

    private struct UnkeyedContainer: UnkeyedDecodingContainer {
        let array: [JSONValue]
        let path: Path?
        var codingPath: [any CodingKey] { path?.keys ?? [] }
        var currentIndex = 0
        var count: Int? { array.count }
        var isAtEnd: Bool { currentIndex >= array.count }

        init(array: [JSONValue], path: Path?) {
            self.array = array
            self.path = path
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, array[currentIndex].isNull else { return false }
            currentIndex += 1
            return true
        }
        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            let index = currentIndex
            return try JSONValueDecoder.decode(type, from: next(), path: Path(path, Index(index)))
        }
        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> { try decoder().container(keyedBy: type) }
        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            try decoder().unkeyedContainer()
        }
        mutating func superDecoder() throws -> any Decoder { try decoder() }

        private mutating func decoder() throws -> JSONValueDecoder {
            let index = currentIndex
            return JSONValueDecoder(value: try next(), path: Path(path, Index(index)))
        }

        private mutating func next() throws -> JSONValue {
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    JSONValue.self,
                    .init(codingPath: codingPath, debugDescription: "the array is too short")
                )
            }
            defer { currentIndex += 1 }
            return array[currentIndex]
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
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONValueDecoder.decode(type, from: value, path: path)
    }

    private func take<Value>(_ found: Value?, _ expected: String) throws -> Value {
        guard let found else { throw Self.mismatch(expected, value, codingPath) }
        return found
    }

    private func whole<Integer: BinaryInteger>() throws -> Integer {
        try take(value.integer.flatMap { Integer(exactly: $0) }, "a whole number")
    }
}
