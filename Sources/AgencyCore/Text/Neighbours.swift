// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What stands next to a character, and what that permits.
struct Neighbours {
    /// The character before and where it begins; `nil` at the beginning and after something hidden.
    let before: (value: UInt32, start: Int)?
    /// Where this character ends.
    let end: Int
    let text: Characters
    let table: CharacterTable

    /// The character after.
    private var after: UInt32? { text.next(end) }

    /// Whether a character has a place here that the scripts and emoji of the world give it.
    ///
    /// > Source: RFC 5892 appendices A.1 and A.2 for joiners, wider for the letters of joining and Indic scripts, where
    /// > people write them; UTS #51 for emoji; The Unicode Standard, chapter 23.4 for variation sequences and 13.5 for
    /// > Mongolian; its chapter 23.2 for the zero-width space.
    func allow(_ value: UInt32, _ suspicion: Suspicion) -> Bool {
        switch suspicion {
        case .joiner: joinsEmoji || joinsLetters
        case .nonJoiner: joinsLetters
        case .space: script.lacksSpaces && table.script(after).lacksSpaces
        case .variation, .supplementaryVariation: hasVariation(value)
        case .freeVariation: script == .mongolian
        case .vowelSeparator: script == .mongolian && table.script(after) == .mongolian
        case .noBreakSpace: isTypographic
        case .thinSpace: before.map { Self.isDigit($0.value) } == true && after.map { $0 > 0x20 && !shifty($0) } == true
        case .ideographicSpace: isEastAsian(before?.value) || isEastAsian(after) || isIndent
        case .leadFiller: after.map { (0x1161...0x11A7).contains($0) } ?? false
        case .vowelFiller: before.map { (0x1100...0x115E).contains($0.value) } ?? false
        case .brailleBlank: script == .braille || isBlankAfterBraille || table.script(after) == .braille
        case .hieroglyphControl: before.map { (0x13000...0x13455).contains($0.value) } ?? false
        default: false
        }
    }

    private var script: Script { table.script(before?.value) }
    private func shifty(_ value: UInt32) -> Bool { table.isShifty(value) }

    private var isBlankAfterBraille: Bool {
        guard let before, before.value == 0x2800 else { return false }
        return table.script(text.character(before: before.start)?.value) == .braille
    }

    private var joinsEmoji: Bool {
        guard var left = before, let after, Self.isEmoji(after) else { return false }
        if left.value == 0xFE0F, let base = text.character(before: left.start) { left = base }
        return Self.isEmoji(left.value)
    }

    private var joinsLetters: Bool {
        guard let before, let base = Unicode.Scalar(before.value) else { return false }
        let here = script == .inherited ? scriptBeforeMarks(before.start) : script
        guard let after else {
            // A last letter may show the form that it would have before another one.
            return here.joins || base.properties.canonicalCombiningClass == .virama
        }
        if shifty(after) { return false }
        if base.properties.canonicalCombiningClass == .virama { return true }
        let next = table.script(after)
        if here.joins { return next.joins || next == .inherited || after <= 0x2E }
        return here.isIndic && (next == here || next == .inherited)
    }

    private func scriptBeforeMarks(_ start: Int) -> Script {
        var place = start
        for _ in 0..<8 {
            guard let (value, index) = text.character(before: place) else { return .none }
            guard table.script(value) == .inherited else { return table.script(value) }
            place = index
        }
        return .none
    }

    private func hasVariation(_ selector: UInt32) -> Bool {
        guard let base = before?.value, let scalar = Unicode.Scalar(base) else { return false }
        let properties = scalar.properties
        switch selector {
        case 0xFE0E, 0xFE0F:
            if base < 0x80 {
                let isKey = (0x30...0x39).contains(base) || base == 0x23 || base == 0x2A
                return isKey && selector == 0xFE0F && after == 0x20E3
            }
            return properties.isEmoji && !properties.isEmojiModifier && !(0x1F1E6...0x1F1FF).contains(base)
        case 0xFE00...0xFE02:
            if properties.isUnifiedIdeograph || properties.generalCategory == .mathSymbol { return true }
            return Self.varied.contains(base) || [.myanmar, .phagsPa].contains(script)
                || (0x10AC0...0x10AF6).contains(base) || (0x13000...0x1342F).contains(base)
        case 0xFE03...0xFE06: return (0x13000...0x1342F).contains(base)
        case 0xE0100...: return properties.isUnifiedIdeograph
        default: return false
        }
    }

    /// Punctuation and digits with standardised variants.
    private static let varied: Set<UInt32> = [
        0x30, 0x2018, 0x2019, 0x201C, 0x201D, 0x3001, 0x3002, 0xFF01, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F,
    ]

