// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The canonical bytes of this value: sorted names, no white space, shortest numbers, nothing escaped that need not be.
    ///
    /// Names are sorted by their UTF-8 bytes. These bytes are what digests and hash chains are taken over; they are
    /// written once and stored, never made again from a parsed copy.
    ///
    /// - Complexity: O(*n* log *k*) in the length of the text and the number of names in an object.
    public var canonicalBytes: [UInt8] {
        var writer = JSONWriter(sorted: true, indent: nil)
        writer.write(self, depth: 0)
        return writer.exactBytes
    }

    /// The canonical form as a string.
    public var canonicalText: String { String(decoding: canonicalBytes, as: UTF8.self) }

    /// A form for people: names in their own order, two spaces of indentation.
    public var prettyText: String {
        var writer = JSONWriter(sorted: false, indent: 2)
        writer.write(self, depth: 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// One line with names in their own order, for prompts and for wires whose readers care about that order.
    public var compactText: String { String(decoding: compactBytes, as: UTF8.self) }

    /// The bytes of ``compactText``.
    public var compactBytes: [UInt8] {
        var writer = JSONWriter(sorted: false, indent: nil)
        writer.write(self, depth: 0)
        return writer.exactBytes
    }
}

private struct JSONWriter {
    var bytes: [UInt8] = []
    let sorted: Bool
    let indent: Int?

    init(sorted: Bool, indent: Int?) {
        self.sorted = sorted
        self.indent = indent
    }

    /// What was written, without the room that was left over: it may be kept for long.
    var exactBytes: [UInt8] { bytes.withUnsafeBufferPointer { Array($0) } }

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let integer): append(String(integer))
        case .number(let number): write(number)
        case .string(let string): write(string)
        case .array(let array): write(array, depth: depth)
        case .object(let object): write(object, depth: depth)
        }
    }

    private mutating func write(_ number: Double) {
        // JSON has no spelling for these; null is what every other writer falls back on.
        guard number.isFinite else { return append("null") }
        if let whole = Int64(exactly: number), abs(number) < 1e15 { return append(String(whole)) }
        append("\(number)")
    }

    private mutating func write(_ array: [JSONValue], depth: Int) {
        guard !array.isEmpty else { return append("[]") }
        bytes.append(UInt8(ascii: "["))
        for (index, element) in array.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            newline(depth + 1)
            write(element, depth: depth + 1)
        }
        newline(depth)
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject, depth: Int) {
        guard !object.isEmpty else { return append("{}") }
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        var pairs = sorted ? Self.sorted(object).makeIterator() : object.makeIterator()
        while let (key, value) = pairs.next() {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            newline(depth + 1)
            write(key)
            bytes.append(UInt8(ascii: ":"))
            if indent != nil { bytes.append(UInt8(ascii: " ")) }
            write(value, depth: depth + 1)
        }
        newline(depth)
        bytes.append(UInt8(ascii: "}"))
    }

    private static func sorted(_ object: JSONObject) -> [(key: String, value: JSONValue)] {
        let pairs = Array(object)
        // What was read from canonical bytes is in order already.
        let isSorted = zip(pairs, pairs.dropFirst()).allSatisfy { $0.key.utf8Precedes($1.key) }
        return isSorted ? pairs : pairs.sorted { $0.key.utf8Precedes($1.key) }
    }

    private mutating func write(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        string.withUTF8Bytes { text in
            var rest = text[...]
            while !rest.isEmpty {
                rest = rest.dropFirst(copy(UnsafeBufferPointer(rebasing: rest)))
                guard let byte = rest.popFirst() else { break }
                append("\\u00")
                bytes.append(Self.hex[Int(byte >> 4)])
                bytes.append(Self.hex[Int(byte & 15)])
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes text up to a byte that only a number can spell, and returns how much that is.
    ///
    /// Room is made for the worst case first: prompts are full of quotation marks and ends of lines, and to ask at each of them
    /// whether there is room takes longer than to write them.
    private mutating func copy(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: 2 * text.count))
        var (read, written) = (0, start)
        bytes.withUnsafeMutableBufferPointer { bytes in
            while read < text.count {
                let byte = text[read]
                if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                    bytes[written] = byte
                    written += 1
                } else {
                    guard let letter = Self.letter(for: byte) else { return }
                    bytes[written] = UInt8(ascii: "\\")
                    bytes[written + 1] = letter
                    written += 2
                }
                read += 1
            }
        }
        bytes.removeLast(bytes.count - written)
        return read
    }

    /// What stands for a byte after a backslash, unless only its number can.
    private static func letter(for byte: UInt8) -> UInt8? {
        switch byte {
        case 0x0A: UInt8(ascii: "n")
        case 0x0D: UInt8(ascii: "r")
        case 0x09: UInt8(ascii: "t")
        case 0x08: UInt8(ascii: "b")
        case 0x0C: UInt8(ascii: "f")
        case 0..<0x20: nil
        default: byte
        }
    }

    private mutating func newline(_ depth: Int) {
        guard let indent else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: indent * depth))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private static let hex = Array("0123456789abcdef".utf8)
}

extension String {
    /// Whether the UTF-8 bytes come before those of another.
    fileprivate func utf8Precedes(_ other: String) -> Bool {
        withUTF8Bytes { left in other.withUTF8Bytes { right in left.lexicographicallyPrecedes(right) } }
    }

    /// Calls a body with the UTF-8 bytes, which are valid during the call only.
    fileprivate func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        // Only a string that is bridged from elsewhere has to be copied.
        utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }
}
