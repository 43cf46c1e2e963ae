// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Whether applying a regular expression to a hostile text could take for ever.
///
/// A matcher that goes back tries every way of sharing a text out among repetitions, which are exponentially many where a
/// repeated group itself holds a repetition or alternatives. Groups that are repeated a bounded, small number of times are fine.
enum PatternRisk {
    /// Whether a group that holds a repetition or alternatives is itself repeated without a small bound.
    static func isRisky(_ pattern: String) -> Bool {
        let bytes = Array(pattern.utf8)
        // For each open group: whether it holds a repetition or alternatives.
        var groups = [false]
        var starts = [0]
        var isRisky = false
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "["):
                index = end(ofClassAt: index, in: bytes)
            case UInt8(ascii: "("):
                groups.append(false)
                starts.append(index + 1)
            case UInt8(ascii: ")"):
                let start = starts.count > 1 ? starts.removeLast() : 0
                var holds = groups.count > 1 ? groups.removeLast() : false
                if holds, isParted(bytes[start..<index]) { holds = false }
                let isRepeated = isRepetition(at: index + 1, in: bytes)
                if holds, isRepeated { isRisky = true }
                if holds || isRepeated { groups[groups.count - 1] = true }
            case UInt8(ascii: "|"): groups[groups.count - 1] = true
            default:
                if isRepetition(at: index, in: bytes) { groups[groups.count - 1] = true }
            }
            index += 1
        }
        return isRisky
    }

    /// Whether a group begins with a mark that nothing else in it matches, so that a text is shared out in one way only.
    private static func isParted(_ group: ArraySlice<UInt8>) -> Bool {
        guard let mark = group.first, "-_/,:; ".utf8.contains(mark) else { return false }
        let rest = Array(group.dropFirst())
        return rest.indices.allSatisfy { index in
            let byte = rest[index]
            if isWord(byte) || "[]{}+*".utf8.contains(byte) { return true }
            // Between letters or figures it makes a range.
            return byte == UInt8(ascii: "-") && index > 0 && index + 1 < rest.count && isWord(rest[index - 1])
                && isWord(rest[index + 1])
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private static func isRepetition(at index: Int, in bytes: [UInt8]) -> Bool {
        guard index < bytes.count else { return false }
        if bytes[index] == UInt8(ascii: "*") || bytes[index] == UInt8(ascii: "+") { return true }
        guard bytes[index] == UInt8(ascii: "{"), let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else {
            return false
        }
        let bounds = String(decoding: bytes[(index + 1)..<end], as: UTF8.self).split(
            separator: ",",
            omittingEmptySubsequences: false
        )
        return bounds.last.flatMap { Int($0) }.map { $0 > 10 } ?? true
    }

    /// The place of the bracket that closes a class of characters.
    private static func end(ofClassAt start: Int, in bytes: [UInt8]) -> Int {
        var index = start + 1
        if index < bytes.count, bytes[index] == UInt8(ascii: "^") { index += 1 }
        if index < bytes.count, bytes[index] == UInt8(ascii: "]") { index += 1 }
        while index < bytes.count, bytes[index] != UInt8(ascii: "]") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index
    }
}
