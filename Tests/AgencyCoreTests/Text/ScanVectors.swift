// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Testing

/// A text with something in it that hides, and what is to be found and left.
struct HostileText: CustomTestStringConvertible, Sendable {
    var what: String
    var text: String
    var kinds: [TextScan.Kind]
    var stripped: String

    var testDescription: String { what }

    init(_ what: String, _ text: String, _ kinds: TextScan.Kind..., leaves stripped: String? = nil) {
        self.what = what
        self.text = text
        self.kinds = kinds
        self.stripped = stripped ?? text
    }
}

/// Spells ASCII in characters that no one sees.
func tags(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.compactMap { Unicode.Scalar(0xE0000 + $0.value) }))
}

/// A character by its number, for those that no literal may have.
func character(_ number: UInt32) -> String { Unicode.Scalar(number).map { String(Character($0)) } ?? "" }

/// Numbers bytes by variation selectors.
func selectors(_ text: String) -> String {
    String(
        String.UnicodeScalarView(
            text.utf8.compactMap { Unicode.Scalar($0 < 16 ? 0xFE00 + UInt32($0) : 0xE00F0 + UInt32($0)) }
        )
    )
}

let hostileHidden: [HostileText] = [
    HostileText("tags after a word", "hello\(tags("hi"))", .tag, .tag, leaves: "hello"),
    HostileText(
        "tags of a flag that is none",
        "\u{1F3F4}\(tags("ustx"))\u{E007F}",
        .tag,
        .tag,
        .tag,
        .tag,
        .tag,
        leaves: "\u{1F3F4}"
    ),
    HostileText(
        "tags after a whole flag",
        "\u{1F3F4}\(tags("gbeng"))\u{E007F}\(tags("x"))",
        .tag,
        leaves: "\u{1F3F4}\(tags("gbeng"))\u{E007F}"
    ),
    HostileText("the language tag", "a\u{E0001}b", .tag, leaves: "ab"),
    HostileText("an unfinished flag", "\u{1F3F4}\(tags("gb"))", .tag, .tag, leaves: "\u{1F3F4}"),
    HostileText("a selector after a letter", "v\u{FE0F}w", .variationSelector, leaves: "vw"),
    HostileText(
        "bytes in selectors after an emoji",
        "\u{1F600}\(selectors("Hi"))",
        .variationSelector,
        .variationSelector,
        leaves: "\u{1F600}"
    ),
    HostileText(
        "two selectors after a heart",
        "\u{2764}\u{FE0F}\u{FE0F}",
        .variationSelector,
        leaves: "\u{2764}\u{FE0F}"
    ),
    HostileText("a supplementary selector after a letter", "x\u{E0101}", .variationSelector, leaves: "x"),
    HostileText(
        "two selectors after an ideograph",
        "\u{845B}\u{E0100}\u{E0101}",
        .variationSelector,
        leaves: "\u{845B}\u{E0100}"
    ),
    HostileText("a selector that no ideograph has", "\u{845B}\u{FE05}", .variationSelector, leaves: "\u{845B}"),
    HostileText("a selector after a digit", "1\u{FE0F}2", .variationSelector, leaves: "12"),
    HostileText("a selector of Mongolian in Latin", "a\u{180B}b", .variationSelector, leaves: "ab"),
    HostileText("a zero-width space in a word", "pass\u{200B}word", .zeroWidth, leaves: "password"),
    HostileText("a non-joiner in Latin", "pass\u{200C}word", .zeroWidth, leaves: "password"),
    HostileText("a joiner in Latin", "pass\u{200D}word", .zeroWidth, leaves: "password"),
    HostileText("joiners that count", "a\u{200C}\u{200D}\u{200C}b", .zeroWidth, .zeroWidth, .zeroWidth, leaves: "ab"),
    HostileText("two non-joiners in Persian", "می\u{200C}\u{200C}خواهم", .zeroWidth, .zeroWidth, leaves: "میخواهم"),
    HostileText("a joiner between an emoji and a word", "\u{1F468}\u{200D}x", .zeroWidth, leaves: "\u{1F468}x"),
    HostileText("a word joiner", "a\u{2060}b", .zeroWidth, leaves: "ab"),
    HostileText("an invisible times", "a\u{2062}b", .zeroWidth, leaves: "ab"),
    HostileText("a byte order mark inside", "a\u{FEFF}b", .zeroWidth, leaves: "ab"),
    HostileText("a deprecated format character", "a\u{206A}b", .zeroWidth, leaves: "ab"),
    HostileText("a musical control", "a\u{1D173}b", .zeroWidth, leaves: "ab"),
    HostileText("a zero-width space between Cyrillic letters", "при\u{200B}вет", .zeroWidth, leaves: "привет"),
    HostileText("a soft hyphen", "ig\u{AD}nore", .softHyphen, leaves: "ignore"),
    HostileText("a Hangul filler", "a\u{3164}b", .filler, leaves: "ab"),
    HostileText("a halfwidth Hangul filler", "\u{FFA0}", .filler, leaves: ""),
    HostileText("Hangul fillers that fill nothing", "a\u{115F}\u{1160}b", .filler, .filler, leaves: "ab"),
    HostileText("a Mongolian vowel separator in Latin", "a\u{180E}b", .filler, leaves: "ab"),
    HostileText("a combining grapheme joiner", "a\u{34F}b", .filler, leaves: "ab"),
    HostileText("a Khmer inherent vowel", "a\u{17B4}b", .filler, leaves: "ab"),
    HostileText("a blank Braille pattern in Latin", "a\u{2800}b", .filler, leaves: "ab"),
    HostileText("a reserved ignorable", "a\u{2065}b\u{FFF0}\u{E0080}", .filler, .filler, .filler, leaves: "ab"),
    HostileText("a right-to-left override", "a\u{202E}txt.exe", .direction, leaves: "atxt.exe"),
    HostileText(
        "a comment that ends elsewhere",
        "/*\u{202E} } \u{2066}if (admin)\u{2069} \u{2066} begin */",
        .direction,
        .direction,
        .direction,
        .direction,
        leaves: "/* } if (admin)  begin */"
    ),
    HostileText("an embedding among Hebrew", "שלום \u{202A}abc\u{202C}", .direction, .direction, leaves: "שלום abc"),
    HostileText("a mark of direction in Latin", "a\u{200F}b", .direction, leaves: "ab"),
    HostileText(
        "a row of marks in Hebrew",
        "שלום\u{200F}\u{200F}\u{200F}",
        .direction,
        .direction,
        leaves: "שלום\u{200F}"
    ),
    HostileText("a mark of direction in the next line", "שלום\na\u{200E}b", .direction, leaves: "שלום\nab"),
    HostileText("an Arabic letter mark in Latin", "a\u{61C}b", .direction, leaves: "ab"),
    HostileText("private use", "a\u{E000}b\u{F0000}c\u{10FFFD}", .privateUse, .privateUse, .privateUse, leaves: "abc"),
    HostileText(
        "noncharacters",
        "a\(character(0xFDD0))b\(character(0xFFFF))c\(character(0x1FFFE))",
        .noncharacter,
        .noncharacter,
        .noncharacter,
        leaves: "abc"
    ),
    HostileText("controls", "a\u{0}b\u{1}c\u{7F}d\u{7}", .control, .control, .control, .control, leaves: "abcd"),
    HostileText("a C1 control", "a\u{84}b", .control, leaves: "ab"),
    HostileText("a form feed", "a\u{C}b", .control, leaves: "a\nb"),
    HostileText("a colour", "\u{1B}[31mred\u{1B}[0m", .terminalSequence, .terminalSequence, leaves: "red"),
    HostileText("an eight-bit control sequence", "c\u{9B}2Jd", .terminalSequence, leaves: "cd"),
    HostileText(
        "a link that shows another",
        "\u{1B}]8;;http://evil.example\u{1B}\\bank\u{1B}]8;;\u{7}",
        .terminalSequence,
        .terminalSequence,
        leaves: "bank"
    ),
    HostileText("a clipboard", "\u{1B}]52;c;cm0gLXJmIC8=\u{7}ok", .terminalSequence, leaves: "ok"),
    HostileText("a device control string", "\u{1B}P+q544e\u{1B}\\ok", .terminalSequence, leaves: "ok"),
    HostileText("a reset", "\u{1B}cok", .terminalSequence, leaves: "ok"),
    HostileText("a character set", "\u{1B}(0ok", .terminalSequence, leaves: "ok"),
    HostileText(
        "an unfinished command takes nothing along",
        "\u{1B}]0;all of this\nstays",
        .control,
        leaves: "]0;all of this\nstays"
    ),
    HostileText(
        "an escape with a hidden character in it",
        "\u{1B}\u{200B}[31mred",
        .control,
        .zeroWidth,
        leaves: "[31mred"
    ),
    HostileText(
        "a backspace",
        "safe\u{8}\u{8}\u{8}\u{8}evil",
        .overwrite,
        .overwrite,
        .overwrite,
        .overwrite,
        leaves: "safeevil"
    ),
    HostileText("a line that is overwritten", "rm -rf /\rls      ", .overwrite, leaves: "rm -rf /\rls      "),
    HostileText("a carriage return at the end", "a\r", .overwrite, leaves: "a\r"),
    HostileText(
        "spaces that are none",
        "a\u{2003}b\u{1680}c\u{205F}d",
        .space,
        .space,
        .space,
        leaves: "a\u{2003}b\u{1680}c\u{205F}d"
    ),
    HostileText("a space that does not break in a command", "rm\u{A0}-rf", .space, leaves: "rm\u{A0}-rf"),
    HostileText(
        "spaces that do not break at the end of a line",
        "a\u{A0}\u{202F}\nb",
        .space,
        .space,
        leaves: "a\u{A0}\u{202F}\nb"
    ),
    HostileText("an ideographic space in Latin", "a\u{3000}b", .space, leaves: "a\u{3000}b"),
    HostileText("line ends of other kinds", "a\u{2028}b\u{2029}c\u{85}d", .space, .space, .space, leaves: "a\nb\nc\nd"),
    HostileText("an annotation", "a\u{FFF9}b\u{FFFA}c\u{FFFB}", .annotation, .annotation, .annotation, leaves: "abc"),
]

