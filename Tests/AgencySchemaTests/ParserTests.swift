// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

@Suite struct ParserTests {
    @Test(arguments: [
        ("", "ends where a value"), ("  ", "ends where a value"), ("nul", "expected “null”"), ("True", "cannot begin"),
        ("1 2", "after the end"), ("{} x", "after the end"), ("01", "cannot begin with 0"),
        ("-01", "cannot begin with 0"),
        ("-", "expected a digit"), ("1.", "after “.”"), (".5", "cannot begin"), ("+1", "cannot begin"),
        ("1e", "exponent"),
        ("1e400", "out of range"), ("-1e400", "out of range"), ("NaN", "cannot begin"), ("Infinity", "cannot begin"),
        ("0x10", "after the end"), (#"{"a":1,"a":2}"#, "duplicate name"), (#"{"a":1,"\u0061":2}"#, "duplicate name"),
        (#"{"a":1,}"#, "name in quotes"), ("[1,]", "cannot begin"), ("[1 2]", "expected “,”"),
        (#"{"a" 1}"#, "expected “:”"),
        ("{a:1}", "name in quotes"), ("'a'", "cannot begin"), (#""a"#, "ends inside"),
        ("\"a\nb\"", "control character"),
        (#""\x""#, "unknown escape"), (#""\u12g4""#, "hexadecimal"), (#""\u12"#, "ends inside an escape"),
        (#""\ud800""#, "surrogate"), (#""\ud800\u0041""#, "surrogate"), (#""\udc00""#, "surrogate"),
        (#""\ud800\ud800""#, "surrogate"), ("\u{FEFF}1", "cannot begin"), ("// x\n1", "cannot begin"),
        ("[", "ends where"),
        ("\u{A0}1", "cannot begin"),
    ])
    func `a text that is not JSON is refused and the fault is named`(text: String, fault: String) {
        #expect {
            try JSONValue(parsing: text)
        } throws: { error in
            (error as? JSONError)?.message.contains(fault) == true
        }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
            [0x22, 0xE2, 0x82, 0x22], [0xEF, 0xBB, 0xBF, 0x31], [0x00], [0x31, 0x00],
        ] as [[UInt8]]
    )
    func `bytes that are not UTF-8 text of JSON are refused`(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: bytes) }
    }

    @Test(arguments: [10000, 100_000, JSONValue.maximumDepth + 1])
    func `nesting beyond the bound is refused instead of exhausting the stack`(depth: Int) {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            let text = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
            #expect {
                try JSONValue(parsing: text)
            } throws: { error in
                (error as? JSONError)?.message.contains("nested deeper") == true
            }
        }
    }

    @Test func `nesting up to the bound is read`() throws {
        let depth = JSONValue.maximumDepth
        let text = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        #expect(try JSONValue(parsing: text).canonicalText == text)
    }

    @Test func `a fault has its line and column`() {
        #expect {
            try JSONValue(parsing: "{\n  \"a\": tru\n}")
        } throws: { error in
            guard let error = error as? JSONError else { return false }
            return error.line == 2 && error.column == 8 && error.offset == 9 && "\(error)".hasPrefix("2:8: ")
        }
    }

    @Test(
        arguments: [
            (" \t\r\n1 ", 1), ("-0", 0), ("1e2", .number(100)), ("1E-2", 0.01), ("9223372036854775807", .integer(.max)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), (#""\ud83d\ude00""#, "😀"),
            (#""\u0000\/""#, "\u{0}/"), (#"{"":{}}"#, ["": [:]]), ("1e-400", .number(0)),
        ] as [(String, JSONValue)]
    )
    func `a text that is JSON is read as what it says`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test func `names keep the order in which they were written`() throws {
        let object = try #require(try JSONValue(parsing: #"{"z":1,"a":2,"m":3}"#).object)
        #expect(object.keys == ["z", "a", "m"])
    }
}
