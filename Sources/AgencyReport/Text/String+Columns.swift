// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension String {
    /// About how many columns of a terminal the text takes.
    var columns: Int { reduce(0) { $0 + $1.columns } }

    /// The text with spaces after it up to a number of columns.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - columns)) }

    /// The text with spaces before it up to a number of columns.
    func aligned(to width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - columns)) + self }

    /// The text cut to a number of columns, with “…” where it is longer.
    func fitted(to width: Int) -> String {
        guard columns > width else { return self }
        var result = ""
        var used = 0
        for character in self {
            guard used + character.columns < width else { break }
            result.append(character)
            used += character.columns
        }
        return result + "…"
    }

    /// The text in lines of at most so many columns, broken at spaces where there are some.
    ///
    /// - Parameters:
    ///   - width: The columns of a line.
    ///   - first: The columns of the first line, when it has fewer or more.
    /// - Returns: At least one line.
    func wrapped(to width: Int, first: Int? = nil) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        func room() -> Int { Swift.max(4, lines.isEmpty ? first ?? width : width) }
        for word in split(separator: " ").map(String.init) {
            let isLong = word.columns > width
            if used > 0, used + 1 + word.columns > room(), !isLong || used + 8 > room() {
                lines.append(line)
                (line, used) = ("", 0)
            }
            if used > 0 { (line, used) = (line + " ", used + 1) }
            for character in word {
                if used > 0, used + character.columns > room() {
                    lines.append(line)
                    (line, used) = ("", 0)
                }
                line.append(character)
                used += character.columns
            }
        }
        return used > 0 || lines.isEmpty ? lines + [line] : lines
    }

    /// The text in pieces of at most so many columns, whole: before a space if there is one late enough, else anywhere.
    func broken(to width: Int) -> [String] {
        guard columns > width else { return [self] }
        var pieces: [String] = []
        var piece: [Character] = []
        var used = 0
        for character in self {
            if used > 0, used + character.columns > width {
                let space = piece.lastIndex(of: " ").flatMap { $0 > width * 2 / 3 ? $0 : nil } ?? piece.count
                pieces.append(String(piece[..<space]))
                piece = Array(piece[space...])
                used = piece.reduce(0) { $0 + $1.columns }
            }
            piece.append(character)
            used += character.columns
        }
        return pieces + [String(piece)]
    }
}

extension Character {
    /// About how many columns of a terminal the character takes.
    ///
    /// > Source: the ranges that UAX #11 counts as wide or full-width <https://www.unicode.org/reports/tr11/>, coarsely.
    var columns: Int {
        if isASCII { return self == "\t" ? 4 : 1 }
        guard let first = unicodeScalars.first else { return 0 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
            0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
