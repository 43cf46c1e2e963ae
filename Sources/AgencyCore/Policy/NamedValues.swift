// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// What the person has named: the words and numbers of the brief, and the contacts in it.
struct NamedValues {
    private let words: [UInt8]
    private let numbers: Set<Double>
    private let others: Set<String>
    /// The texts in which contacts are named.
    private var texts: [String]
    private var known = Known()

    private final class Known {
        var contacts: Set<String>?
    }

    /// The contacts that were named; looked for when they are first asked for, since most plans reach nobody.
    var contacts: Set<String> {
        if let contacts = known.contacts { return contacts }
        let contacts = texts.reduce(into: others) { $0.formUnion(Contacts(in: $1).found) }
        known.contacts = contacts
        return contacts
    }

    init(_ brief: TraceBrief) {
        let names = brief.names ?? []
        words = Array(brief.text.lowercased().utf8)
        others = Set(names.map { $0.lowercased() })
        numbers = Self.numbers(in: brief.text)
        texts = [([brief.text] + names).joined(separator: "\n")]
    }

    /// Names the contacts in a value too.
    mutating func add(contactsOf value: JSONValue) {
        texts += value.texts
        known = Known()
    }

    /// Whether every word and number of a value stands in the brief.
    func contains(_ value: JSONValue) -> Bool {
        switch value {
        case .string(let text):
            let key = text.lowercased()
            return !key.isEmpty && (others.contains(key) || holds(Array(key.utf8)))
        case .integer, .number: return value.double.map(numbers.contains) ?? false
        case .array(let values): return !values.isEmpty && values.allSatisfy(contains)
        case .object(let object): return !object.isEmpty && object.allSatisfy { contains($0.value) }
        case .null, .bool: return false
        }
    }

    /// Whether the text stands in the brief as words of its own, not within others: `ann` is not named by `Hannover`.
    private func holds(_ key: [UInt8]) -> Bool {
        words.withUnsafeBufferPointer { holds(key, in: $0) }
    }

    private func holds(_ key: [UInt8], in words: UnsafeBufferPointer<UInt8>) -> Bool {
        guard key.count <= words.count, let first = key.first else { return false }
        var start = 0
        while start + key.count <= words.count {
            guard let next = words[start...].firstIndex(of: first), next + key.count <= words.count else {
                return false
            }
            let end = next + key.count
            if words[next..<end].elementsEqual(key), isEdge(next - 1, beside: first),
                isEdge(end, beside: key[key.count - 1])
            {
                return true
            }
            start = next + 1
        }
        return false
    }

    private func isEdge(_ index: Int, beside byte: UInt8) -> Bool {
        guard words.indices.contains(index), Self.isWord(byte) else { return true }
        return !Self.isWord(words[index])
    }

    /// Whether a number can have the byte in it: a digit, or one of `,-.`.
    private static func isPart(_ byte: UInt8) -> Bool { isDigit(byte) || (0x2C...0x2E).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || isDigit(byte) || (0x61...0x7A).contains(byte)
    }

    /// The numbers in a text, with separators of thousands and without.
    private static func numbers(in text: String) -> Set<Double> {
        var numbers: Set<Double> = []
        for bytes in text.utf8.split(whereSeparator: { !isPart($0) }) where bytes.contains(where: isDigit) {
            let run = String(decoding: bytes, as: UTF8.self)
            let plain = run.trimming(".,-")
            for form in [plain, plain.replacing(",", with: ""), plain.replacing(",", with: ".")] {
                if let number = Double(form) { numbers.insert(number) }
            }
            for part in run.split(whereSeparator: { ",-".contains($0) }) {
                if let number = Double(part) { numbers.insert(number) }
            }
        }
        return numbers
    }
}

extension String {
    fileprivate func trimming(_ characters: String) -> String {
        var text = Substring(self)
        while let first = text.first, characters.contains(first) { text.removeFirst() }
        while let last = text.last, characters.contains(last) { text.removeLast() }
        return String(text)
    }
}

extension JSONValue {
    /// All texts in the value, names of members too: those can carry words as well.
    var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let values): values.flatMap(\.texts)
        case .object(let object): object.flatMap { [$0.key] + $0.value.texts }
        case .null, .bool, .integer, .number: []
        }
    }
}
