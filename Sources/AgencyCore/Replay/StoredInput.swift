// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// An input as it stands in a conversation that was recorded.
package struct StoredInput: Hashable, Sendable {
    /// What it is called, and quoted by.
    package var label: String
    /// Where it came from, as the performer was told.
    package var origin: String
    /// All of it.
    package var text: String

    /// What a text of a conversation consists of.
    package enum Piece: Hashable, Sendable {
        /// An input.
        case input(StoredInput)
        /// What stands around inputs.
        case words(String)
    }

    /// Takes a text of a recorded conversation apart.
    ///
    /// What looks like an input within another one is part of that one: an input ends only at the mark that its own digest
    /// makes.
    package static func pieces(of text: String) -> [Piece] {
        let bytes = Array(text.utf8)
        var pieces: [Piece] = []
        var (told, next) = (0, 0)
        func words(until end: Int) {
            let words = String(decoding: bytes[told..<end], as: UTF8.self).trimmingWhitespace
            if !words.isEmpty { pieces.append(.words(words)) }
        }
        while let head = bytes[next...].firstRange(of: Array("## ".utf8)) {
            guard let found = find(at: head.lowerBound, in: bytes) else {
                next = head.upperBound
                continue
            }
            words(until: head.lowerBound)
            pieces.append(.input(found.input))
            (told, next) = (found.end, found.end)
        }
        words(until: bytes.count)
        return pieces
    }

    /// Reads the input whose heading begins at a place, and says where it ends; `nil` where there is none.
    static func find(at start: Int, in bytes: [UInt8]) -> (input: StoredInput, end: Int)? {
        guard let line = bytes[start...].firstIndex(of: UInt8(ascii: "\n")),
            let second = bytes[(line + 1)...].firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        let (heading, fence) = (bytes[start..<line], bytes[(line + 1)..<second])
        guard fence.starts(with: Array("<<<".utf8)), fence.count <= 67, heading.last == UInt8(ascii: ")"),
            let name = heading.firstRange(of: Array(" (".utf8)), name.lowerBound >= start + 3
        else { return nil }
        let mark = Array(fence.dropFirst(3))
        guard let close = bytes[second...].firstRange(of: [UInt8(ascii: "\n")] + mark + Array(">>>".utf8)) else {
            return nil
        }
        let inner = close.lowerBound > second ? bytes[(second + 1)..<close.lowerBound] : []
        let input = StoredInput(
            label: String(decoding: bytes[(start + 3)..<name.lowerBound], as: UTF8.self),
            origin: String(decoding: bytes[name.upperBound..<(line - 1)], as: UTF8.self),
            text: String(decoding: inner, as: UTF8.self)
        )
        guard Array(Digest(of: input.label + "\u{0}" + input.text).short.utf8) == mark else { return nil }
        return (input, close.upperBound)
    }
}
