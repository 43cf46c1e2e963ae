// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// One pass over a text.
///
/// Whether a character stays depends only on characters that stay themselves, and no sequence arises from what is
/// left; so what is stripped once has nothing more to strip.
struct Scanner {
    let text: Characters
    let table: CharacterTable
    private(set) var findings: [TextScan.Finding] = []
    /// Where the last character ended that was found to be hidden: what comes next has no neighbour before it.
    private var hiddenEnd = -1
    /// Up to where names have been looked at.
    private var namesEnd = 0
    /// The end of the line that was last asked about, and whether something in it runs from right to left.
    private var line = (end: -1, runsLeft: false)

    private var bytes: UnsafeBufferPointer<UInt8> { text.bytes }

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ table: CharacterTable) {
        text = Characters(bytes: bytes)
        self.table = table
    }

    mutating func run() {
        var index = 0
        while true {
            index = PlainBytes.end(in: bytes, from: index)
            guard index < bytes.count else { break }
            index = bytes[index] < 0x80 ? control(at: index) : other(at: index)
        }
        // What is hidden in a name is found after the name.
        if namesEnd > 0 { findings.sort { $0.offset < $1.offset } }
    }

    /// Takes what is not ASCII, as long as it lasts and is harmless.
    private mutating func other(at start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] >= 0x80 {
            let (value, end) = text.character(at: index)
            let entry = table.entry(value)
            if entry == 0 || entry == Script.inherited.rawValue {
                index = end
            } else if entry < Suspicion.control.rawValue {
                index = index < namesEnd ? end : letters(at: index)
            } else if let suspicion = Suspicion(rawValue: entry) {
                if entry >= Suspicion.fullwidth.rawValue {
                    if index >= namesEnd, suspicion != .mark || isBetweenLetters(index, end) { name(at: index) }
                    index = end
                } else if let length = hidden(value, suspicion, at: index, end) {
                    index += length
                } else {
                    index = end
                }
            } else {
                index = end
            }
        }
        return index
    }

    /// Passes over a word of one script, and looks closely at anything else.
    @inline(__always)
    private mutating func letters(at start: Int) -> Int {
        let survey = NameSurvey(around: start, in: text, table)
        if survey.isPlain {
            namesEnd = survey.range.upperBound
            // What is hidden in the word has still to be found.
            if !survey.hides { return survey.range.upperBound }
        } else {
            name(at: start)
        }
        return text.character(at: start).end
    }

    private func isBetweenLetters(_ index: Int, _ end: Int) -> Bool {
        guard let before = text.character(before: index)?.value, let after = text.next(end) else { return false }
        return NameParts.isAddressed(before, table) && (NameParts.isAddressed(after, table) || after == 0x2F)
    }

    private mutating func name(at index: Int) {
        let parts = NameParts(around: index, in: text, table)
        findings += parts.findings.filter { $0.offset >= namesEnd }
        namesEnd = max(namesEnd, parts.range.upperBound)
    }

    private mutating func control(at index: Int) -> Int {
        let byte = bytes[index]
        if let length = TerminalSequence.length(in: text, at: index) {
            return index + add(.terminalSequence, at: index, length: length)
        }
        return index + add(byte == 0x08 || byte == 0x0D ? .overwrite : .control, at: index, length: 1)
    }

    private mutating func add(_ kind: TextScan.Kind, at index: Int, length: Int) -> Int {
        if let scalar = Unicode.Scalar(text.character(at: index).value) {
            findings.append(TextScan.Finding(kind: kind, offset: index, length: length, scalar: scalar))
        }
        hiddenEnd = index + length
        return length
    }

    /// Adds what is hidden and returns its length, or returns `nil` for what is as it should be.
    private mutating func hidden(_ value: UInt32, _ suspicion: Suspicion, at index: Int, _ end: Int) -> Int? {
        if suspicion == .control, let length = TerminalSequence.length(in: text, at: index) {
            return add(.terminalSequence, at: index, length: length)
        }
        let near = Neighbours(
            before: index == hiddenEnd ? nil : text.character(before: index),
            end: end,
            text: text,
            table: table
        )
        if suspicion == .tag, let end = near.endOfFlag(at: index) { return end - index }
        if suspicion == .directionMark, index != hiddenEnd, near.isApartFromMarks, runsLeft(around: index) {
            return nil
        }
        if near.allow(value, suspicion) { return nil }
        return add(suspicion.kind, at: index, length: end - index)
    }

    /// Whether a letter in the line of this place is written from right to left.
    private mutating func runsLeft(around index: Int) -> Bool {
        guard index >= line.end else { return line.runsLeft }
        var start = index
        while start > max(0, line.end), let (value, place) = text.character(before: start), !Neighbours.endsLine(value)
        {
            start = place
        }
        var runsLeft = false
        while start < bytes.count {
            let (value, end) = text.character(at: start)
            if start >= index, Neighbours.endsLine(value) { break }
            // What steers a terminal is stripped, letters and all, and never has a line end in it.
            if value == 0x1B || (0x80...0x9F).contains(value),
                let length = TerminalSequence.length(in: text, at: start)
            {
                start += length
                continue
            }
            runsLeft = runsLeft || (value >= 0x590 && table.script(value).runsLeft)
            start = end
        }
        line = (max(start, index + 1), runsLeft)
        return runsLeft
    }
}

extension Suspicion {
    /// What it is called when it is not as it should be.
    var kind: TextScan.Kind {
        switch self {
        case .control: .control
        case .softHyphen: .softHyphen
        case .joiner, .nonJoiner, .space, .zeroWidth, .hieroglyphControl: .zeroWidth
        case .directionMark, .direction: .direction
        case .lineEnd, .noBreakSpace, .oddSpace, .thinSpace, .ideographicSpace: .space
        case .filler, .leadFiller, .vowelFiller, .brailleBlank, .vowelSeparator: .filler
        case .freeVariation, .variation, .supplementaryVariation: .variationSelector
        case .annotation: .annotation
        case .privateUse: .privateUse
        case .noncharacter: .noncharacter
        case .tag: .tag
        case .fullwidth: .fullwidth
        case .styled: .styled
        case .mark: .lookalike
        }
    }
}
