// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, in a few words.
    public var message: String
    /// The byte at which it is wrong, counted from 0.
    public var offset: Int
    /// The line of that byte, counted from 1.
    public var line: Int
    /// The column of that byte in bytes, counted from 1.
    public var column: Int

    /// `line:column: message`.
    public var description: String { "\(line):\(column): \(message)" }
}

extension JSONValue {
    /// The deepest nesting that a parsed text may have.
    public static let maximumDepth = 128

    /// Parses one JSON text, strictly.
    ///
    /// Duplicate names, lone surrogates, invalid UTF-8, numbers that overflow, nesting beyond ``maximumDepth`` and
    /// anything after the value are refused.
    ///
    /// - Parameter bytes: UTF-8 text without a byte order mark.
    /// - Throws: ``JSONError`` with the place of the first fault. Parsing the same bytes again fails again.
    public init(parsing bytes: some Sequence<UInt8>) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes))
        self = try parser.parseWhole()
    }

    /// Parses one JSON text, strictly.
    ///
    /// - Throws: ``JSONError`` as ``init(parsing:)-(Sequence<UInt8>)`` does.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func parseWhole() throws(JSONError) -> JSONValue {
        skipSpace()
        let value = try parseValue(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw fault("text after the end of the value") }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth <= JSONValue.maximumDepth else { throw fault("nested deeper than \(JSONValue.maximumDepth)") }
        guard let byte = peek else { throw fault("the text ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try parseObject(depth: depth))
        case UInt8(ascii: "["): return .array(try parseArray(depth: depth))
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw fault("a value cannot begin with \(Self.show(byte))")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONObject {
        var object = JSONObject()
        position += 1
        skipSpace()
        if take(UInt8(ascii: "}")) { return object }
        while true {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw fault("expected a name in quotes") }
            let start = position
            let key = try parseString()
            guard !object.has(key) else { throw fault("duplicate name “\(key)”", at: start) }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("expected “:” after a name") }
            skipSpace()
            object.append(key, try parseValue(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw fault("expected “,” or “}”") }
            return object
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> [JSONValue] {
        var array: [JSONValue] = []
        position += 1
        skipSpace()
        if take(UInt8(ascii: "]")) { return array }
        array.reserveCapacity(4)
        while true {
            skipSpace()
            array.append(try parseValue(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw fault("expected “,” or “]”") }
            return array
        }
    }

    private mutating func parseWord(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw fault("expected “\(word)”") }
        position += word.utf8.count
        return value
    }

    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let whole = skipDigits()
        guard whole > 0 else { throw fault("expected a digit") }
        let first = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
        guard whole == 1 || bytes[first] != UInt8(ascii: "0") else {
            throw fault("a number cannot begin with 0", at: start)
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard skipDigits() > 0 else { throw fault("expected a digit after “.”") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() > 0 else { throw fault("expected a digit in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw fault("number out of range", at: start) }
        return .number(number)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        return position - start
    }

    private mutating func parseString() throws(JSONError) -> String {
        let start = position
        position += 1
        var collected: [UInt8] = []
        while true {
            let plain = position
            position = bytes.withUnsafeBytes { $0.endOfPlainText(from: plain) }
            switch peek {
            case UInt8(ascii: "\""):
                position += 1
                // Most strings have no escapes, and are read from where they stand.
                if collected.isEmpty { return try string(bytes.span.extracting(plain..<position - 1), at: start) }
                collected += bytes[plain..<position - 1]
                return try string(collected.span, at: start)
            case UInt8(ascii: "\\"):
                collected += bytes[plain..<position]
                try parseEscape(into: &collected)
            case nil: throw fault("the text ends inside a string")
            default: throw fault("a control character must be escaped")
            }
        }
    }

    private func string(_ bytes: Span<UInt8>, at start: Int) throws(JSONError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            throw fault("a string is not valid UTF-8", at: start)
        }
    }

    private mutating func parseEscape(into collected: inout [UInt8]) throws(JSONError) {
        position += 1
        guard let byte = peek else { throw fault("the text ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): collected.append(byte)
        case UInt8(ascii: "b"): collected.append(0x08)
        case UInt8(ascii: "f"): collected.append(0x0C)
        case UInt8(ascii: "n"): collected.append(0x0A)
        case UInt8(ascii: "r"): collected.append(0x0D)
        case UInt8(ascii: "t"): collected.append(0x09)
        case UInt8(ascii: "u"): collected.append(contentsOf: String(Character(try parseUnicodeEscape())).utf8)
        default: throw fault("unknown escape \\\(Self.show(byte))")
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let high = try parseHex()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw fault("half of a surrogate pair")
        }
        let low = try parseHex()
        guard (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw fault("half of a surrogate pair") }
        return scalar
    }

    private mutating func parseHex() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw fault("the text ends inside an escape") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue, bytes[position] < 0x80 else {
                throw fault("expected a hexadecimal digit")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func fault(_ message: String, at offset: Int? = nil) -> JSONError {
        let offset = offset ?? position
        let before = bytes.prefix(offset)
        let line = before.count { $0 == 0x0A } + 1
        let column = offset - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return JSONError(message: message, offset: offset, line: line, column: column)
    }

    private static func show(_ byte: UInt8) -> String {
        (0x21..<0x7F).contains(byte) ? "“\(Character(Unicode.Scalar(byte)))”" : "byte 0x" + String(byte, radix: 16)
    }
}
