// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Markup {
    /// Text of somebody's writing with its paragraphs and line ends, of which any number in a row is one.
    package static func prose(_ text: String) -> Markup {
        var paragraphs: [[Substring]] = [[]]
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.allSatisfy(\.isWhitespace) {
                if paragraphs.last?.isEmpty == false { paragraphs.append([]) }
            } else {
                paragraphs[paragraphs.count - 1].append(line)
            }
        }
        return Markup(
            joining: paragraphs.filter { !$0.isEmpty }.map { lines in
                tag("p") {
                    for (index, line) in lines.enumerated() {
                        if index > 0 { Markup.element("br", [], nil) }
                        String(line)
                    }
                }
            }
        )
    }
}
