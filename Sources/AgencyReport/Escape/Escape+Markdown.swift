// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Escape {
    /// Returns text for one line of Markdown, in which nothing is markup, a link or HTML.
    ///
    /// > Source: CommonMark 0.31 <https://spec.commonmark.org/0.31.2/>, and GitHub's extensions for tables and bare links.
    static func markdown(_ text: String) -> String {
        let line = terminal(text, multiline: true).split { $0.isWhitespace }.joined(separator: " ")
        let characters = Array(line)
        var result = ""
        for (index, character) in characters.enumerated() {
            let previous = index > 0 ? characters[index - 1] : nil
            let next = index + 1 < characters.count ? characters[index + 1] : nil
            switch character {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "_" where isWord(previous) && isWord(next): result.append("_")
            case "\\", "`", "*", "_", "[", "]", "|", "~", "$": result += "\\" + String(character)
            case ":" where next == "/", "@": result += "\\" + String(character)
            case "." where line.lowercased().hasPrefix("www.") || isBareHost(characters, before: index): result += "\\."
            case "#", "-", "+", "=": result += (index == 0 ? "\\" : "") + String(character)
            case ".",
                ")" where next == nil || next == " ":
                result += (endsLeadingNumber(characters, index) ? "\\" : "") + String(character)
            default: result.append(character)
            }
        }
        return result
    }

    /// Returns a code span that the text cannot end.
    static func markdownCode(_ text: String) -> String {
        let line = terminal(text)
        // A bar ends a cell of a table even within a code span.
        let safe = line.replacing("|", with: "¦")
        let fence = String(repeating: "`", count: longestRun(of: "`", in: safe) + 1)
        let pad = safe.hasPrefix("`") || safe.hasSuffix("`") || safe.isEmpty ? " " : ""
        return fence + pad + safe + pad + fence
    }

    /// Returns a fenced block, a line for each line, that the text cannot end.
    static func markdownBlock(_ lines: [String], language: String = "text") -> [String] {
        let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: lines.joined(separator: "\n")) + 1))
        return [fence + language] + lines + [fence]
    }

    private static func longestRun(of character: Character, in text: String) -> Int {
        var longest = 0
        var run = 0
        for one in text {
            run = one == character ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    private static func isWord(_ character: Character?) -> Bool {
        character.map { $0.isLetter || $0.isNumber } ?? false
    }

    private static func isBareHost(_ characters: [Character], before index: Int) -> Bool {
        index >= 3 && characters[(index - 3)..<index].allSatisfy { $0 == "w" || $0 == "W" }
    }

    private static func endsLeadingNumber(_ characters: [Character], _ index: Int) -> Bool {
        index > 0 && index < 10 && characters[..<index].allSatisfy { $0.isASCII && $0.isNumber }
    }
}
