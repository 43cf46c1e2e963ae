// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Makes text that others wrote safe to show: it stays text, and nothing in it hides.
public enum Escape {
    /// Returns text for the content of an HTML or SVG element, or for an attribute's value in quotation marks.
    ///
    /// Characters that cannot be seen are made visible as by ``terminal(_:multiline:)``; new lines and tabs are kept.
    public static func html(_ text: String) -> String {
        var result = ""
        for scalar in terminal(text, multiline: true).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Returns text in which everything that steers a terminal or cannot be seen is spelt out, as `‹U+202E›`.
    ///
    /// What that is, and which uses of it in scripts and emoji are left alone, is said at `TextScan`; letters of a name
    /// that pass for others are drawn with their numbers.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - multiline: Whether new lines and tabs are kept as they are.
    /// - Returns: The text, with `‹U+…›` for each such character.
    public static func terminal(_ text: String, multiline: Bool = false) -> String {
        TextScan.visible(text, multiline: multiline)
    }
}