    /// Whether a space that does not break is where typography puts one: beside a number, a sign or a stop.
    private var isTypographic: Bool {
        guard let before, let after, before.value > 0x20, after > 0x20, !shifty(after) else { return false }
        return script == .mongolian || isSign(before.value) || isSign(after)
    }

    private func isSign(_ value: UInt32) -> Bool {
        if value >= 0x80 { return table.entry(value) == 0 }
        return Self.isDigit(value) || "!?;:%$.".unicodeScalars.contains { $0.value == value }
    }

    private static func isDigit(_ value: UInt32) -> Bool { (0x30...0x39).contains(value) }

    private func isEastAsian(_ value: UInt32?) -> Bool {
        guard let value else { return false }
        if (0x3001...0x303F).contains(value) { return true }
        if (0xFF01...0xFF9F).contains(value) { return !shifty(value) }
        return table.script(value).isEastAsian
    }

    /// Whether this is the first of two or more such spaces before a word of East Asia.
    private var isIndent: Bool {
        guard after == 0x3000 else { return false }
        var place = end
        for _ in 0..<8 {
            guard place < text.bytes.count else { return false }
            let (value, next) = text.character(at: place)
            guard value == 0x3000 else { return isEastAsian(value) }
            place = next
        }
        return false
    }

    static func isEmoji(_ value: UInt32) -> Bool {
        value >= 0x80 && (Unicode.Scalar(value)?.properties.isEmoji ?? false)
    }

    /// Whether no other mark of direction stands right before.
    var isApartFromMarks: Bool {
        guard let before else { return true }
        return table.entry(before.value) != Suspicion.directionMark.rawValue
    }

    static func endsLine(_ value: UInt32) -> Bool {
        switch value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Where a sequence of tags ends that makes a black flag the flag of England, Scotland or Wales.
    ///
    /// > Source: UTS #51, emoji tag sequences recommended for general interchange.
    func endOfFlag(at index: Int) -> Int? {
        guard before?.value == 0x1F3F4 else { return nil }
        return ["gbeng", "gbsct", "gbwls"].lazy.compactMap { region -> Int? in
            var place = index
            for letter in region.unicodeScalars.map({ $0.value + 0xE0000 }) + [0xE007F] {
                guard place < text.bytes.count, text.character(at: place).value == letter else { return nil }
                place = text.character(at: place).end
            }
            return place
        }.first
    }
}

/// What a terminal takes for a command.
///
/// > Source: ECMA-48 (1991), sections 5.3 to 5.6; xterm's OSC 8 and 52.
enum TerminalSequence {
    /// The length in bytes of a whole sequence, or `nil` when none begins here or it does not end.
    ///
    /// One that does not end is no sequence, so that it cannot take the rest of a text with it.
    static func length(in text: Characters, at start: Int) -> Int? {
        let (first, end) = text.character(at: start)
        var index = end
        var introducer = first
        if first == 0x1B {
            guard index < text.bytes.count else { return nil }
            introducer = UInt32(text.bytes[index]) + 0x40
            if !(0x40...0x5F).contains(text.bytes[index]) { return escape(in: text, start, index) }
            index += 1
        }
        switch introducer {
        case 0x9B: return control(in: text, start, index)
        case 0x90, 0x98, 0x9D, 0x9E, 0x9F: return string(in: text, start, index)
        default: return first == 0x1B ? index - start : nil
        }
    }

    private static func escape(in text: Characters, _ start: Int, _ from: Int) -> Int? {
        var index = from
        while index < text.bytes.count, index < from + 4, (0x20...0x2F).contains(text.bytes[index]) { index += 1 }
        guard index < text.bytes.count, (0x30...0x7E).contains(text.bytes[index]) else { return nil }
        return index + 1 - start
    }

    private static func control(in text: Characters, _ start: Int, _ from: Int) -> Int? {
        var index = from
        while index < text.bytes.count, index < from + 64, (0x20...0x3F).contains(text.bytes[index]) { index += 1 }
        guard index < text.bytes.count, (0x40...0x7E).contains(text.bytes[index]) else { return nil }
        return index + 1 - start
    }

    private static func string(in text: Characters, _ start: Int, _ from: Int) -> Int? {
        var index = from
        while index < text.bytes.count, index < from + 8192 {
            let (value, end) = text.character(at: index)
            if value == 0x07 || value == 0x9C { return end - start }
            if value == 0x1B { return text.next(end) == 0x5C ? end + 1 - start : nil }
            if value < 0x20 || (0x7F...0x9F).contains(value) || Neighbours.endsLine(value) { return nil }
            index = end
        }
        return nil
    }
}
