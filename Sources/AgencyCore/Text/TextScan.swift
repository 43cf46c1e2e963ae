// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What hides in a text that somebody else wrote, or passes for something it is not.
///
/// Text from models, tools, files and servers can hold what a model reads and a person does not see. A scan finds it,
/// ``visible(_:multiline:)`` draws it for people, and ``stripped(_:)`` is what another model may be shown; the original
/// bytes stay on the record. What the scripts and emoji of the world need of the same characters passes.
///
/// What it cannot find is a message in choices that all look right, such as which of two spellings or of two permitted
/// joiners is used.
///
/// > Source: UAX #44 `Default_Ignorable_Code_Point` <https://www.unicode.org/reports/tr44/>; UTS #39, restriction levels
/// > and confusables <https://www.unicode.org/reports/tr39/>; UTS #51, emoji sequences; RFC 5892 appendix A, joiners;
/// > ECMA-48, control sequences; Boucher and Anderson, Trojan Source <https://arxiv.org/abs/2111.00169>.
public struct TextScan: Hashable, Sendable {
    /// What was found, in the order of the text.
    public let findings: [Finding]

    /// Scans a text.
    ///
    /// - Complexity: O(*n*); plain text is passed over some bytes at a time.
    public init(_ text: String) {
        guard !Self.isPlain(text) else {
            findings = []
            return
        }
        var text = text
        findings = text.withUTF8 { bytes in
            ScriptTable.shared.withTable { table in
                var scanner = Scanner(bytes, table)
                scanner.run()
                return scanner.findings
            }
        }
    }

    /// Whether nothing was found.
    public var isClean: Bool { findings.isEmpty }

    /// What cannot be seen, and is left out of the stripped form.
    public var hidden: [Finding] { findings.filter(\.kind.isHidden) }

    /// The letters that can be seen and pass for others.
    public var lookalikes: [Finding] { findings.filter { !$0.kind.isHidden } }

    /// Something found at a place.
    public struct Finding: Hashable, Sendable {
        /// What sort of thing it is.
        public let kind: Kind
        /// Where it begins, in bytes of UTF-8 from the beginning of the text.
        public let offset: Int
        /// How many bytes it has.
        public let length: Int
        /// Its first character.
        public let scalar: Unicode.Scalar

        /// The bytes that it takes up.
        public var range: Range<Int> { offset..<offset + length }
    }

    /// Whether a text is ASCII that only says what it shows, so that there is nothing to scan for.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable { PlainBytes.end(in: $0, from: 0) == $0.count }
            ?? text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F || $0 == 0x09 || $0 == 0x0A }
    }
}
