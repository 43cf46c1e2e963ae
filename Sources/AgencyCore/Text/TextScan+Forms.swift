// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension TextScan {
    /// Draws a text for people: everything that hides or steers a terminal is spelt out, as `‹U+202E›`.
    ///
    /// A run of tags or selectors that spells something is drawn as what it spells, `‹tags “…”›`; a character that comes
    /// four times or more in a row once, with a count; a letter that passes for another with its number, `‹а U+0430›`.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - multiline: Whether new lines and tabs are kept as they are; carriage returns never are.
    /// - Returns: The text, every character of which can be seen.
    public static func visible(_ text: String, multiline: Bool = false) -> String {
        let findings = TextScan(text).findings
        guard !findings.isEmpty || text.utf8.contains(where: { $0 == 0x0D || !multiline && $0 < 0x20 }) else {
            return text
        }
        var drawn = drawing(text, findings, multiline: multiline)
        // What is spelt out comes between a joiner or selector and the letter or line end that allowed it.
        while case let rest = TextScan(drawn).hidden, !rest.isEmpty {
            drawn = drawing(drawn, rest, multiline: multiline)
        }
        return drawn
    }

    private static func drawing(_ text: String, _ findings: [Finding], multiline: Bool) -> String {
        let bytes = Array(text.utf8)
        var drawing = Drawing(multiline: multiline)
        var place = 0
        var index = 0
        while index < findings.count {
            let finding = findings[index]
            drawing.plain(bytes[place..<finding.offset])
            var run = index + 1
            while run < findings.count, findings[run].offset == findings[run - 1].range.upperBound,
                findings[run].kind == finding.kind
            {
                run += 1
            }
            drawing.hidden(findings[index..<run], bytes)
            place = findings[run - 1].range.upperBound
            index = run
        }
        drawing.plain(bytes[place...])
        return String(decoding: drawing.bytes, as: UTF8.self)
    }

    /// Takes out of a text what cannot be seen, as another model may be shown it.
    ///
    /// Line ends of other kinds become ordinary ones. Odd spaces and carriage returns stay, since a model reads them as
    /// what they are and they can be what the work is about, and so do letters that pass for others. A text without
    /// anything hidden comes back as it is, to the byte; stripping what was stripped changes nothing.
    public static func stripped(_ text: String) -> String {
        if isPlain(text) { return text }
        let hidden = TextScan(text).hidden.filter { !$0.isBlank }
        guard !hidden.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var kept: [UInt8] = []
        kept.reserveCapacity(bytes.count)
        var place = 0
        for finding in hidden {
            kept += bytes[place..<finding.offset]
            switch (finding.kind, finding.scalar.value) {
            case (.space, 0x2028), (.space, 0x2029), (.space, 0x85), (.control, 0x0B), (.control, 0x0C):
                kept.append(0x0A)
            default: break
            }
            place = finding.range.upperBound
        }
        kept += bytes[place...]
        return String(decoding: kept, as: UTF8.self)
    }
}

extension TextScan.Finding {
    /// Whether it is a space of another kind, or a carriage return: it hides from people at most.
    var isBlank: Bool {
        kind == .overwrite ? scalar.value == 0x0D : kind == .space && ![0x2028, 0x2029, 0x85].contains(scalar.value)
    }
}

/// A text as it is being drawn.
private struct Drawing {
    let multiline: Bool
    var bytes: [UInt8] = []

    mutating func plain(_ part: ArraySlice<UInt8>) {
        for byte in part {
            switch byte {
            case 0x0A, 0x09: multiline ? bytes.append(byte) : spell(UInt32(byte))
            case 0x0D: spell(0x0D)
            default: bytes.append(byte)
            }
        }
    }

    mutating func hidden(_ findings: ArraySlice<TextScan.Finding>, _ text: [UInt8]) {
        guard let first = findings.first else { return }
        let scalars = findings.map(\.scalar)
        if let message = HiddenMessage(scalars, most: 200) {
            let what = first.kind == .tag ? "tags" : "selectors"
            return bytes += Array("‹\(what) “\(message.text)”›".utf8)
        }
        if first.kind.isHidden, first.kind != .terminalSequence, findings.count >= 4,
            scalars.allSatisfy({ $0 == first.scalar })
        {
            return bytes += Array("‹\(Self.number(first.scalar.value)) ×\(findings.count)›".utf8)
        }
        for finding in findings {
            switch finding.kind {
            case .terminalSequence:
                for scalar in String(decoding: text[finding.range], as: UTF8.self).unicodeScalars {
                    if scalar.value >= 0x20, scalar.value < 0x7F {
                        bytes.append(UInt8(scalar.value))
                    } else {
                        spell(scalar.value)
                    }
                }
            case _ where finding.kind.isHidden: spell(finding.scalar.value)
            default:
                bytes += Array("‹\(Character(finding.scalar)) \(Self.number(finding.scalar.value))›".utf8)
            }
        }
    }

    private mutating func spell(_ value: UInt32) { bytes += Array("‹\(Self.number(value))›".utf8) }

    private static func number(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
