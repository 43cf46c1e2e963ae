// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Text of JSON as it is written, in room that grows by doubling.
///
/// Prompts are long, and to look at one byte at a time takes longer than to write them.
struct TextBuffer: ~Copyable {
    private var room: ManagedBuffer<Void, UInt8>
    private var capacity = 4 << 10
    private var count = 0

    /// Begins with room for an event.
    init() { room = .create(minimumCapacity: capacity) { _ in } }

    /// What was written, without the room that is left over: it may be kept for long.
    var bytes: [UInt8] {
        room.withUnsafeMutablePointerToElements { Array(UnsafeBufferPointer(start: $0, count: count)) }
    }

    /// What was written, as a string.
    var string: String {
        room.withUnsafeMutablePointerToElements {
            String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
        }
    }

    mutating func append(_ byte: UInt8) {
        reserve(1)
        room.withUnsafeMutablePointerToElements { $0[count] = byte }
        count += 1
    }

    mutating func append(_ text: String) {
        text.withUTF8Bytes { append(UnsafeRawBufferPointer($0)) }
    }

    /// Writes what stands for a text between quotation marks.
    mutating func append(escaping text: UnsafeRawBufferPointer) {
        // Twice the text is the most that it can become, but for bytes that only a number can spell.
        reserve(2 * text.count)
        var read = 0
        while read < text.count {
            let end = text.endOfPlainText(from: read)
            append(UnsafeRawBufferPointer(rebasing: text[read..<end]))
            guard end < text.count else { return }
            append(UInt8(ascii: "\\"))
            if let letter = Self.letter(for: text[end]) {
                append(letter)
            } else {
                append("u00")
                append(Self.hex[Int(text[end] >> 4)])
                append(Self.hex[Int(text[end] & 15)])
            }
            read = end + 1
        }
    }

    private mutating func append(_ text: UnsafeRawBufferPointer) {
        guard let start = text.baseAddress else { return }
        reserve(text.count)
        room.withUnsafeMutablePointerToElements {
            UnsafeMutableRawPointer($0 + count).copyMemory(from: start, byteCount: text.count)
        }
        count += text.count
    }

    private mutating func reserve(_ more: Int) {
        if capacity - count < more { grow(to: max(2 * capacity, count + more)) }
    }

    @inline(never)
    private mutating func grow(to capacity: Int) {
        let larger = ManagedBuffer<Void, UInt8>.create(minimumCapacity: capacity) { _ in }
        larger.withUnsafeMutablePointerToElements { new in
            room.withUnsafeMutablePointerToElements { new.update(from: $0, count: count) }
        }
        room = larger
        self.capacity = capacity
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

    private static let hex = Array("0123456789abcdef".utf8)
}

extension UnsafeRawBufferPointer {
    /// Where the next byte stands that a string of JSON cannot have as it is written, or the end: a quotation mark, a backslash
    /// or a control character.
    func endOfPlainText(from start: Int) -> Int {
        var place = start
        while count - place >= 8 {
            let word = UInt64(littleEndian: loadUnaligned(fromByteOffset: place, as: UInt64.self))
            let special = word.bytesBelow(0x20) | word.bytes(equalTo: 0x22) | word.bytes(equalTo: 0x5C)
            if special != 0 { return place + special.trailingZeroBitCount / 8 }
            place += 8
        }
        while place < count, self[place] >= 0x20, self[place] != 0x22, self[place] != 0x5C { place += 1 }
        return place
    }
}

/// Eight bytes looked at together. The lowest bit that is set is right; those above it may not be.
///
/// > Source: S. E. Anderson, “Bit Twiddling Hacks”, <https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord>.
extension UInt64 {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The top bit of each byte that is smaller than a bound of at most 128.
    fileprivate func bytesBelow(_ bound: UInt64) -> UInt64 { (self &- Self.ones &* bound) & ~self & Self.tops }

    /// The top bit of each byte that is another.
    fileprivate func bytes(equalTo byte: UInt64) -> UInt64 { (self ^ Self.ones &* byte).bytesBelow(1) }
}
