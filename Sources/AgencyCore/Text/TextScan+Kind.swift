// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension TextScan {
    /// The sorts of things that a scan finds.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Comparable {
        /// Tag characters, which spell ASCII that no one sees; but for the flags of England, Scotland and Wales.
        case tag
        /// Variation selectors after something that has no variation.
        case variationSelector = "variation-selector"
        /// Characters without width: joiners where nothing joins, byte order marks, invisible operators.
        case zeroWidth = "zero-width"
        /// Soft hyphens.
        case softHyphen = "soft-hyphen"
        /// Characters that stand for nothing and are drawn as nothing or as a gap.
        case filler
        /// Controls of the direction of writing.
        case direction
        /// Characters without a public meaning.
        case privateUse = "private-use"
        /// Code points that are no characters.
        case noncharacter
        /// Controls other than tab and new line.
        case control
        /// Sequences that a terminal obeys.
        case terminalSequence = "terminal-sequence"
        /// Backspaces, and carriage returns without a line feed: on a terminal what follows overwrites what came before.
        case overwrite
        /// Spaces and line ends that look like ordinary ones and are not.
        case space
        /// Interlinear annotations.
        case annotation
        /// Letters of another script in a name.
        case mixedScript = "mixed-script"
        /// Fullwidth letters in a name.
        case fullwidth
        /// Mathematical, circled and other styled letters in a name.
        case styled
        /// Letters and marks of a name that pass for ASCII.
        case lookalike

        /// Whether it is nothing that one sees, so that the stripped form is without it.
        public var isHidden: Bool {
            switch self {
            case .mixedScript, .fullwidth, .styled, .lookalike: false
            default: true
            }
        }

        /// Orders kinds as they are declared.
        public static func < (left: Kind, right: Kind) -> Bool { left.rank < right.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

        /// The kind in words, after a number.
        func words(_ count: Int) -> String {
            let (one, many) = nouns
            return "\(count) \(count == 1 ? one : many)"
        }

        private var nouns: (one: String, many: String) {
            switch self {
            case .tag: ("tag character", "tag characters")
            case .variationSelector: ("stray variation selector", "stray variation selectors")
            case .zeroWidth: ("zero-width character", "zero-width characters")
            case .softHyphen: ("soft hyphen", "soft hyphens")
            case .filler: ("filler", "fillers")
            case .direction: ("control of direction", "controls of direction")
            case .privateUse: ("private-use character", "private-use characters")
            case .noncharacter: ("noncharacter", "noncharacters")
            case .control: ("control character", "control characters")
            case .terminalSequence: ("terminal sequence", "terminal sequences")
            case .overwrite: ("overwriting character", "overwriting characters")
            case .space: ("odd space", "odd spaces")
            case .annotation: ("annotation character", "annotation characters")
            case .mixedScript: ("letter of another script in a name", "letters of another script in names")
            case .fullwidth: ("fullwidth letter in a name", "fullwidth letters in names")
            case .styled: ("styled letter in a name", "styled letters in names")
            case .lookalike: ("letter that passes for another", "letters that pass for others")
            }
        }
    }

    /// What was found, in a line for people, or `nil` when there is nothing: `3 zero-width characters, 1 soft hyphen`.
    public var summary: String? { Self.summary(of: findings) }

    /// The same of findings from several texts.
    static func summary(of findings: [Finding]) -> String? {
        guard !findings.isEmpty else { return nil }
        let counts = Dictionary(grouping: findings, by: \.kind).mapValues(\.count)
        var parts: [String] = []
        for (kind, count) in counts.sorted(by: { $0.key < $1.key }) {
            var part = kind.words(count)
            if let secret = HiddenMessage(findings.filter { $0.kind == kind }.map(\.scalar)) {
                part += " that spell “\(secret.text)”"
            }
            parts.append(part)
        }
        return parts.joined(separator: ", ")
    }
}

/// Text that was spelt in characters that are not seen.
struct HiddenMessage {
    let text: String

    /// Reads tag characters as the ASCII that they mirror and variation selectors as the bytes that they number; `nil`
    /// when that gives no text.
    init?(_ scalars: some Collection<Unicode.Scalar>, most: Int = 80) {
        guard scalars.count >= 2 else { return nil }
        var letters: [UInt8] = []
        for scalar in scalars.prefix(most + 1) {
            switch scalar.value {
            case 0xE0020...0xE007E: letters.append(UInt8(scalar.value - 0xE0000))
            case 0xE0001, 0xE007F: continue
            case 0xFE00...0xFE0F: letters.append(UInt8(scalar.value - 0xFE00))
            case 0xE0100...0xE01EF: letters.append(UInt8(scalar.value - 0xE0100 + 16))
            default: return nil
            }
        }
        guard !letters.isEmpty, letters.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
        text = String(decoding: letters.prefix(most), as: UTF8.self) + (letters.count > most ? "…" : "")
    }
}
