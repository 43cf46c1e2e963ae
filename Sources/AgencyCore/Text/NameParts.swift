// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A token that may be a name or an address, taken apart: `раураl.com`, `user@example.org`, `src/main.swift`.
///
/// > Source: UTS #39 sections 4 and 5 <https://www.unicode.org/reports/tr39/>: a label is of one script, or of Latin
/// > beside the scripts of Chinese, Japanese or Korean, or beside one script that does not pass for Latin.
struct NameParts {
    let range: Range<Int>
    private(set) var findings: [TextScan.Finding] = []
    private var labels: [Label] = []
    private var marks: [(letter: Letter, isBetween: Bool)] = []
    /// Whether a stop, a stroke or the like stands between letters or digits, as in names and addresses.
    private var isName = false

    struct Letter {
        var offset: Int
        var length: Int
        var value: UInt32
        var script: Script
        var suspicion: Suspicion?

        var isASCII: Bool { value < 0x80 }
    }

    struct Label {
        var letters: [Letter] = []

        func count(_ isCounted: (Letter) -> Bool) -> Int { letters.reduce(0) { $0 + (isCounted($1) ? 1 : 0) } }

        /// The scripts of its letters, each once; there are hardly ever more than two.
        var scripts: [Script] {
            var scripts: [Script] = []
            for letter in letters where letter.suspicion == nil && !scripts.contains(letter.script) {
                scripts.append(letter.script)
            }
            return scripts
        }

        /// The scripts of its letters, one after another, repetitions left out.
        var runs: [(script: Script, letters: ArraySlice<Letter>)] {
            letters.split { $0.suspicion != nil }.flatMap { part -> [(script: Script, letters: ArraySlice<Letter>)] in
                var runs: [(script: Script, letters: ArraySlice<Letter>)] = []
                for (place, letter) in zip(part.indices, part) {
                    if let last = runs.last, last.script == letter.script {
                        runs[runs.count - 1].letters = part[last.letters.startIndex...place]
                    } else {
                        runs.append((letter.script, part[place...place]))
                    }
                }
                return runs
            }
        }
    }

    init(around index: Int, in text: Characters, _ table: CharacterTable) {
        range = NameSurvey(around: index, in: text, table).range
        read(text, table)
        judge()
    }

    private mutating func read(_ text: Characters, _ table: CharacterTable) {
        var label = Label()
        var isAfterLetter = false
        var isAfterAddressed = false
        var pending: [Int] = []
        var isAfterSign = false
        var index = range.lowerBound
        while index < range.upperBound {
            let (value, end) = text.character(at: index)
            let entry = table.entry(value)
            let suspicion = Suspicion(rawValue: entry)
            let script = Script(rawValue: entry) ?? .none
            let letter = Letter(
                offset: index,
                length: end - index,
                value: value,
                script: script,
                suspicion: suspicion
            )
            index = end
            if suspicion == .mark {
                pending.append(marks.count)
                marks.append((letter, isAfterAddressed))
                labels.append(label)
                label = Label()
                (isAfterLetter, isAfterAddressed) = (false, false)
            } else if script != .none && script != .inherited || suspicion == .fullwidth || suspicion == .styled {
                label.letters.append(letter)
                if isAfterSign { isName = true }
                isAfterAddressed = Self.isAddressed(value, table)
                if !isAfterAddressed { for place in pending { marks[place].isBetween = false } }
                pending = []
                (isAfterLetter, isAfterSign) = (true, false)
            } else if (0x30...0x39).contains(value) {
                if isAfterSign { isName = true }
                (isAfterLetter, isAfterSign, isAfterAddressed) = (true, false, true)
                pending = []
            } else if suspicion == nil, script != .inherited {
                for place in pending where value != 0x2F { marks[place].isBetween = false }
                if Self.isSign(value), isAfterLetter { isAfterSign = true }
                labels.append(label)
                label = Label()
                (isAfterLetter, isAfterAddressed) = (false, false)
            }
        }
        for place in pending { marks[place].isBetween = false }
        labels.append(label)
        labels.removeAll { $0.letters.isEmpty }
        let dots: Set<UInt32> = [0x3002, 0xFF0E, 0xFF61, 0x2024]
        isName = isName || marks.contains { $0.isBetween && dots.contains($0.letter.value) }
    }

    private mutating func judge() {
        let hasASCII = labels.contains { $0.letters.contains(where: \.isASCII) }
        let isLatin = labels.contains { $0.count(\.isASCII) >= 2 }
        for label in labels {
            mixed(label)
            styled(label, hasASCII: hasASCII)
            if isName { passing(label, besideLatin: isLatin) }
        }
        guard labels.contains(where: { $0.letters.contains { $0.script == .latin || $0.suspicion != nil } }) else {
            return
        }
        for (mark, isBetween) in marks where isBetween && (isName || ![0xFF0F, 0xFF1A].contains(mark.value)) {
            add(.lookalike, mark)
        }
    }

