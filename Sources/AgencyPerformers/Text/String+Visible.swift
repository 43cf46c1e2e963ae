// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Draws everything invisible, so that a person sees what is there and no terminal obeys it.
    ///
    /// Control characters, white space other than the plain space, format characters (bidirectional overrides, zero-width
    /// and tag characters) and private-use characters become `\u{…}`.
    ///
    /// > Source: the Unicode general categories Cc, Cf, Co, Cs, Zl and Zp, and the variation selectors.
    ///
    /// - Parameter keepingLines: Whether line feeds and tabs stay as they are.
    /// - Returns: The text as it can be shown anywhere.
    public func visible(keepingLines: Bool = false) -> String {
        if isPrintableASCII { return self }
        var drawn = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if keepingLines, scalar == "\n" || scalar == "\t" {
                drawn.append(scalar)
            } else if scalar.isDrawn {
                drawn.append(scalar)
            } else {
                drawn.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            }
        }
        return String(drawn)
    }

    /// One bounded line for a message: drawn visibly, cut at so many code points with “…” where it was cut.
    package func boundedLine(_ limit: Int) -> String {
        if utf8.count <= limit, isPrintableASCII { return self }
        // Counted in code points, since a single character may have thousands; and cut first, so that the work is
        // bounded as well as the result.
        let line = String(UnicodeScalarView(unicodeScalars.prefix(limit + 1))).visible().unicodeScalars
        return line.count > limit ? String(UnicodeScalarView(line.prefix(max(0, limit - 1)))) + "…" : String(line)
    }

    /// Whether there is nothing but printable ASCII, of which all is visible.
    private var isPrintableASCII: Bool { utf8.allSatisfy { (0x20...0x7E).contains($0) } }

    /// This text with another taken out wherever its bytes occur, even right before a combining character.
    package func redacting(_ secret: String) -> String {
        let (bytes, secret) = (Array(utf8), Array(secret.utf8))
        guard !secret.isEmpty else { return self }
        var kept: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == secret[0], bytes[index...].starts(with: secret) {
                kept += Array("[key]".utf8)
                index += secret.count
            } else {
                kept.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }
}

extension Unicode.Scalar {
    fileprivate var isDrawn: Bool {
        switch properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned: false
        case .spaceSeparator: self == " "
        default: !properties.isVariationSelector
        }
    }
}
