// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A quick look at a word: where it begins and ends, and whether it is of a sort that needs no closer one.
struct NameSurvey {
    let range: Range<Int>
    /// Whether it is of one script, or of Latin beside one of East Asia, in letters that pass for no others.
    let isPlain: Bool
    /// Whether something may be hidden in it.
    let hides: Bool

    /// How far a name is followed before and after the place from which it is looked at, in bytes.
    static let reach = 512

    @inline(__always)
    init(around index: Int, in text: Characters, _ table: CharacterTable) {
        var scripts: UInt64 = 0
        var hasOddLetter = false
        var hides = false
        // Forward first, so that a stop after a word of East Asia is known for the end of it, and one before it too.
        var end = index
        while end < text.bytes.count, end - index < Self.reach {
            let (value, next) = text.character(at: end)
            guard Self.take(value, table, &scripts, &hasOddLetter, &hides) else { break }
            end = next
        }
        var start = index
        back: while start > 0, index - start < Self.reach {
            var place = start - 1
            var value = UInt32(text.bytes[place])
            if value >= 0x80, let (whole, first) = text.character(before: start) { (value, place) = (whole, first) }
            guard Self.take(value, table, &scripts, &hasOddLetter, &hides) else { break back }
            start = place
        }
        range = start..<end
        self.hides = hides
        isPlain = !hasOddLetter && (scripts & (scripts &- 1) == 0 || scripts == Self.latin | Self.eastAsian)
    }

    private static let latin: UInt64 = 1 << UInt64(Script.latin.rawValue)
    private static let eastAsian: UInt64 = 1 << UInt64(Script.han.rawValue)

    /// Takes a character into account; `false` for one that ends the word.
    @inline(__always)
    private static func take(
        _ value: UInt32,
        _ table: CharacterTable,
        _ scripts: inout UInt64,
        _ hasOddLetter: inout Bool,
        _ hides: inout Bool
    ) -> Bool {
        if value < 0x80 {
            if table.entry(value) != 0 {
                scripts |= latin
                return true
            }
            return NameParts.continues(value, table)
        }
        let entry = table.entry(value)
        if entry == 0 { return false }
        if entry < Suspicion.control.rawValue {
            if entry >= Script.hangul.rawValue, entry <= Script.bopomofo.rawValue {
                scripts |= eastAsian
            } else if entry != Script.inherited.rawValue {
                scripts |= 1 << UInt64(entry)
                // Beyond Latin Extended-A begin the letters of phonetics, some of which pass for ASCII.
                if entry == Script.latin.rawValue, value > 0x17E { hasOddLetter = true }
            }
            return true
        }
        guard NameParts.continues(value, table) else { return false }
        if entry >= Suspicion.fullwidth.rawValue {
            // The stops of East Asia part words there.
            if entry == Suspicion.mark.rawValue, scripts & eastAsian != 0 { return false }
            hasOddLetter = true
        } else {
            hides = true
        }
        return true
    }
}