    private mutating func mixed(_ label: Label) {
        let scripts = label.scripts
        guard scripts.count > 1 else { return }
        let letters = label.letters.filter { $0.suspicion == nil }
        let alphabets = scripts.filter(\.isAlphabet)
        let isMixed =
            alphabets.count > 1
            ? isName || !Self.isPlainlyMixed(label)
            : isName && scripts.filter { $0 != .latin && !$0.isEastAsian }.count > 1
        if isMixed {
            let kept = scripts.contains(.latin) ? .latin : Self.commonest(letters)
            for letter in letters where letter.script != kept && !letter.script.isEastAsian {
                add(.mixedScript, letter)
            }
        } else if isName, scripts.contains(.latin) {
            for letter in letters where letter.script != .latin && !letter.script.isEastAsian {
                if Lookalikes.shared.letter(letter.value) != nil { add(.mixedScript, letter) }
            }
        }
    }

    private static func commonest(_ letters: [Letter]) -> Script {
        let counts = Dictionary(grouping: letters, by: \.script).mapValues(\.count)
        return counts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key ?? .none
    }

    /// Whether a reader sees where one script ends and another begins: `Windowsовский`, `TNFα`, `Δx`.
    private static func isPlainlyMixed(_ label: Label) -> Bool {
        let runs = label.runs
        guard runs.count == 2 else { return false }
        if runs.contains(where: { run in
            guard run.script == .greek, run.letters.count == 1, let letter = run.letters.first else { return false }
            return Lookalikes.shared.letter(letter.value) == nil || Lookalikes.apart.contains(letter.value)
        }) {
            return true
        }
        return runs.allSatisfy { run in
            run.letters.count >= 3
                && run.letters.contains { letter in
                    letter.isASCII
                        ? Lookalikes.unmistakable.contains(letter.value)
                        : Lookalikes.shared.letter(letter.value) == nil
                }
        }
    }

    private mutating func styled(_ label: Label, hasASCII: Bool) {
        let fullwidth = label.letters.filter { $0.suspicion == .fullwidth }
        let hasLetter = fullwidth.contains { !(0xFF10...0xFF19).contains($0.value) }
        if hasLetter, isName || hasASCII { for letter in fullwidth { add(.fullwidth, letter) } }
        let styled = label.letters.filter { $0.suspicion == .styled }
        guard !styled.isEmpty else { return }
        let isInside = label.letters.first?.isASCII == true && label.letters.last?.isASCII == true
        if isName || styled.count >= 3 || isInside { for letter in styled { add(.styled, letter) } }
    }

    /// Adds the letters of a label that reads like ASCII in a script of its own, beside one that is ASCII.
    private mutating func passing(_ label: Label, besideLatin: Bool) {
        guard let script = label.letters.first?.script,
            label.letters.allSatisfy({ $0.script == script && $0.suspicion == nil })
        else { return }
        if script == .latin {
            // The dotless i is a letter of Turkish.
            for letter in label.letters where !letter.isASCII && letter.value != 0x131 {
                if Lookalikes.shared.letter(letter.value) != nil { add(.lookalike, letter) }
            }
        } else if besideLatin, script.isAlphabet || script == .other, label.letters.count >= 2,
            label.letters.allSatisfy({ Lookalikes.shared.letter($0.value) != nil })
        {
            for letter in label.letters { add(.lookalike, letter) }
        }
    }

    private mutating func add(_ kind: TextScan.Kind, _ letter: Letter) {
        guard let scalar = Unicode.Scalar(letter.value), findings.last?.offset != letter.offset else { return }
        findings.append(TextScan.Finding(kind: kind, offset: letter.offset, length: letter.length, scalar: scalar))
    }

    /// Whether a character can be part of a name or an address.
    static func continues(_ value: UInt32, _ table: CharacterTable) -> Bool {
        if value < 0x80 {
            switch value {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x7E, 0x2B, 0x25, 0x3D, 0x26, 0x3F, 0x23: return true
            default: return isSign(value)
            }
        }
        let entry = table.entry(value)
        if entry < Suspicion.control.rawValue { return entry != 0 }
        switch Suspicion(rawValue: entry) {
        case .control, .lineEnd, .noBreakSpace, .oddSpace, .thinSpace, .ideographicSpace, .brailleBlank, nil:
            return false
        default: return true
        }
    }

    /// `.`, `@`, `/`, `\`, `_` and `:`.
    static func isSign(_ value: UInt32) -> Bool {
        switch value {
        case 0x2E, 0x40, 0x2F, 0x5C, 0x5F, 0x3A: true
        default: false
        }
    }

    /// Whether a character is a letter or digit of the kind that addresses are made of.
    static func isAddressed(_ value: UInt32, _ table: CharacterTable) -> Bool {
        if value < 0x80 { return (0x30...0x39).contains(value) || table.entry(value) != 0 }
        let entry = table.entry(value)
        return entry == Script.latin.rawValue || entry == Suspicion.fullwidth.rawValue
            || entry == Suspicion.styled.rawValue
    }
}
