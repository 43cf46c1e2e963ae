// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The beginning and the end of a stream that may be longer than memory.
struct Capture: Sendable {
    private(set) var total = 0
    /// How often the byte that was asked for has come by, kept or not.
    private(set) var marks = 0
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    private let headLimit: Int
    private var tailLimit: Int
    private let mark: UInt8

    init(head: Int, tail: Int, counting mark: UInt8 = 0x0A) {
        headLimit = head
        tailLimit = tail
        self.mark = mark
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        total += bytes.count
        for byte in bytes where byte == mark { marks += 1 }
        let first = bytes.prefix(max(0, headLimit - head.count))
        head.append(contentsOf: first)
        guard tailLimit > 0 else { return }
        tail.append(contentsOf: bytes.dropFirst(first.count).suffix(tailLimit))
        // Trimmed only now and then, so that a flood costs one copy a byte and not one a read.
        if tail.count > 2 * tailLimit { tail.removeFirst(tail.count - tailLimit) }
    }

    var isTruncated: Bool { total > head.count + min(tail.count, tailLimit) }

    /// What was kept, without a word on what was not.
    var bytes: [UInt8] { head + tail.suffix(tailLimit) }

    /// What was kept, as text that any record can hold.
    var text: String {
        guard isTruncated else { return Self.repaired(bytes) }
        let left = total - head.count - min(tail.count, tailLimit)
        let gap = "\n[… \(left) bytes left out …]\n"
        return Self.repaired(head) + gap + Self.repaired(Array(tail.suffix(tailLimit)))
    }

    /// The last bytes that came one after the other, at most so many.
    func newest(_ most: Int) -> [UInt8] {
        isTruncated ? Array(tail.suffix(min(tailLimit, most))) : bytes.suffix(most)
    }

    mutating func dropHead(_ count: Int) {
        head.removeFirst(min(count, head.count))
        total -= count
    }

    /// Puts names in place of secrets; of a value that lies across the gap nothing is left.
    mutating func mask(_ mask: SecretMask) {
        let end = Array(tail.suffix(tailLimit))
        guard isTruncated else {
            head = mask.masked(head + end)
            (tail, total) = ([], head.count)
            return
        }
        let left = total - head.count - end.count
        let (before, after) = (max(0, head.count - mask.longest), min(end.count, mask.longest))
        let dropped = head.count - before + after
        head = mask.masked(head, 0..<before)
        tail = mask.masked(end, after..<end.count)
        tailLimit = max(tailLimit, tail.count)
        total = head.count + tail.count + left + dropped
    }

    func starts(with prefix: [UInt8]) -> Bool { head.starts(with: prefix) }

    /// Text with what is no UTF-8 replaced, and with a sign in place of NUL, which some stores cannot hold.
    static func repaired(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{2400}" : $0 }))
    }
}
