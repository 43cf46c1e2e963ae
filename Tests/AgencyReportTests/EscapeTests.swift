// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyReport
import Testing

struct EscapeTests {
    @Test(arguments: [
        ("\u{1B}[31mred", "‹U+001B›[31mred"), ("a\u{202E}b", "a‹U+202E›b"),
        ("a\u{2066}b\u{2069}", "a‹U+2066›b‹U+2069›"),
        ("z\u{200B}w", "z‹U+200B›w"), ("t\u{E0041}g", "t‹U+E0041›g"), ("c\u{9B}2J", "c‹U+009B›2J"),
        ("\u{7F}", "‹U+007F›"), ("a\r\nb", "a‹U+000D›‹U+000A›b"), ("l\u{2028}p", "l‹U+2028›p"),
        ("f\u{3164}f", "f‹U+3164›f"), ("v\u{FE0F}", "v‹U+FE0F›"), ("\u{FEFF}", "‹U+FEFF›"),
        ("i\u{FFF9}a", "i‹U+FFF9›a"), ("s\u{AD}h", "s‹U+00AD›h"),
        ("x\u{E0101}", "x‹U+E0101›"), ("\u{E000}", "‹U+E000›"),
    ])
    func `what steers a terminal or hides is spelt out`(text: String, shown: String) {
        #expect(Escape.terminal(text) == shown)
    }

    @Test(arguments: ["plain ~ text", "naïve — “quoted” ü 漢字", "heart \u{2764}\u{FE0F}", "e\u{301}", "‹U+202E›"])
    func `ordinary text is left as it is`(text: String) {
        #expect(Escape.terminal(text) == text)
    }

    @Test func `new lines and tabs are kept where they are asked for, and carriage returns never`() {
        #expect(Escape.terminal("a\n\tb\r\nc", multiline: true) == "a\n\tb‹U+000D›\nc")
    }

    @Test func `HTML is text`() {
        #expect(
            Escape.html("<a href=\"x\" title='y'>&amp;\u{202E}\u{0}</a>")
                == "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;‹U+202E›‹U+0000›&lt;/a&gt;"
        )
    }

    @Test func `times are written in UTC by the calendar`() {
        #expect(UTC.text(milliseconds: 0) == "1970-01-01T00:00:00Z")
        #expect(UTC.text(milliseconds: 951_782_400_000) == "2000-02-29T00:00:00Z")
        #expect(UTC.text(milliseconds: 1_773_480_413_999) == "2026-03-14T09:26:53Z")
        #expect(UTC.text(milliseconds: -1) == "1969-12-31T23:59:59Z")
        #expect(UTC.text(milliseconds: 4_107_542_399_000) == "2100-02-28T23:59:59Z")
        #expect(!UTC.text(milliseconds: .max).isEmpty)
        #expect(!UTC.text(milliseconds: .min).isEmpty)
    }
}
