// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Encodes a value as JSON, without going through text.
///
/// Most of what is encoded are texts and numbers under names; those are put in their place without anything in between.
struct JSONValueEncoder: Encoder {
    private let box: Box
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    private init(box: Box) { self.box = box }

    /// Encodes a value.
    ///
    /// - Throws: `EncodingError` when the value's own `encode(to:)` does.
    static func json<Value: Encodable>(of value: Value) throws -> JSONValue {
        // Types are compared first, because to try a cast takes longer.
        if Value.self == JSONValue.self, let json = value as? JSONValue { return json }
        if Value.self == String.self, let text = value as? String { return .string(text) }
        let box = Box()
        try value.encode(to: JSONValueEncoder(box: box))
        return box.json
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedContainer<Key>(box: box))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer { UnkeyedContainer(box: box) }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleContainer(box: box) }

    fileprivate static func unsigned(_ value: UInt64) throws -> JSONValue {
        guard let integer = Int64(exactly: value) else {
            throw EncodingError.invalidValue(
                value,
                .init(codingPath: [], debugDescription: "does not fit in 64 signed bits")
            )
        }
        return .integer(integer)
    }
}

extension JSONValueEncoder {
    /// The place that containers write into; a class, since `Encoder` hands out containers that outlive the call.
    fileprivate final class Box {
        private var value: JSONValue?
        private var object = JSONObject()
        private var array: [JSONValue]?
        /// What is still being written, by the name or the place of what stands there until then.
        private var open: [(key: String, index: Int, box: Box)] = []

        var json: JSONValue {
            if let value { return value }
            var (object, array) = (object, array)
            for part in open {
                if array != nil { array?[part.index] = part.box.json } else { object[part.key] = part.box.json }
            }
            return array.map { .array($0) } ?? .object(object)
        }

        var count: Int { array?.count ?? 0 }

        func beUnkeyed() { array = array ?? [] }
        func set(_ json: JSONValue) { value = json }

        func append(_ json: JSONValue, _ key: String) { object[key] = json }
        func append(_ json: JSONValue) { array?.append(json) }

        /// A place for a part that is yet to be written.
        func nested(_ key: String) -> Box {
            append(.null, key)
            let box = Box()
            open.append((key, 0, box))
            return box
        }

        func nested() -> Box {
            append(.null)
            let box = Box()
            open.append(("", count - 1, box))
            return box
        }
    }

    private struct KeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
        private let box: Box
        var codingPath: [any CodingKey] { [] }

        init(box: Box) { self.box = box }

        func encodeNil(forKey key: Key) { box.append(.null, key.stringValue) }
        func encode(_ value: Bool, forKey key: Key) { box.append(.bool(value), key.stringValue) }
        func encode(_ value: String, forKey key: Key) { box.append(.string(value), key.stringValue) }
        func encode(_ value: Double, forKey key: Key) { box.append(.number(value), key.stringValue) }
        func encode(_ value: Int, forKey key: Key) { box.append(.integer(Int64(value)), key.stringValue) }
        func encode(_ value: Int64, forKey key: Key) { box.append(.integer(value), key.stringValue) }
        func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
            box.append(try JSONValueEncoder.json(of: value), key.stringValue)
        }
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type,
            forKey key: Key
        ) -> KeyedEncodingContainer<Nested> {
            JSONValueEncoder(box: box.nested(key.stringValue)).container(keyedBy: type)
        }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
            UnkeyedContainer(box: box.nested(key.stringValue))
        }
        func superEncoder() -> any Encoder { JSONValueEncoder(box: box) }
        func superEncoder(forKey key: Key) -> any Encoder { JSONValueEncoder(box: box.nested(key.stringValue)) }
    }

    private struct UnkeyedContainer: UnkeyedEncodingContainer {
        private let box: Box
        var codingPath: [any CodingKey] { [] }
        var count: Int { box.count }

        init(box: Box) {
            self.box = box
            box.beUnkeyed()
        }

        func encodeNil() { box.append(.null) }
        func encode<Value: Encodable>(_ value: Value) throws { box.append(try JSONValueEncoder.json(of: value)) }
        func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
            JSONValueEncoder(box: box.nested()).container(keyedBy: type)
        }
        func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { UnkeyedContainer(box: box.nested()) }
        func superEncoder() -> any Encoder { JSONValueEncoder(box: box.nested()) }
    }

    private struct SingleContainer: SingleValueEncodingContainer {
        let box: Box
        var codingPath: [any CodingKey] { [] }

        func encodeNil() { box.set(.null) }
        func encode(_ value: Bool) { box.set(.bool(value)) }
        func encode(_ value: String) { box.set(.string(value)) }
        func encode(_ value: Double) { box.set(.number(value)) }
        func encode(_ value: Float) { box.set(.number(Double(value))) }
        func encode(_ value: Int) { box.set(.integer(Int64(value))) }
        func encode(_ value: Int8) { box.set(.integer(Int64(value))) }
        func encode(_ value: Int16) { box.set(.integer(Int64(value))) }
        func encode(_ value: Int32) { box.set(.integer(Int64(value))) }
        func encode(_ value: Int64) { box.set(.integer(value)) }
        func encode(_ value: UInt) throws { box.set(try JSONValueEncoder.unsigned(UInt64(value))) }
        func encode(_ value: UInt8) { box.set(.integer(Int64(value))) }
        func encode(_ value: UInt16) { box.set(.integer(Int64(value))) }
        func encode(_ value: UInt32) { box.set(.integer(Int64(value))) }
        func encode(_ value: UInt64) throws { box.set(try JSONValueEncoder.unsigned(value)) }
        func encode<Value: Encodable>(_ value: Value) throws { box.set(try JSONValueEncoder.json(of: value)) }
    }
}
