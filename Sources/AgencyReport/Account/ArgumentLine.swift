// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// One line of an action's arguments as they are shown: complete, in canonical order, with texts of several lines as blocks.
struct ArgumentLine: Hashable, Sendable {
    /// How many levels it lies below the arguments.
    var depth: Int
    /// The line, with nothing in it that cannot be seen.
    var text: String
    /// Whether it is a line of a text, rather than of the structure around it.
    var isBlock: Bool

    /// The lines of a value.
    static func lines(of value: JSONValue) -> [ArgumentLine] {
        if case .object(let object) = value, !object.isEmpty { return members(object, depth: 0) }
        return element(value, label: "", depth: 0)
    }

    private static func members(_ object: JSONObject, depth: Int) -> [ArgumentLine] {
        object.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.flatMap { key in
            element(object[key] ?? .null, label: spelling(key) + ": ", depth: depth)
        }
    }

    private static func element(_ value: JSONValue, label: String, depth: Int) -> [ArgumentLine] {
        func plain(_ text: String) -> ArgumentLine {
            ArgumentLine(depth: depth, text: Escape.terminal(text), isBlock: false)
        }
        switch value {
        case .string(let text) where text.unicodeScalars.contains("\n"):
            return [plain(label + "|")] + block(text, depth: depth)
        case .array(let elements) where elements.contains(where: hasLines):
            return [plain(label + "[")] + elements.flatMap { element($0, label: "- ", depth: depth + 1) } + [plain("]")]
        case .object(let object) where hasLines(value):
            return [plain(label + "{")] + members(object, depth: depth + 1) + [plain("}")]
        default: return [plain(label + value.canonicalText)]
        }
    }

    private static func block(_ text: String, depth: Int) -> [ArgumentLine] {
        var lines = Escape.terminal(text, multiline: true).split(separator: "\n", omittingEmptySubsequences: false)
        let endsWithNewline = lines.last?.isEmpty == true
        if endsWithNewline { lines.removeLast() }
        let result = lines.map { line in
            // Spaces at the end of a line would be there and not be seen.
            let trailing = line.reversed().prefix { $0 == " " }.count
            let text = line.dropLast(trailing) + String(repeating: "␠", count: trailing)
            return ArgumentLine(depth: depth, text: String(text), isBlock: true)
        }
        let note = ArgumentLine(depth: depth, text: "(no new line at the end)", isBlock: false)
        return endsWithNewline ? result : result + [note]
    }

    private static func hasLines(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text): text.unicodeScalars.contains("\n")
        case .array(let elements): elements.contains(where: hasLines)
        case .object(let object): object.contains { hasLines($0.value) }
        default: false
        }
    }

    private static func spelling(_ key: String) -> String {
        let isSimple = !key.isEmpty && key.utf8.allSatisfy { isNameByte($0) }
        return isSimple ? key : JSONValue.string(key).canonicalText
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
