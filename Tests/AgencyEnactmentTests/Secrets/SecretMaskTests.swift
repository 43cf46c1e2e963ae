// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Values of secrets in what comes out of programs.
struct SecretMaskTests {
    private static let value = "sk-Canary/9+aZ \"q\\x\u{E9}~end"

    private static func mask(_ values: String...) throws -> SecretMask {
        let secrets = try values.enumerated().map { try Secret(name: "S\($0.offset)", value: Array($0.element.utf8)) }
        return try #require(SecretMask(secrets))
    }

    private static let forms: [String] = {
        let bytes = Array(value.utf8)
        let hex = bytes.map { String(format: "%02x", $0) }.joined()
        let wrapped = Data(("some words before: " + value + " and behind").utf8)
            .base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return [
            value, hex, hex.uppercased(), wrapped, Data(bytes).base64EncodedString(),
            Data(("a" + value).utf8).base64EncodedString(), Data(("ab" + value + "x").utf8).base64EncodedString(),
            Data(("abc>>>???" + value).utf8).base64EncodedString().replacingOccurrences(of: "+", with: "-")
                .replacingOccurrences(of: "/", with: "_"),
            bytes.map { String(format: "%%%02X", $0) }.joined(), bytes.map { String(format: "\\x%02x", $0) }.joined(),
            value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "",
            value.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\""),
            value.replacingOccurrences(of: " ", with: "+"), value.replacingOccurrences(of: "/", with: "\\/"),
            value.unicodeScalars.map { $0.value < 0x80 ? String(format: "\\u%04x", $0.value) : String($0) }.joined(),
        ]
    }()

    @Test(arguments: forms.indices)
    func `the value is found in every usual form, and its name is put there`(index: Int) throws {
        let mask = try Self.mask(Self.value)
        let form = Self.forms[index]
        for (before, behind) in [("", ""), ("before ", " behind"), ("%", "%"), ("\\", "\""), ("sk-Canary", "sk-")] {
            let text = before + form + behind
            let masked = mask.masked(text)
            #expect(masked.contains("[secret S0]"), "\(form)")
            #expect(!masked.contains("Canary") || before == "sk-Canary", "\(masked)")
            #expect(mask.finds(Array(text.utf8)))
        }
        #expect(form.utf8.count <= mask.longest + 64)
    }

    @Test func `what is no value stays as it is`() throws {
        let mask = try Self.mask(Self.value, "12345678")
        for text in [
            "", "sk-Canary", String(Self.value.dropLast()), "1234567", "%31%32", "5678 1234", "\\u0031", "é\u{0}",
        ] {
            #expect(mask.masked(text) == text && !mask.finds(Array(text.utf8)))
        }
        let bytes = (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 197) }
        #expect(mask.masked(bytes) == bytes)
    }

    @Test func `the longer of two values wins, and each line of a key counts`() throws {
        let mask = try Self.mask("password", "password-long")
        #expect(mask.masked("a password-long password.") == "a [secret S1] [secret S0].")
        let key = "-----BEGIN KEY-----\nAAAABBBBCCCCDDDDEEEE\nFFFFGGGGHHHHIIIIJJJJ\n-----END KEY-----"
        let lines = try Self.mask(key)
        #expect(lines.masked("x " + key) == "x [secret S0]")
        #expect(lines.masked("line 2: FFFFGGGGHHHHIIIIJJJJ!") == "line 2: [secret S0]!")
        #expect(lines.masked(key.replacingOccurrences(of: "\n", with: "\\n")) == "[secret S0]")
    }

    @Test func `a value that lies across a cut shows on neither side`() throws {
        let mask = try Self.mask("0123456789abcdef")
        let text = Array("........0123456789abcdef========".utf8)
        for cut in 0...text.count {
            let (before, behind) = (mask.masked(text, 0..<cut), mask.masked(text, cut..<text.count))
            for part in [before, behind] { #expect(!String(decoding: part, as: UTF8.self).contains("0123")) }
        }
        for limit in 1...170 {
            var capture = Capture(head: limit, tail: limit)
            Array(String(repeating: "<0123456789abcdef>", count: 20).utf8).withUnsafeBytes { capture.append($0) }
            capture.mask(mask)
            let shown = capture.text.replacingOccurrences(of: "[secret S0]", with: "")
            #expect(!shown.contains("<0") && !shown.contains("f>"), "\(limit): \(capture.text)")
        }
        var short = Capture(head: 100, tail: 100)
        Array("it is 0123456789abcdef".utf8).withUnsafeBytes { short.append($0) }
        short.mask(mask)
        #expect(short.text == "it is [secret S0]" && !short.isTruncated)
    }

    @Test func `names and texts of JSON are masked, however they were written`() throws {
        let mask = try Self.mask("n\u{F6}ch-ein-Wort")
        let json = try JSONValue(
            parsing: #"{"a":["x n\u00f6ch-ein-Wort y",1,null],"n\u00f6ch-ein-Wort":true,"[secret S0]":2}"#
        )
        let masked = mask.masked(json)
        #expect(masked["a"]?.array?.first?.string == "x [secret S0] y")
        #expect(!masked.compactText.contains("ch-ein") && masked.object?.keys.count == 3)
    }

    @Test func `a secret shows its name and nothing else`() throws {
        let secret = try Secret(name: "KEY", value: Array("do-not-tell".utf8))
        var dumped = ""
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), "\([secret])", dumped] {
            #expect(!text.contains("do-not-tell") && text.contains("KEY"), "\(text)")
        }
        for bytes in [Array("short".utf8), [UInt8](repeating: 0x41, count: 70_000), Array("with a \0 in it".utf8)] {
            #expect(throws: EnactmentError.self) { try Secret(name: "KEY", value: bytes) }
        }
        #expect(throws: EnactmentError.self) { try Secret(name: "KEY", value: [0xFF, 0xFE, 1, 2, 3, 4, 5, 6, 7]) }
    }
}