let hostileNames: [HostileText] = [
    HostileText("a Cyrillic a in a host", "p\u{430}ypal.com", .mixedScript),
    HostileText("a Cyrillic a in a word by itself", "see p\u{430}ypal now", .mixedScript),
    HostileText("a Greek omicron", "g\u{3BF}\u{3BF}gle", .mixedScript, .mixedScript),
    HostileText(
        "a Cyrillic word with one Latin letter",
        "рауpа\u{406}",
        .mixedScript,
        .mixedScript,
        .mixedScript,
        .mixedScript,
        .mixedScript
    ),
    HostileText("a Cherokee letter in a file name", "src/\u{13A1}EADME.md", .mixedScript),
    HostileText("an Armenian o in an address", "b\u{585}b@example.org", .mixedScript),
    HostileText(
        "a host of Cyrillic letters only",
        "\u{430}\u{440}\u{440}\u{4CF}\u{435}.com",
        .lookalike,
        .lookalike,
        .lookalike,
        .lookalike,
        .lookalike
    ),
    HostileText("a phonetic g in a host", "\u{261}oogle.com", .lookalike),
    HostileText(
        "a fullwidth host",
        "\u{FF45}\u{FF56}\u{FF49}\u{FF4C}.com",
        .fullwidth,
        .fullwidth,
        .fullwidth,
        .fullwidth
    ),
    HostileText("a fullwidth letter in a file name", "read\u{FF4D}e.txt", .fullwidth),
    HostileText(
        "mathematical letters",
        "\u{1D41A}\u{1D41D}\u{1D426}\u{1D422}\u{1D427}",
        .styled,
        .styled,
        .styled,
        .styled,
        .styled
    ),
    HostileText("a mathematical letter in a name", "p\u{1D41A}ypal", .styled),
    HostileText("circled letters in an address", "b\u{24DE}b@example.org", .styled),
    HostileText("a division slash in an address", "evil.com\u{2215}login.bank.org", .lookalike),
    HostileText("a fraction slash after a host", "bank.org\u{2044}x.evil.com", .lookalike),
    HostileText("an ideographic stop in a host", "bank\u{3002}com", .lookalike),
    HostileText("a fullwidth stroke in an address", "bank.org\u{FF0F}login", .lookalike),
    HostileText("a Deseret O beside Latin", "\u{10404}K.txt", .mixedScript),
    HostileText(
        "a hidden character does not part a name",
        "p\u{200B}\u{430}ypal.com",
        .zeroWidth,
        .mixedScript,
        leaves: "p\u{430}ypal.com"
    ),
]

