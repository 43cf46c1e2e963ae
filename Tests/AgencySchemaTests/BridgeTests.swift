// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

/// The way between Codable values and JSON values.
@Suite struct BridgeTests {
    struct Thing: Codable, Hashable {
        enum Word: String, Codable { case one, two }
        struct Inner: Codable, Hashable { var value: Double? }
        var text: String
        var number: Int
        var small: UInt8
        var share: Double
        var isOn: Bool
        var word: Word
        var maybe: String?
        var inner: [Inner]
        var map: [String: Int]
        var free: JSONValue
    }

    static let thing = Thing(
        text: "é\n",
        number: -3,
        small: 255,
        share: 0.25,
        isOn: true,
        word: .two,
        maybe: nil,
        inner: [.init(value: 1), .init(value: nil)],
        map: ["a": 1],
        free: ["deep": [1, .null, "x"]]
    )

    @Test func `a value goes to JSON and back without loss`() throws {
        let json = try JSONValue(encoding: Self.thing)
        let back: Thing = try json.decode()
        #expect(back == Self.thing)
        #expect(json["maybe"] == nil)
        #expect(json["free"] == ["deep": [1, .null, "x"]])
    }

    @Test func `the way through text gives the same as the way without`() throws {
        let json = try JSONValue(encoding: Self.thing)
        let back: Thing = try JSONValue(parsing: json.canonicalBytes).decode()
        #expect(back == Self.thing)
    }

    /// Writes into containers within containers, in an order of its own.
    struct Nesting: Encodable {
        enum Key: CodingKey { case first, second, third }

        func encode(to encoder: any Encoder) throws {
            var outer = encoder.container(keyedBy: Key.self)
            var list = outer.nestedUnkeyedContainer(forKey: .first)
            var inner = outer.nestedContainer(keyedBy: Key.self, forKey: .second)
            try outer.encode(3, forKey: .third)
            try list.encode("a")
            var within = list.nestedContainer(keyedBy: Key.self)
            try list.encode("z")
            try within.encode(true, forKey: .first)
            try inner.encode("old", forKey: .first)
            try inner.encode("new", forKey: .first)
        }
    }

    @Test func `containers that are written later keep their places`() throws {
        let json = try JSONValue(encoding: Nesting())
        #expect(json.compactText == #"{"first":["a",{"first":true},"z"],"second":{"first":"new"},"third":3}"#)
        #expect(try JSONValue(encoding: [String]()) == [])
        #expect(try JSONValue(encoding: [String: String]()) == [:])
    }

    @Test func `other coders can carry a JSON value`() throws {
        let value: JSONValue = ["a": [1, 2.5, "x", true, .null, ["b": [:]]]]
        let data = try JSONEncoder().encode(value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: data) == value)
    }

    @Test(
        arguments: [
            ("text", 1, "a string"), ("number", 1.5, "a whole number"), ("small", 256, "a whole number"),
            ("small", -1, "a whole number"), ("isOn", "yes", "true or false"), ("inner", [:], "an array"),
            ("map", [], "an object"),
        ] as [(String, JSONValue, String)]
    )
    func `what does not fit is refused with its place`(key: String, value: JSONValue, expected: String) throws {
        var object = try #require(try JSONValue(encoding: Self.thing).object)
        object[key] = value
        #expect {
            let _: Thing = try JSONValue.object(object).decode()
        } throws: { error in
            guard case DecodingError.typeMismatch(_, let context)? = error as? DecodingError else { return false }
            return context.debugDescription.contains("/\(key)") && context.debugDescription.contains(expected)
        }
    }

    @Test func `what is missing is refused by its name`() throws {
        var object = try #require(try JSONValue(encoding: Self.thing).object)
        object["number"] = nil
        #expect {
            let _: Thing = try JSONValue.object(object).decode()
        } throws: { error in
            guard case DecodingError.keyNotFound(let key, _)? = error as? DecodingError else { return false }
            return key.stringValue == "number"
        }
    }

    @Test func `a number too large for JSON's integers is refused instead of rounded`() {
        #expect(throws: EncodingError.self) { try JSONValue(encoding: ["n": UInt64.max]) }
    }

    @Test func `an object keeps the order of its names and forgets what is removed`() {
        var object: JSONObject = ["b": 1, "a": 2]
        object["c"] = 3
        object["b"] = 4
        object["a"] = nil
        #expect(object.keys == ["b", "c"])
        #expect(object.map(\.value) == [4, 3])
        #expect(object.count == 2)
    }
}
