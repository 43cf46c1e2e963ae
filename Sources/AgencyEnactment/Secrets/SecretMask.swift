// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// Finds the values of secrets in whatever comes out of a program that has them, and puts their names there.
///
/// Found are the value as it is; with any of its bytes escaped (`%41`, `\x41`, `\u0041`, `\"`); in hexadecimal; and in base 64 of
/// either alphabet, wherever it begins, lines broken or not. What a program disguises in a way of its own is not found.
struct SecretMask: Sendable {
    private struct Pattern {
        var mark: [UInt8]
        var value: [UInt8]
        /// Forms in which no byte has another way of being written but for the case of hexadecimal digits.
        var plain: [(bytes: [UInt8], foldsCase: Bool)]
    }

    private let patterns: [Pattern]
    /// With which bytes a form can begin.
    private let starts: [Bool]
    /// The most bytes of any form.
    let longest: Int

    /// Makes a mask; `nil` where there is nothing to find.
    init?(_ secrets: [Secret]) {
        guard !secrets.isEmpty else { return nil }
        patterns = secrets.flatMap { secret in
            // The lines of a key are as good as the key.
            let lines = secret.value.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).map(Array.init)
            let parts = [secret.value] + (lines.count > 1 ? lines.filter { $0.count >= 16 } : [])
            return parts.map { part in
                let hex = part.flatMap { [Self.digits[Int($0 >> 4)], Self.digits[Int($0 & 15)]] }
                let base = [false, true].flatMap { isURL in (0..<3).map { Self.base64(part, at: $0, isURL: isURL) } }
                return Pattern(
                    mark: Array(secret.description.utf8),
                    value: part,
                    plain: [(part, false), (hex, true)] + base.map { ($0, false) }
                )
            }
        }
        var starts = [Bool](repeating: false, count: 256)
        for byte in Array("%\\".utf8) + patterns.flatMap({ [$0.value[0]] + $0.plain.map { $0.bytes[0] } }) {
            starts[Int(byte)] = true
            if (0x61...0x66).contains(byte) { starts[Int(byte & 0xDF)] = true }
        }
        if patterns.contains(where: { $0.value[0] == 0x20 }) { starts[Int(UInt8(ascii: "+"))] = true }
        self.starts = starts
        // A byte takes six as `\u0041`; a line break in base 64 is one or two in 64.
        longest = 6 * (patterns.map(\.value.count).max() ?? 0)
    }

    /// Puts names in place of values.
    ///
    /// - Parameters:
    ///   - bytes: Where to look.
    ///   - range: What of it is wanted; a value that lies across an end of it is found all the same.
    /// - Returns: What is wanted, masked.
    func masked(_ bytes: [UInt8], _ range: Range<Int>? = nil) -> [UInt8] {
        let range = range ?? 0..<bytes.count
        var kept: [UInt8] = []
        kept.reserveCapacity(range.count)
        bytes.withUnsafeBufferPointer { bytes in
            var place = 0
            while place < range.upperBound {
                if starts[Int(bytes[place])], let (length, mark) = match(bytes, place) {
                    if place + length > range.lowerBound { kept += mark }
                    place += length
                } else {
                    if place >= range.lowerBound { kept.append(bytes[place]) }
                    place += 1
                }
            }
        }
        return kept
    }

    /// Puts names in place of values.
    func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        return finds(bytes) ? String(decoding: masked(bytes), as: UTF8.self) : text
    }

    /// Whether there is a value of a secret in some bytes.
    func finds(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            bytes.indices.contains { starts[Int(bytes[$0])] && match(bytes, $0) != nil }
        }
    }

    /// Puts names in place of values in all texts and names of a value.
    func masked(_ json: JSONValue) -> JSONValue {
        switch json {
        case .string(let text): .string(masked(text))
        case .array(let values): .array(values.map { masked($0) })
        case .object(let object):
            .object(
                object.reduce(into: JSONObject()) { kept, member in
                    var key = masked(member.key)
                    // Two names may have become one.
                    while kept[key] != nil { key += "'" }
                    kept[key] = masked(member.value)
                }
            )
        default: json
        }
    }

    private func match(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> (Int, [UInt8])? {
        var best: (Int, [UInt8])?
        for pattern in patterns {
            var length = Self.escaped(pattern.value, bytes, place) ?? 0
            for form in pattern.plain {
                length = max(length, Self.plain(form.bytes, foldsCase: form.foldsCase, bytes, place) ?? 0)
            }
            if length > best?.0 ?? 0 { best = (length, pattern.mark) }
        }
        return best
    }

    /// How long the value is here, each byte as it is or escaped; `nil` where it is not.
    ///
    /// A stroke can be one by itself or begin an escape; both ways are gone.
    private static func escaped(_ value: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
        var places = [start]
        for wanted in value {
            var next: [Int] = []
            for place in places where place < bytes.count {
                let byte = bytes[place]
                if byte == wanted || (byte == UInt8(ascii: "+") && wanted == 0x20) { next.append(place + 1) }
                if byte == UInt8(ascii: "%"), number(bytes, place + 1, 2) == Int(wanted) { next.append(place + 3) }
                if byte == UInt8(ascii: "\\"), let length = escape(wanted, bytes, place + 1) {
                    next.append(place + 1 + length)
                }
            }
            if next.isEmpty { return nil }
            // Two ways may meet again; what is kept stays as short as the strokes in a row.
            places = next.count > 1 ? Array(Set(next)) : next
        }
        return places.max().map { $0 - start }
    }

    /// How long the escape behind a stroke is that means a byte.
    private static func escape(_ wanted: UInt8, _ bytes: UnsafeBufferPointer<UInt8>, _ place: Int) -> Int? {
        guard place < bytes.count else { return nil }
        switch bytes[place] {
        case UInt8(ascii: "x"): return number(bytes, place + 1, 2) == Int(wanted) ? 3 : nil
        case UInt8(ascii: "u"): return number(bytes, place + 1, 4) == Int(wanted) ? 5 : nil
        case UInt8(ascii: "n"): return wanted == 0x0A ? 1 : nil
        case UInt8(ascii: "r"): return wanted == 0x0D ? 1 : nil
        case UInt8(ascii: "t"): return wanted == 0x09 ? 1 : nil
        case wanted: return 1
        default: return nil
        }
    }

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>, _ place: Int, _ count: Int) -> Int? {
        guard place + count <= bytes.count else { return nil }
        var number = 0
        for index in place..<(place + count) {
            guard let digit = digits.firstIndex(of: folded(bytes[index])) else { return nil }
            number = number << 4 | digit
        }
        return number
    }

    /// How long a form is here, in which lines may be broken; `nil` where it is not.
    private static func plain(
        _ form: [UInt8],
        foldsCase: Bool,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ start: Int
    ) -> Int? {
        var place = start
        for wanted in form {
            while place > start, place < bytes.count {
                if bytes[place] == 0x0A || bytes[place] == 0x0D {
                    place += 1
                } else if bytes[place] == UInt8(ascii: "\\"), place + 1 < bytes.count,
                    bytes[place + 1] == UInt8(ascii: "n") || bytes[place + 1] == UInt8(ascii: "r")
                {
                    place += 2
                } else {
                    break
                }
            }
            guard place < bytes.count, bytes[place] == wanted || (foldsCase && folded(bytes[place]) == wanted) else {
                return nil
            }
            place += 1
        }
        return place - start
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static let digits = Array("0123456789abcdef".utf8)
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// That part of the value in base 64 that is the same whatever is before and behind it.
    static func base64(_ value: [UInt8], at offset: Int, isURL: Bool) -> [UInt8] {
        let alphabet = alphabet + Array((isURL ? "-_" : "+/").utf8)
        let bytes = [UInt8](repeating: 0, count: offset) + value
        var letters: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).map { start + $0 < bytes.count ? Int(bytes[start + $0]) : 0 }
            let number = group[0] << 16 | group[1] << 8 | group[2]
            letters += [18, 12, 6, 0].map { alphabet[number >> $0 & 63] }
        }
        // Letters that say something of a neighbour too are left out.
        let first = (offset * 8 + 5) / 6
        let end = bytes.count * 8 / 6
        return Array(letters[first..<end])
    }
}
