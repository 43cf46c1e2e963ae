// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

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
    /// Spelt out are control characters (C0 with escape, DEL, C1), everything of category Cf (marks of direction, zero
    /// width, tags, soft hyphens), line and paragraph separators, private use, noncharacters, and what Unicode lets a
    /// renderer ignore (fillers, variation selectors other than the two that follow an emoji).
    ///
    /// > Source: UAX #44, `Default_Ignorable_Code_Point` and `General_Category`
    /// > <https://www.unicode.org/reports/tr44/>; Boucher and Anderson, Trojan Source <https://arxiv.org/abs/2111.00169>.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - multiline: Whether new lines and tabs are kept as they are.
    /// - Returns: The text, with `‹U+…›` for each such character.
    public static func terminal(_ text: String, multiline: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        var last: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if multiline, scalar == "\n" || scalar == "\t" {
                result.append(scalar)
            } else if isPlain(scalar, after: last) {
                result.append(scalar)
            } else {
                result.append(contentsOf: spelling(scalar).unicodeScalars)
            }
            last = scalar
        }
        return String(result)
    }

    private static func isPlain(_ scalar: Unicode.Scalar, after last: Unicode.Scalar?) -> Bool {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value != 0x7F }
        let properties = scalar.properties
        if scalar == "\u{FE0E}" || scalar == "\u{FE0F}" {
            return last.map { !$0.isASCII && $0.properties.isEmoji } ?? false
        }
        if properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint { return false }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: return false
        // The blank Braille pattern is a symbol that shows nothing.
        default: return scalar != "\u{2800}"
        }
    }

    private static func spelling(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "‹U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "›"
    }
}
