// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The text of a file, known to be free of what has no place in a declaration.
struct SourceText {
    let text: String
    /// The lines without their ends, as scalars, so that marks can be looked up.
    let lines: [[Unicode.Scalar]]

    /// The most bytes that a file may have.
    static let mostBytes = 1 << 20

    /// Takes the bytes of a file.
    ///
    /// - Returns: `nil` after adding the faults that say why the bytes are not a text to read.
    init?(bytes: [UInt8], faults: FaultList) {
        guard bytes.count <= Self.mostBytes else {
            let hint = "at most \(Self.mostBytes.grouped) bytes are accepted; is this the right file?"
            faults.add(.start, "\(bytes.count.grouped) bytes are too many for a declaration", hint: hint)
            return nil
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let hint = "save the file as UTF-8"
            faults.add(Self.firstIllFormed(in: bytes), "this is not valid UTF-8", hint: hint)
            return nil
        }
        self.text = text
        var lines: [[Unicode.Scalar]] = [[]]
        var isClean = true
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if scalar == "\n" {
                if previous == "\r" { lines[lines.count - 1].removeLast() }
                lines.append([])
            } else {
                if previous == "\r" {
                    let place = Mark(line: lines.count, column: lines[lines.count - 1].count)
                    faults.add(place, "a carriage return within a line", hint: "end lines with a line feed")
                    isClean = false
                }
                let mark = Mark(line: lines.count, column: lines[lines.count - 1].count + 1)
                if let (message, hint) = Self.complaint(about: scalar, at: mark) {
                    faults.add(mark, message, hint: hint)
                    isClean = false
                }
                lines[lines.count - 1].append(scalar)
            }
            previous = scalar
        }
        guard isClean else { return nil }
        self.lines = lines
    }

    /// The scalar at a place, or `nil` past the end of its line.
    func scalar(at mark: Mark) -> Unicode.Scalar? {
        guard lines.indices.contains(mark.line - 1) else { return nil }
        let line = lines[mark.line - 1]
        return line.indices.contains(mark.column - 1) ? line[mark.column - 1] : nil
    }

    private static func complaint(about scalar: Unicode.Scalar, at mark: Mark) -> (String, String)? {
        let name = "U+" + String(scalar.value, radix: 16, uppercase: true).paddedTo(4)
        switch scalar.value {
        case 0xFEFF where mark == .start: return ("the file begins with a byte order mark", "save it without one")
        case 0xFEFF, 0xFFFE, 0xFFFF: return ("the invisible character \(name)", "remove it")
        case 0x09, 0x0D: return nil
        case 0..<0x20, 0x7F..<0xA0:
            return ("the control character \(name)", "remove it, or write it as an escape in double quotes")
        case 0x2028, 0x2029: return ("the line break \(name)", "end lines with a line feed")
        // These make a text look different from what it says.
        case 0x202A...0x202E, 0x2066...0x2069:
            return ("the invisible direction mark \(name)", "remove it: it shows words in another order than they have")
        default: return nil
        }
    }

    private static func firstIllFormed(in bytes: [UInt8]) -> Mark {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var mark = Mark.start
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            mark =
                scalar == "\n" ? Mark(line: mark.line + 1, column: 1) : Mark(line: mark.line, column: mark.column + 1)
        }
        return mark
    }
}

extension String {
    fileprivate func paddedTo(_ width: Int) -> String {
        String(repeating: "0", count: Swift.max(0, width - utf8.count)) + self
    }
}
