// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Why a character needs a closer look.
enum Suspicion: UInt8 {
    case control = 128
    case softHyphen, joiner, nonJoiner, space, directionMark, direction, lineEnd, noBreakSpace, oddSpace, thinSpace
    case ideographicSpace, zeroWidth, filler, leadFiller, vowelFiller, brailleBlank, vowelSeparator, freeVariation
    case variation, supplementaryVariation, annotation, privateUse, noncharacter, tag, hieroglyphControl
    /// From here on: what can be seen, and matters in a name only.
    case fullwidth = 200
    case styled, mark

    /// Where each lies in the basic plane.
    static let ranges: [(ClosedRange<UInt32>, Suspicion)] = [
        (0x80...0x9F, .control), (0x85...0x85, .lineEnd), (0xA0...0xA0, .noBreakSpace), (0xAD...0xAD, .softHyphen),
        (0x34F...0x34F, .filler), (0x61C...0x61C, .directionMark), (0x115F...0x115F, .leadFiller),
        (0x1160...0x1160, .vowelFiller), (0x1680...0x1680, .oddSpace), (0x17B4...0x17B5, .filler),
        (0x180B...0x180D, .freeVariation), (0x180E...0x180E, .vowelSeparator), (0x180F...0x180F, .freeVariation),
        (0x2000...0x200A, .oddSpace), (0x2009...0x2009, .thinSpace), (0x200B...0x200B, .space),
        (0x200C...0x200C, .nonJoiner), (0x200D...0x200D, .joiner), (0x200E...0x200F, .directionMark),
        (0x2028...0x2029, .lineEnd), (0x202A...0x202E, .direction), (0x202F...0x202F, .noBreakSpace),
        (0x205F...0x205F, .oddSpace), (0x2060...0x2064, .zeroWidth), (0x2065...0x2065, .filler),
        (0x2066...0x2069, .direction), (0x206A...0x206F, .zeroWidth), (0x2800...0x2800, .brailleBlank),
        (0x3000...0x3000, .ideographicSpace), (0x3164...0x3164, .filler), (0xE000...0xF8FF, .privateUse),
        (0xFDD0...0xFDEF, .noncharacter), (0xFE00...0xFE0F, .variation), (0xFEFF...0xFEFF, .zeroWidth),
        (0xFFA0...0xFFA0, .filler), (0xFFF0...0xFFF8, .filler), (0xFFF9...0xFFFB, .annotation),
        (0xFFFE...0xFFFF, .noncharacter),
        // Letters and digits in other clothes.
        (0xFF10...0xFF19, .fullwidth), (0xFF21...0xFF3A, .fullwidth), (0xFF41...0xFF5A, .fullwidth),
        (0x2102...0x2102, .styled), (0x210A...0x2113, .styled), (0x2115...0x2115, .styled), (0x2119...0x211D, .styled),
        (0x2124...0x2124, .styled), (0x2128...0x2128, .styled), (0x212C...0x2131, .styled), (0x2133...0x2134, .styled),
        (0x2145...0x2149, .styled), (0x249C...0x24E9, .styled),
        // Marks that pass for those that part an address.
        (0x2024...0x2024, .mark), (0x2044...0x2044, .mark), (0x2215...0x2216, .mark), (0x2236...0x2236, .mark),
        (0x29F5...0x29F9, .mark), (0x3002...0x3002, .mark), (0xA789...0xA789, .mark), (0xFE55...0xFE55, .mark),
        (0xFE68...0xFE68, .mark), (0xFE6B...0xFE6B, .mark), (0xFF0E...0xFF0F, .mark), (0xFF1A...0xFF1A, .mark),
        (0xFF20...0xFF20, .mark), (0xFF3C...0xFF3C, .mark), (0xFF61...0xFF61, .mark),
    ]

    /// The suspicion of a character beyond the basic plane.
    @inline(__always)
    static func beyond(_ value: UInt32) -> Suspicion? {
        switch value {
        case 0x1F110...0x1F129, 0x1F130...0x1F189: .styled
        case 0x1D400...0x1D7FF: .styled
        case 0x13430...0x13455: .hieroglyphControl
        case 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A: .zeroWidth
        case 0x16FE4, 0x1D159: .filler
        case 0xE0000...0xE007F: .tag
        case 0xE0100...0xE01EF: .supplementaryVariation
        case _ where value & 0xFFFE == 0xFFFE: .noncharacter
        case 0xE0080...0xE0FFF: .filler
        case 0xF0000...: .privateUse
        default: nil
        }
    }
}

/// What every character of the basic plane is, looked up by its number: a ``Script`` or a ``Suspicion``.
struct ScriptTable: Sendable {
    static let shared = ScriptTable()

    private let entries: [UInt8]

    private init() {
        var entries = [UInt8](repeating: 0, count: 0x10000)
        func fill(_ range: ClosedRange<UInt32>, _ value: UInt8) {
            for index in range { entries[Int(index)] = value }
        }
        for (range, script) in Script.ranges { fill(range, script.rawValue) }
        for (range, suspicion) in Suspicion.ranges { fill(range, suspicion.rawValue) }
        self.entries = entries
    }

    /// Gives a closure the table.
    func withTable<Result>(_ body: (CharacterTable) -> Result) -> Result {
        entries.withUnsafeBufferPointer { body(CharacterTable(entries: $0)) }
    }
}

/// The table while it is in use.
struct CharacterTable {
    let entries: UnsafeBufferPointer<UInt8>

    /// The class of a character: the number of a script below 128, of a suspicion from there on.
    @inline(__always)
    func entry(_ value: UInt32) -> UInt8 {
        if value < 0x10000 { return entries[Int(value)] }
        if value > 0x1F189, value < 0x1FFFE { return 0 }
        return Suspicion.beyond(value)?.rawValue ?? Script.beyond(value).rawValue
    }

    func script(_ value: UInt32?) -> Script { value.flatMap { Script(rawValue: entry($0)) } ?? .none }

    /// Whether a character may be taken out or replaced, so that nothing may rest on it.
    func isShifty(_ value: UInt32) -> Bool {
        if value < 0x80 { return (value < 0x20 && value != 0x0A && value != 0x09) || value == 0x7F }
        return (Suspicion.control.rawValue..<Suspicion.fullwidth.rawValue).contains(entry(value))
    }
}
