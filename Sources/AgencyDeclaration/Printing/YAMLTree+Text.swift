// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension YAMLTree {
    var isScalar: Bool {
        switch self {
        case .text, .bare: true
        case .list, .mapping: false
        }
    }

    var isEmpty: Bool {
        switch self {
        case .list(let elements): elements.isEmpty
        case .mapping(let entries): entries.isEmpty
        case .text, .bare: false
        }
    }

    /// Whether mappings lie so deep that one line of it could not be read.
    var nestsMappings: Bool {
        switch self {
        case .text, .bare: false
        case .list(let elements): elements.contains { !$0.isScalar }
        case .mapping(let entries): entries.contains { $0.value.nestsMappings || $0.value.holdsParts }
        }
    }

    private var holdsParts: Bool {
        guard case .mapping(let entries) = self else { return false }
        return entries.contains { !$0.value.isScalar }
    }

    /// Whether this is a mapping with a mapping in it, or a list with one.
    var holdsMapping: Bool {
        switch self {
        case .text, .bare: false
        case .list(let elements): elements.contains(where: \.isMapping)
        case .mapping(let entries): entries.contains { $0.value.isMapping }
        }
    }

    private var isMapping: Bool { if case .mapping = self { true } else { false } }

    /// The whole on one line, or `nil` when a text in it has several.
    var flow: String? {
        switch self {
        case .bare(let word): return word
        case .text(let text):
            if text.contains(where: \.isNewline) { return nil }
            return Self.isPlain(text) ? text : Self.quoted(text)
        case .list(let elements):
            let parts = elements.compactMap(\.flow)
            return parts.count == elements.count ? "[" + parts.joined(separator: ", ") + "]" : nil
        case .mapping(let entries):
            let parts = entries.compactMap { entry in entry.value.flow.map { Self.key(entry.key) + " " + $0 } }
            return parts.count == entries.count ? "{" + parts.joined(separator: ", ") + "}" : nil
        }
    }

    /// A key with its colon.
    static func key(_ key: String) -> String { (isPlain(key) ? key : quoted(key)) + ":" }

    /// Whether a text means itself without quotes where nothing else is on the line.
    static func isPlainLine(_ text: String) -> Bool {
        isPlain(text.replacing(", ", with: " ")) && !text.hasSuffix(",")
            || ["https://", "http://"].contains { text.hasPrefix($0) && isPlain(String(text.dropFirst($0.utf8.count))) }
    }

    /// Whether a text means itself without quotes, also between brackets and for readers of older YAML.
    static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last, text.utf8.count <= 512 else {
            return false
        }
        guard first.properties.isAlphabetic, last != " ", last != ":" else { return false }
        let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        guard !words.contains(text.lowercased()), !text.contains(" #") else { return false }
        return text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value)
                || " -_./()+=;’“”…–—×€$".unicodeScalars.contains(scalar)
        }
    }

    /// A text in double quotes, with an escape for everything that cannot stand in a file.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.isPrintable: result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += "\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits
            }
        }
        return result + "\""
    }

    /// The header and the lines of a text as a literal block, or `nil` when a block would not keep every byte of it.
    static func blockParts(_ text: String) -> (header: String, lines: [String])? {
        guard text.unicodeScalars.allSatisfy({ $0 == "\n" || $0.isPrintable }) else { return nil }
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        guard let first = lines.first, !first.isEmpty, !first.hasPrefix(" ") else { return nil }
        // White space at the end of a line is too easily lost in an editor.
        guard !lines.contains(where: { $0.hasSuffix(" ") }) else { return nil }
        guard lines.last == "" else { return ("|-", lines) }
        lines.removeLast()
        guard lines.last != "" else { return nil }
        return ("|", lines)
    }
}

extension Unicode.Scalar {
    /// Whether the reader accepts this in a file as it is.
    fileprivate var isPrintable: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: false
        default: true
        }
    }
}
