// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// The canonical bytes of this value: sorted names, no white space, shortest numbers, nothing escaped that need not be.
    ///
    /// Names are sorted by their UTF-8 bytes. These bytes are what digests and hash chains are taken over; they are
    /// written once and stored, never made again from a parsed copy.
    ///
    /// - Complexity: O(*n* log *k*) in the length of the text and the number of names in an object.
    public var canonicalBytes: [UInt8] { written(sorted: true).bytes }

    /// The canonical form as a string.
    public var canonicalText: String { written(sorted: true).string }

    /// A form for people: names in their own order, two spaces of indentation.
    public var prettyText: String { written(indent: 2).string }

    /// One line with names in their own order, for prompts and for wires whose readers care about that order.
    public var compactText: String { written().string }

    /// The bytes of ``compactText``.
    public var compactBytes: [UInt8] { written().bytes }

    private func written(sorted: Bool = false, indent: Int? = nil) -> TextBuffer {
        var writer = JSONWriter(sorted: sorted, indent: indent)
        writer.write(self, depth: 0)
        return writer.text
    }
}

private struct JSONWriter: ~Copyable {
    var text = TextBuffer()
    let sorted: Bool
    let indent: Int?
    /// The places of the members of the objects that are being written, in the order of their names.
    private var places: [Int] = []

    init(sorted: Bool, indent: Int?) {
        self.sorted = sorted
        self.indent = indent
    }

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: text.append("null")
        case .bool(let flag): text.append(flag ? "true" : "false")
        case .integer(let integer): text.append(String(integer))
        case .number(let number): write(number)
        case .string(let string): write(string)
        case .array(let array): write(array, depth: depth)
        case .object(let object): write(object, depth: depth)
        }
    }

    private mutating func write(_ number: Double) {
        // JSON has no spelling for these; null is what every other writer falls back on.
        guard number.isFinite else { return text.append("null") }
        if let whole = Int64(exactly: number), abs(number) < 1e15 { return text.append(String(whole)) }
        text.append("\(number)")
    }

    private mutating func write(_ array: [JSONValue], depth: Int) {
        text.append(UInt8(ascii: "["))
        for index in array.indices {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            newline(depth + 1)
            write(array[index], depth: depth + 1)
        }
        if !array.isEmpty { newline(depth) }
        text.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject, depth: Int) {
        text.append(UInt8(ascii: "{"))
        let members = object.members
        let first = places.count
        if sorted { object.appendSortedPlaces(to: &places) }
        let isReordered = places.count > first
        for index in members.indices {
            let place = isReordered ? places[first + index] : index
            if index > 0 { text.append(UInt8(ascii: ",")) }
            newline(depth + 1)
            write(members[place].key)
            text.append(UInt8(ascii: ":"))
            if indent != nil { text.append(UInt8(ascii: " ")) }
            write(members[place].value, depth: depth + 1)
        }
        places.removeLast(places.count - first)
        if !members.isEmpty { newline(depth) }
        text.append(UInt8(ascii: "}"))
    }

    private mutating func write(_ string: String) {
        text.append(UInt8(ascii: "\""))
        string.withUTF8Bytes { text.append(escaping: UnsafeRawBufferPointer($0)) }
        text.append(UInt8(ascii: "\""))
    }

    private mutating func newline(_ depth: Int) {
        guard let indent else { return }
        text.append(0x0A)
        for _ in 0..<(indent * depth) { text.append(0x20) }
    }
}

extension JSONObject {
    /// Adds the places of the members in the order of the UTF-8 bytes of their names, unless they stand in that order.
    fileprivate func appendSortedPlaces(to places: inout [Int]) {
        // What was read from canonical bytes is in order already.
        guard members.indices.dropFirst().contains(where: { !members[$0 - 1].key.utf8Precedes(members[$0].key) }) else {
            return
        }
        let first = places.count
        places.append(contentsOf: members.indices)
        // Not as a slice of the array, which would be copied to be sorted.
        places.withUnsafeMutableBufferPointer { places in
            places[first...].sort { members[$0].key.utf8Precedes(members[$1].key) }
        }
    }
}

extension String {
    /// Whether the UTF-8 bytes come before those of another.
    fileprivate func utf8Precedes(_ other: String) -> Bool {
        withUTF8Bytes { left in other.withUTF8Bytes { right in left.lexicographicallyPrecedes(right) } }
    }

    /// Calls a body with the UTF-8 bytes, which are valid during the call only.
    func withUTF8Bytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        // Only a string that is bridged from elsewhere has to be copied.
        utf8.withContiguousStorageIfAvailable(body) ?? Array(utf8).withUnsafeBufferPointer(body)
    }
}