/// What must pass, byte for byte.
let legitimate: [(what: String, text: String)] = [
    ("a family", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}"),
    ("a woman of the law", "\u{1F469}\u{1F3FD}\u{200D}\u{2696}\u{FE0F}"),
    ("the rainbow flag", "\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}"),
    ("a heart on fire", "\u{2764}\u{FE0F}\u{200D}\u{1F525}"),
    ("emoji with a selector", "\u{2764}\u{FE0F} \u{2714}\u{FE0E} \u{263A}\u{FE0F}"),
    ("a key", "1\u{FE0F}\u{20E3} #\u{FE0F}\u{20E3}"),
    (
        "England, Scotland and Wales",
        "\u{1F3F4}\(tags("gbeng"))\u{E007F}\u{1F3F4}\(tags("gbsct"))\u{E007F} \u{1F3F4}\(tags("gbwls"))\u{E007F}."
    ),
    ("flags of countries", "\u{1F1E9}\u{1F1EA} \u{1F1EB}\u{1F1F7}"),
    ("Persian", "می\u{200C}خواهم کتاب\u{200C}ها را بخوانم"), ("Urdu", "یہ ایک جملہ ہے۔"),
    ("an Arabic letter's joining form", "ه\u{200D} 1445"),
    ("Arabic with vowels", "السَّلامُ عَلَيْكُمْ، أهلًا"), ("Hebrew with points and marks", "שָׁלוֹם (C++\u{200E}) עולם\u{200F}!"),
    ("Arabic with a letter mark", "السعر \u{61C}-10"),
    ("Hindi", "क्\u{200D}ष और क्\u{200C}ष"), ("Bengali", "র\u{200D}্যাব"), ("Malayalam", "ന്\u{200D}"),
    ("Sinhala", "ශ්\u{200D}රී ලංකා"), ("Kannada", "ರ\u{200D}್ಯ"),
    ("Mongolian", "ᠮᠣᠩᠭᠣᠯ\u{180B}ᠠ ᠬᠠᠯᠬ\u{180E}ᠠ"), ("an ideograph's variant", "\u{845B}\u{E0100}飾区 \u{795E}\u{FE00}"),
    ("a slashed zero", "0\u{FE00}"), ("Khmer", "ភាសា\u{200B}ខ្មែរ"), ("Thai", "สวัสดีครับ ใช้ API ได้ที่example.comครับ"),
    ("Thai with breaks", "สวัสดี\u{200B}ครับ"),
    ("combining marks", "e\u{301}a\u{308} naïve Zoë Łódź"), ("Vietnamese", "Tiếng Việt, Nguyễn"),
    ("Turkish", "ışık.com İstanbul"),
    ("German", "Größe, Straße, „Anführung“"),
    ("French", "«\u{A0}Bonjour\u{202F}!\u{A0}» 10\u{A0}km, 1\u{2009}000\u{2009}m"),
    ("Russian", "Каждый человек, т.е. кто-то, выбирает и/или ждёт. Сор. Оса."), ("a Russian file", "Отчёт_2026.csv"),
    ("a Russian host", "пример.рф"),
    ("a word of two scripts with a hyphen", "IT-отдел"), ("a foreign word with an ending", "Windowsовский"),
    ("Greek", "Καλημέρα κόσμε, ΑΒΓ"), ("Greek letters of science", "TNFα Δx kΩ 5\u{B5}m σ² α-helix λ.x"),
    ("Chinese", "使用API接口。然后Note：继续，３０％。"),
    ("Chinese indented", "\u{3000}\u{3000}第一段"), ("Japanese", "これはテストです。ＡＢＣ２０２６／１１ カタカナとKanji漢字"),
    ("Korean", "한국어 API를 사용"), ("old Korean", "\u{115F}\u{1161} \u{1100}\u{1160}"),
    ("Braille", "⠓⠑\u{2800}⠇⠇⠕"), ("mathematics", "𝑥 ∈ ℝ, 1⁄2, 3∶4, 2𝑦"), ("Windows lines", "a\r\nb\r\n\tc\r\n"),
    ("quotation marks and arrows", "“x” → ‘y’ … – — • ‹U+202E›"),
    ("box drawing", "├── a\n└── b ✓ ✗ █"), ("Georgian", "საქართველო"), ("Armenian", "Հայաստան։"),
    ("Amharic", "ሰላም ለዓለም"), ("Tibetan", "བོད་སྐད་"), ("Burmese", "မြန်မာဘာသာ"),
    ("Tamil", "தமிழ் க்\u{200C}ஷ"), ("hieroglyphs", "\u{13000}\u{13430}\u{13001}"), ("Cherokee", "ᏣᎳᎩ"),
]
