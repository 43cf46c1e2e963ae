// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

@Suite struct ValidationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var schema: JSONValue
        var value: JSONValue
        /// What the faults say, one each; none when the value is valid.
        var faults: [String]
        var testDescription: String { "\(schema.compactText) with \(value.compactText)" }

        init(_ schema: JSONValue, _ value: JSONValue, _ faults: String...) {
            self.schema = schema
            self.value = value
            self.faults = faults
        }
    }

    static let scalars: [Case] = [
        Case([:], 1), Case(true, 1), Case(false, 1, "the value: is not allowed here"),
        Case(["type": "string"], "a"), Case(["type": "string"], 1, "the value: expected string, found integer"),
        Case(["type": "integer"], 1), Case(["type": "integer"], .number(1)),
        Case(["type": "integer"], 1.5, "the value: expected integer, found number"),
        Case(["type": "number"], 1), Case(["type": "number"], "1", "the value: expected number, found string"),
        Case(["type": "null"], .null), Case(["type": "boolean"], true),
        Case(["type": ["string", "null"]], .null),
        Case(["type": ["string", "null"]], 1, "the value: expected string or null, found integer"),
        Case(["enum": ["a", 1]], 1), Case(["enum": ["a", 1]], "b", #"the value: expected one of "a", 1"#),
        Case(["const": ["a": 1]], ["a": 1]), Case(["const": 1], 2, "the value: expected 1"),
        Case(["minLength": 1], "", "the value: must not be empty"),
        Case(["minLength": 3], "ab", "the value: shorter than 3 characters"),
        Case(["maxLength": 2], "abc", "the value: 3 characters, more than 2"),
        // One character to the eye, five code points to the standard.
        Case(["maxLength": 4], "👩‍👩‍👦", "the value: 5 characters, more than 4"), Case(["maxLength": 5], "👩‍👩‍👦"),
        Case(["pattern": "^[a-z]+$"], "abc"),
        Case(["pattern": "^[a-z]+$"], "aBc", "the value: does not match ^[a-z]+$"),
        Case(["pattern": "^[a-z]+$"], "abc\n", "the value: does not match ^[a-z]+$"),
        Case(["pattern": "b"], "abc"),
        Case(["pattern": "("], "a", "the value: the schema's pattern is ill-formed or could take for ever to apply"),
        Case(["minimum": 1], 1), Case(["minimum": 1], 0.5, "the value: less than 1"),
        Case(["maximum": 1], 1.5, "the value: more than 1"),
        Case(["exclusiveMinimum": 1], 1, "the value: must be more than 1"),
        Case(["exclusiveMaximum": 1], 1, "the value: must be less than 1"),
        Case(["minimum": 1, "minLength": 9], true),
    ]

    static let containers: [Case] = [
        Case(["items": ["type": "integer"]], [1, 2]),
        Case(
            ["items": ["type": "integer"]],
            [1, "x", .null],
            "/1: expected integer, found string",
            "/2: expected integer, found null"
        ),
        Case(["minItems": 2], [1], "the value: 1 items, fewer than 2"),
        Case(["maxItems": 1], [1, 2], "the value: 2 items, more than 1"),
        Case(["uniqueItems": true], [1, 2]),
        Case(["uniqueItems": true], [["a": 1], ["a": 1]], "the value: the same item twice"),
        Case(["required": ["a", "b"]], ["a": 1], "the value: “b” is missing"),
        Case(["properties": ["a": ["type": "string"]]], ["a": 1], "/a: expected string, found integer"),
        Case(["properties": ["a": [:]], "additionalProperties": false], ["b": 1], "/b: unknown name; known: a"),
        Case(["additionalProperties": ["type": "integer"]], ["b": "x"], "/b: expected integer, found string"),
        Case(["minProperties": 1], [:], "the value: fewer than 1 names"),
        Case(["maxProperties": 1], ["a": 1, "b": 1], "the value: more than 1 names"),
        Case(["propertyNames": ["maxLength": 1]], ["ab": 1], "/ab: 2 characters, more than 1"),
        Case(["properties": ["a/b~c": false]], ["a/b~c": 1], "/a~1b~0c: is not allowed here"),
        Case(["anyOf": [["type": "string"], ["type": "null"]]], .null),
        Case(["anyOf": []], 1, "the value: matches none of the alternatives"),
        // Alternatives that a member tells apart are told by it.
        Case(
            [
                "anyOf": [
                    ["properties": ["kind": ["const": "a"]]],
                    ["properties": ["kind": ["const": "b"]], "required": ["n"]],
                ]
            ],
            ["kind": "b", "n": 1]
        ),
        Case(
            [
                "anyOf": [
                    ["properties": ["kind": ["const": "a"]]],
                    ["properties": ["kind": ["const": "b"]], "required": ["n"]],
                ]
            ],
            ["kind": "b"],
            "the value: “n” is missing"
        ),
        Case(
            [
                "anyOf": [
                    ["properties": ["kind": ["const": "a"]]],
                    ["properties": ["kind": ["const": "b"]], "required": ["n"]],
                ]
            ],
            ["kind": "c"],
            "/kind: expected one of \"a\", \"b\""
        ),
        // The alternative that got furthest is the one that is reported.
        Case(
            ["anyOf": [["type": "null"], ["type": "object", "properties": ["a": ["type": "integer"]]]]],
            ["a": "x"],
            "/a: expected integer, found string"
        ),
        Case(
            ["$ref": "#/$defs/n", "$defs": ["n": ["type": "integer"]]],
            "x",
            "the value: expected integer, found string"
        ),
        Case(["$ref": "#/$defs/none"], 1, "the value: the schema refers to #/$defs/none"),
        Case(["$ref": "https://example.org/x"], 1, "the value: the schema refers to https://example.org/x"),
        Case(
            ["type": "object", "properties": ["next": ["$ref": "#"]], "additionalProperties": false],
            ["next": ["next": ["other": 1]]],
            "/next/next/other: unknown name; known: next"
        ),
        Case("a schema?", 1, "the value: the schema itself is ill-formed"),
    ]

    @Test(arguments: scalars + containers)
    func `a value is found valid or its faults are named with their places`(test: Case) {
        #expect(JSONSchema(test.schema).validate(test.value).map(\.description) == test.faults)
    }

    @Test func `a schema that refers to itself without end is ill-formed, not endless`() {
        #expect(!JSONSchema(["$ref": "#"]).validate(1).isEmpty)
    }

    @Test(
        arguments: [
            (["type": "text"], ["/type: unknown type \"text\""]),
            (["minimun": 1], ["/minimun: the keyword “minimun” is not supported"]),
            (["allOf": []], ["/allOf: the keyword “allOf” is not supported"]),
            (["properties": ["a/b": ["oneOf": []]]], ["/properties/a~1b/oneOf: the keyword “oneOf” is not supported"]),
            (["items": ["not": [:]]], ["/items/not: the keyword “not” is not supported"]),
            (["anyOf": [true, ["if": [:]]]], ["/anyOf/1/if: the keyword “if” is not supported"]),
            (["$defs": ["x": 1]], ["/$defs/x: a schema is an object, true or false"]),
            (["pattern": "("], ["/pattern: not a regular expression"]),
            (7, ["the value: a schema is an object, true or false"]),
            (["title": "t", "description": "d", "format": "date", "$comment": "c"], []),
            (["type": ["string", "null"], "additionalProperties": false], []),
        ] as [(JSONValue, [String])]
    )
    func `no keyword of a schema is skipped in silence`(schema: JSONValue, faults: [String]) {
        #expect(JSONSchema(schema).faults().map(\.description) == faults)
    }

    @Test func `what the builders make is a schema that does what it says`() {
        let schema = JSONSchema.object(
            [
                "name": .string("A name.", minLength: 1, maxLength: 5, pattern: "^[a-z]"),
                "kind": .oneOf(["a", "b"]), "share": .number(in: 0...1), "count": .integer(in: 1...3),
                "isOn": .boolean(), "tags": .array(of: .string(), minItems: 1, maxItems: 2),
                "note": JSONSchema.string().orNull,
            ],
            optional: ["note"],
            "A thing."
        )
        #expect(schema.faults().isEmpty)
        #expect(schema.json["properties"]?.object?.keys == ["name", "kind", "share", "count", "isOn", "tags", "note"])
        let good: JSONValue = ["name": "x", "kind": "a", "share": 1, "count": 3, "isOn": true, "tags": ["t"]]
        #expect(schema.validate(good).isEmpty)
        let bad: JSONValue = [
            "name": "", "kind": "c", "share": 2, "count": 0, "isOn": 1, "tags": [], "note": 1, "more": 1,
        ]
        #expect(
            Set(schema.validate(bad).map(\.pointer)) == [
                "/name", "/kind", "/share", "/count", "/isOn", "/tags", "/note", "/more",
            ]
        )
    }

    @Test func `many who apply one pattern at once each get its answer`() async {
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<400 {
                group.addTask {
                    // More patterns than are kept.
                    let schema = JSONSchema(["pattern": .string("^x{\(number % 300)}$")])
                    let text = String(repeating: "x", count: number % 300)
                    return schema.validate(.string(text)).isEmpty && !schema.validate(.string(text + "x")).isEmpty
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }

    @Test(arguments: ["^(a+)+$", "(a|a)*b", "((a*))*", "(\\w+\\s?)+$", "(.*,){20,}x", "([a-z]+)*", "(-[a-z-]+)*x"])
    func `a pattern that a hostile text could hold up is not applied`(pattern: String) {
        let schema = JSONSchema(["pattern": .string(pattern)])
        let text = String(repeating: "a", count: 40) + "!"
        #expect(schema.validate(.string(text)).first?.message.contains("for ever") == true)
    }

    @Test(arguments: [
        "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "^[0-9]{4}-[0-9]{2}$", "^(a|b)c?$", "^(?:[a-z]{1,8}-){0,3}x$", "[(a+)+]",
        "\\(a+\\)+", "^a+b*$",
    ])
    func `a pattern that is applied in good time is applied`(pattern: String) {
        let faults = JSONSchema(["pattern": .string(pattern)]).validate("nothing of the kind")
        #expect(faults.allSatisfy { $0.message.hasPrefix("does not match") }, "\(faults)")
    }
}
