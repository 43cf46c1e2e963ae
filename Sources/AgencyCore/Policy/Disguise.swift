// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The usual ways of writing a dot, an “at” or a colon so that it is not taken for one, and what they stand for.
enum Disguise {
    /// Undoes them, in one pass over the bytes.
    static func removed(from text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            guard let found = disguises[Int(bytes[index])].first(where: { isThere($0.disguise, in: bytes, at: index) })
            else {
                result.append(bytes[index])
                index += 1
                continue
            }
            // “eve (at) evil (dot) com”: the spaces belong to the disguise.
            while result.last == space { result.removeLast() }
            result.append(found.plain)
            index += found.disguise.count
            while index < bytes.count, bytes[index] == space { index += 1 }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let space = UInt8(ascii: " ")

    private static func isThere(_ disguise: [UInt8], in bytes: [UInt8], at index: Int) -> Bool {
        guard index + disguise.count <= bytes.count else { return false }
        for offset in disguise.indices {
            let byte = bytes[index + offset]
            let small = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            if small != disguise[offset] { return false }
        }
        return true
    }

    /// By the byte that they begin with.
    private static let disguises: [[(disguise: [UInt8], plain: UInt8)]] = (0...255).map { byte in
        all.filter { $0.disguise[0] == byte }
    }

    private static let all: [(disguise: [UInt8], plain: UInt8)] =
        ["[.]", "(.)", "{.}", "<.>", "[dot]", "(dot)", "{dot}", "<dot>", " dot ", " .", "%2e", "&period;", "&#46;"]
        .map { (Array($0.utf8), UInt8(ascii: ".")) }
        + ["[at]", "(at)", "{at}", "<at>", "[@]", "(@)", " @ ", "%40", "&commat;", "&#64;"]
        .map { (Array($0.utf8), UInt8(ascii: "@")) }
        + ["%3a", "&colon;", " : //"].map { (Array($0.utf8), UInt8(ascii: ":")) }
        + ["%2f"].map { (Array($0.utf8), UInt8(ascii: "/")) }
}
