// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import AgencyTestKit
import Testing

@Suite struct CanonicalTests {
    @Test(
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (0, "0"), (-7, "-7"),
            (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"),
            (1.5, "1.5"), (.number(1), "1"), (.number(-0.0), "0"), (0.1, "0.1"), (1e-7, "1e-07"), (1e21, "1e+21"),
            (.number(.leastNonzeroMagnitude), "5e-324"), (.number(.greatestFiniteMagnitude), "1.7976931348623157e+308"),
            (.number(.nan), "null"), (.number(.infinity), "null"),
            ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#),
            ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("é€😀/", "\"é€😀/\""), ("\u{2028}", "\"\u{2028}\""),
            ([], "[]"), ([1, [2, []]], "[1,[2,[]]]"), ([:], "{}"), (["b": 1, "a": [:]], #"{"a":{},"b":1}"#),
        ] as [(JSONValue, String)]
    )
    func `the canonical form is exactly this`(value: JSONValue, text: String) {
        #expect(value.canonicalText == text)
    }

    @Test func `names are sorted by their bytes, not by their characters`() {
        // U+FF5E comes before U+1F600 in UTF-8 and after it in UTF-16.
        let object: JSONValue = ["\u{1F600}": 1, "\u{FF5E}": 2, "é": 3, "z": 4, "a": 5, "Z": 6, "": 7, "aa": 8]
        #expect(
            object.canonicalText == "{\"\":7,\"Z\":6,\"a\":5,\"aa\":8,\"z\":4,\"é\":3,\"\u{FF5E}\":2,\"\u{1F600}\":1}"
        )
    }

    @Test func `the order in which names were written does not matter`() {
        let one: JSONValue = ["a": 1, "b": 2]
        let other: JSONValue = ["b": 2, "a": 1]
        #expect(one == other)
        #expect(one.canonicalBytes == other.canonicalBytes)
        #expect(one.hashValue == other.hashValue)
        #expect(other.compactText == #"{"b":2,"a":1}"#)
        #expect(other.prettyText == "{\n  \"b\": 2,\n  \"a\": 1\n}")
    }

    @Test(arguments: ["\"", "\\", "\n", "\u{0}", "\u{1F}", " ", "\u{7F}", "\u{80}", "é", "😀"])
    func `a character is written and read alike wherever it stands`(character: Character) throws {
        // Texts are looked through eight bytes at a time.
        let escaped = JSONValue.string(String(character)).canonicalText.dropFirst().dropLast()
        for length in 0..<34 {
            for place in 0...length {
                let before = String(repeating: "a", count: place)
                let after = String(repeating: "z", count: length - place)
                let value = JSONValue.string(before + String(character) + after)
                let written = "\"\(before)\(escaped)\(after)\""
                #expect(value.canonicalText == written)
                #expect(value.canonicalBytes == Array(written.utf8))
                #expect(try JSONValue(parsing: written) == value)
            }
        }
    }

    @Test func `objects within objects are sorted each by itself`() {
        let inner: JSONValue = ["y": 1, "x": ["q": 2, "p": 3]]
        let value: JSONValue = ["c": [["b": inner, "a": inner], 4], "b": inner, "a": ["in": 1, "order": 2]]
        let sorted = #"{"x":{"p":3,"q":2},"y":1}"#
        #expect(
            value.canonicalText
                == #"{"a":{"in":1,"order":2},"b":\#(sorted),"c":[{"a":\#(sorted),"b":\#(sorted)},4]}"#
        )
        // More than are sorted in place one by one.
        let many = JSONObject((0..<100).reversed().map { ("\(100 + $0)", JSONValue.integer(Int64($0))) })
        let text = (0..<100).map { "\"\(100 + $0)\":\($0)" }.joined(separator: ",")
        #expect(JSONValue.array([.object(many), .object(many)]).canonicalText == "[{\(text)},{\(text)}]")
    }

    @Test(arguments: [16 << 10, 100_000]) func `a long text is written whole`(length: Int) throws {
        for (text, escaped) in [("\"", "\\\""), ("\u{1}", "\\u0001"), ("é", "é")] {
            let value: JSONValue = [.string(String(repeating: text, count: length)), "end"]
            #expect(value.compactText == "[\"\(String(repeating: escaped, count: length))\",\"end\"]")
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `what is written canonically is read as the same value`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let value = JSONValue.random(&generator, depth: 5)
        let read = try JSONValue(parsing: value.canonicalBytes)
        #expect(read == value, "seed \(seed)")
        #expect(read.canonicalBytes == value.canonicalBytes, "seed \(seed)")
        #expect(try JSONValue(parsing: value.prettyText) == value, "seed \(seed)")
        #expect(try JSONValue(parsing: value.compactText) == value, "seed \(seed)")
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `no sequence of bytes traps the parser, and what it takes it can write`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var bytes = JSONValue.random(&generator, depth: 4).canonicalBytes
        for _ in 0..<3 where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: index)
            default:
                bytes.insert(contentsOf: Array(#"{["\,:-e.u"#.utf8).shuffled(using: &generator).prefix(2), at: index)
            }
        }
        if let value = try? JSONValue(parsing: bytes) {
            #expect(
                (try? JSONValue(parsing: value.canonicalBytes))?.canonicalBytes == value.canonicalBytes,
                "seed \(seed)"
            )
        }
    }
}

extension JSONValue {
    /// A value of any kind; numbers that are whole are integers, as a parser reads them.
    static func random(_ generator: inout SplitMix64, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64(bitPattern: generator.next() >> UInt64.random(in: 0..<64, using: &generator)))
        case 3:
            let number = Double(bitPattern: generator.next())
            return number.isFinite && Int64(exactly: number) == nil ? .number(number) : .number(0.5)
        case 4, 5: return .string(randomText(&generator))
        case 6:
            let count = Int.random(in: 0..<5, using: &generator)
            return .array((0..<count).map { _ in random(&generator, depth: depth - 1) })
        default:
            let count = Int.random(in: 0..<5, using: &generator)
            let pairs = (0..<count).map { _ in
                (key: randomText(&generator), value: random(&generator, depth: depth - 1))
            }
            return .object(JSONObject(pairs))
        }
    }

    private static func randomText(_ generator: inout SplitMix64) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<8, using: &generator) {
            let range: ClosedRange<UInt32> = Bool.random(using: &generator) ? 0...0x7F : 0...0x10FFFF
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)) { text.append(scalar) }
        }
        return String(text)
    }
}
