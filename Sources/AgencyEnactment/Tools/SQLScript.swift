// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A script of SQL statements, taken apart just far enough to know how to wrap it in a transaction.
///
/// > Source: the tokens of SQL as SQLite understands them <https://www.sqlite.org/lang.html>; the end of a trigger as
/// > in <https://www.sqlite.org/c3ref/complete.html>.
struct SQLScript: Sendable {
    struct Statement: Sendable {
        /// The words in upper case; anything else, quoted text included, counts as one that is empty.
        var words: [String]
        var text: String

        var first: String { words.first ?? "" }
    }

    private(set) var statements: [Statement] = []

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var words: [String] = []
        var start = 0
        var index = 0
        /// The place among the words at which the part after the last semicolon begins.
        var part = 0
        func skip(past end: [UInt8], from place: Int) -> Int {
            var place = place
            while place < bytes.count, !bytes[place...].starts(with: end) { place += 1 }
            return min(bytes.count, place + end.count)
        }
        func finish(at end: Int) {
            if !words.isEmpty {
                statements.append(Statement(words: words, text: String(decoding: bytes[start..<end], as: UTF8.self)))
            }
            (words, start, part) = ([], end, 0)
        }
        while index < bytes.count {
            let rest = bytes[index...]
            if rest.starts(with: "--".utf8) {
                index = skip(past: [0x0A], from: index)
            } else if rest.starts(with: "/*".utf8) {
                index = skip(past: Array("*/".utf8), from: index + 2)
            } else if let close = Self.closing[bytes[index]] {
                index = skip(past: [close], from: index + 1)
                words.append("")
            } else if bytes[index] == UInt8(ascii: ";") {
                index += 1
                // Inside a trigger a semicolon ends the statement only after an END of its own.
                let isTrigger = words.first == "CREATE" && words.prefix(3).contains("TRIGGER")
                if isTrigger, words.suffix(from: part) != ["END"] {
                    part = words.count
                } else {
                    finish(at: index)
                }
            } else if Self.isWord(bytes[index]) {
                let end = rest.firstIndex { !Self.isWord($0) } ?? bytes.count
                words.append(String(decoding: bytes[index..<end], as: UTF8.self).uppercased())
                index = end
            } else {
                if bytes[index] > 0x20 { words.append("") }
                index += 1
            }
        }
        finish(at: bytes.count)
    }

    /// Whether the script begins or ends transactions itself.
    var hasTransaction: Bool {
        statements.contains { ["BEGIN", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE"].contains($0.first) }
    }

    /// Whether a statement in it cannot be part of a transaction.
    var hasVacuum: Bool { statements.contains { $0.first == "VACUUM" } }

    /// The statements for the program to run one after the other, the whole script in one transaction.
    ///
    /// PRAGMAs and ATTACH at the beginning go before the transaction, inside which some of them would do nothing.
    var wrapped: [String] {
        // A transaction that the script left open makes the second BEGIN fail, where its loss would go unnoticed.
        if hasTransaction { return statements.map(\.text) + ["BEGIN", "COMMIT"] }
        if hasVacuum { return statements.map(\.text) }
        let before = statements.prefix { ["PRAGMA", "ATTACH"].contains($0.first) }
        let inside = statements.dropFirst(before.count)
        return before.map(\.text) + (inside.isEmpty ? [] : ["BEGIN IMMEDIATE"] + inside.map(\.text) + ["COMMIT"])
    }

    private static let closing: [UInt8: UInt8] = [
        UInt8(ascii: "'"): UInt8(ascii: "'"), UInt8(ascii: "\""): UInt8(ascii: "\""),
        UInt8(ascii: "`"): UInt8(ascii: "`"), UInt8(ascii: "["): UInt8(ascii: "]"),
    ]

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }
}
