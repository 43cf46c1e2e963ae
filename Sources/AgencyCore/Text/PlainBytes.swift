// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Passes over bytes that are ASCII and only say what they show.
enum PlainBytes {
    /// The first place from a start on that is not plain, or the end; a carriage return before a line feed is plain.
    @inline(__always)
    static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        let count = bytes.count
        guard let base = bytes.baseAddress else { return count }
        while true {
            // Eight at a time while each is from 0x20 to 0x7E.
            while index + 8 <= count {
                let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
                let below = (word &- 0x2020_2020_2020_2020) & ~word
                let delete = word ^ 0x7F7F_7F7F_7F7F_7F7F
                let deleted = (delete &- 0x0101_0101_0101_0101) & ~delete
                if (word | below | deleted) & 0x8080_8080_8080_8080 != 0 { break }
                index += 8
            }
            let stop = min(count, index + 8)
            while index < stop, isPlain(bytes, index) { index += 1 }
            if index < stop || index == count { return index }
        }
    }

    @inline(__always)
    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        let byte = bytes[index]
        if byte >= 0x20 { return byte < 0x7F }
        if byte == 0x0A || byte == 0x09 { return true }
        return byte == 0x0D && index + 1 < bytes.count && bytes[index + 1] == 0x0A
    }
}

/// A place in UTF-8 that is known to be valid, and what is around it.
struct Characters {
    let bytes: UnsafeBufferPointer<UInt8>

    /// The character that begins at an index, and where the next one begins.
    @inline(__always)
    func character(at index: Int) -> (value: UInt32, end: Int) {
        let first = UInt32(bytes[index])
        if first < 0x80 { return (first, index + 1) }
        if first < 0xE0 { return ((first & 0x1F) << 6 | tail(index + 1), index + 2) }
        if first < 0xF0 { return ((first & 0x0F) << 12 | tail(index + 1) << 6 | tail(index + 2), index + 3) }
        return ((first & 0x07) << 18 | tail(index + 1) << 12 | tail(index + 2) << 6 | tail(index + 3), index + 4)
    }

    @inline(__always)
    private func tail(_ index: Int) -> UInt32 { UInt32(bytes[index] & 0x3F) }

    /// The character that ends right before an index, and where it begins; `nil` at the beginning.
    @inline(__always)
    func character(before index: Int) -> (value: UInt32, start: Int)? {
        guard index > 0 else { return nil }
        var start = index - 1
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return (character(at: start).value, start)
    }

    /// The character that begins at an index, or `nil` at the end.
    @inline(__always)
    func next(_ index: Int) -> UInt32? { index < bytes.count ? character(at: index).value : nil }
}
