// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A sequence of bytes to be found, in time linear in what is searched whatever it looks like.
///
/// > Source: D. E. Knuth, J. H. Morris, V. R. Pratt, Fast pattern matching in strings, 1977.
struct Passage: Sendable {
    private let bytes: [UInt8]
    /// For each length of a match, the next shorter one to go on with.
    private let fallback: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var fallback = [Int](repeating: 0, count: bytes.count)
        var length = 0
        for index in bytes.indices.dropFirst() {
            while length > 0, bytes[index] != bytes[length] { length = fallback[length - 1] }
            if bytes[index] == bytes[length] { length += 1 }
            fallback[index] = length
        }
        self.fallback = fallback
    }

    /// Where it first begins, or `nil`; an empty passage is nowhere.
    func offset(in text: ArraySlice<UInt8>) -> Int? {
        guard !bytes.isEmpty else { return nil }
        return text.withUnsafeBufferPointer { text -> Int? in
            var length = 0
            for index in text.indices {
                while length > 0, text[index] != bytes[length] { length = fallback[length - 1] }
                if text[index] == bytes[length] { length += 1 }
                if length == bytes.count { return index - length + 1 }
            }
            return nil
        }.map { $0 + text.startIndex }
    }
}
