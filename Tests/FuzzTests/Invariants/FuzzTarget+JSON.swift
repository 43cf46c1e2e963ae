// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension FuzzTarget {
    /// What parses prints and parses again to the same, and the canonical form has one spelling.
    static let json = FuzzTarget(name: "json", longest: 4096) { bytes in
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            try hold("the fault is at \(error.offset) of \(bytes.count)", (0...bytes.count).contains(error.offset))
            let lines = bytes.count { $0 == 0x0A } + 1
            try hold("the fault is in line \(error.line) of \(lines)", (1...lines).contains(error.line))
            try hold("the fault is in column \(error.column)", (1...bytes.count + 1).contains(error.column))
            return
        }
        let canonical = value.canonicalBytes
        for (form, text) in [
            ("canonical", canonical), ("compact", value.compactBytes), ("pretty", Array(value.prettyText.utf8)),
        ] {
            let again = try JSONValue(parsing: text)
            try hold("the \(form) form reads as another value", again.canonicalBytes == canonical)
            try hold("the \(form) form is not equal", isEqual(again, value))
        }
        try hold("it is nested too deep", depth(value) <= JSONValue.maximumDepth)
        let stripped = value.compactBytes.count
        try hold("\(stripped) bytes came of \(bytes.count)", stripped <= bytes.count * 24)
    }

    /// Whether two values are the same but for how numbers are kept.
    private static func isEqual(_ one: JSONValue, _ other: JSONValue) -> Bool {
        switch (one, other) {
        case (.array(let one), .array(let other)):
            one.count == other.count && zip(one, other).allSatisfy { isEqual($0, $1) }
        case (.object(let one), .object(let other)):
            one.count == other.count
                && one.allSatisfy { pair in other[pair.key].map { isEqual(pair.value, $0) } ?? false }
        case (.integer, .number), (.number, .integer), (.number, .number): one.double == other.double
        default: one == other
        }
    }

    private static func depth(_ value: JSONValue) -> Int {
        switch value {
        case .array(let values): values.isEmpty ? 0 : 1 + (values.map(depth).max() ?? 0)
        case .object(let object): object.isEmpty ? 0 : 1 + (object.map { depth($0.value) }.max() ?? 0)
        default: 0
        }
    }
}
