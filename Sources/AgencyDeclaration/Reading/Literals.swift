// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// What a text that is written without quotes says as a number.
enum NumberText: Equatable {
    case whole
    case fraction

    /// Recognises `-12`, `0.5` and `1e6`; neither hexadecimal, nor infinity, nor separators.
    init?(_ text: String) {
        var rest = Substring(text).utf8
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest.removeFirst(count)
            return count
        }
        guard digits() > 0 else { return nil }
        var kind = NumberText.whole
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard digits() > 0 else { return nil }
            kind = .fraction
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            guard digits() > 0 else { return nil }
            kind = .fraction
        }
        guard rest.isEmpty else { return nil }
        self = kind
    }
}

/// Spans of time as people write them.
enum Durations {
    private static let units: [(letter: Character, seconds: Int)] = [("d", 86400), ("h", 3600), ("m", 60), ("s", 1)]
    static let pattern = "^[0-9]{1,7}[smhd]$"

    static func seconds(_ text: String) -> Int? {
        guard let unit = units.first(where: { $0.letter == text.last }) else { return nil }
        let digits = text.dropLast()
        guard (1...7).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(digits).map { $0 * unit.seconds }
    }

    static func text(_ seconds: Int) -> String {
        // A day is said as 24h: that is what people call the usual expiry.
        let fitting = units.first { seconds % $0.seconds == 0 && (seconds > 86400 || $0.letter != "d") }
        guard let fitting else { return "\(seconds)s" }
        return "\(seconds / fitting.seconds)\(fitting.letter)"
    }
}

extension Money {
    /// Reads dollars exactly.
    ///
    /// - Returns: `nil` for more than six decimals, an exponent, or more than a billion dollars.
    init?(decimal text: String) {
        var digits = Substring(text)
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let dollars = Int64(parts[0]), dollars <= 1_000_000_000 else { return nil }
        var decimals = parts.count == 2 ? String(parts[1]) : "0"
        guard (1...6).contains(decimals.utf8.count) else { return nil }
        decimals += String(repeating: "0", count: 6 - decimals.utf8.count)
        guard let millionths = Int64(decimals), millionths >= 0 else { return nil }
        let amount = dollars * 1_000_000 + millionths
        self.init(microdollars: isNegative ? -amount : amount)
    }

    /// Dollars exactly: `0.5`, `12`.
    var decimalText: String {
        let amount = microdollars.magnitude
        var decimals = String(amount % 1_000_000)
        decimals = String(repeating: "0", count: 6 - decimals.utf8.count) + decimals
        while decimals.last == "0" { decimals.removeLast() }
        return (microdollars < 0 ? "-" : "") + String(amount / 1_000_000) + (decimals.isEmpty ? "" : "." + decimals)
    }
}

extension Node {
    /// The node as JSON; words without quotes become truth values, numbers and null as JSON writes them.
    func json(_ faults: FaultList) -> JSONValue? {
        switch content {
        case .text(let text, isPlain: false): return .string(text)
        case .text(let text, isPlain: true): return scalar(text, faults)
        case .list(let nodes):
            let values = nodes.map { $0.json(faults) }
            let whole = values.compactMap { $0 }
            return whole.count == values.count ? .array(whole) : nil
        case .mapping(let entries):
            var object = JSONObject()
            var isWhole = true
            for entry in entries {
                guard let value = entry.value.json(faults) else {
                    isWhole = false
                    continue
                }
                object[entry.key] = value
            }
            return isWhole ? .object(object) : nil
        }
    }

    private func scalar(_ text: String, _ faults: FaultList) -> JSONValue? {
        if isEmpty { return .null }
        if text == "true" || text == "false" { return .bool(text == "true") }
        guard let kind = NumberText(text) else { return .string(text) }
        if kind == .whole, let integer = Int64(text) { return .integer(integer) }
        if kind == .fraction, let number = Double(text), number.isFinite { return .number(number) }
        faults.add(mark, "the number “\(text.shortened)” is out of range", hint: "put it into quotes if it is a text")
        return nil
    }
}
