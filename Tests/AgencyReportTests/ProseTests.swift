// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@testable import AgencyReport
import Testing

/// What somebody wrote keeps its paragraphs and lines, and stays text.
@Suite struct ProseTests {
    @Test(
        arguments: [
            ("one", "<p>one</p>"), ("one\ntwo", "<p>one<br>two</p>"), ("one\r\n\r\ntwo", "<p>one</p><p>two</p>"),
            ("\n\n one \n \n\n\t\n two\n\n", "<p> one </p><p> two</p>"), ("", ""), (" \n\t", ""),
            ("<br>\n</p><script>", "<p>&lt;br&gt;<br>&lt;/p&gt;&lt;script&gt;</p>"),
            ("a\u{2028}b\u{85}c", "<p>a<br>b<br>c</p>"),
        ] as [(String, String)]
    )
    func `lines and paragraphs are kept, and nothing else of it is markup`(text: String, html: String) {
        #expect(Markup.prose(text).source == html)
    }

    @Test func `any number of empty lines is one`() {
        let text = "a" + String(repeating: "\n", count: 100_000) + "b"
        #expect(Markup.prose(text).source == "<p>a</p><p>b</p>")
    }
}
