// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How an artefact is put together: its length, and the keys of its chunks in order.
///
/// The length stands first; then each key as its difference from the one before, in zigzag form, because the chunks of a new
/// text mostly follow one another. All numbers are in groups of seven bits, the lowest first.
///
/// > Source: “LEB128”, DWARF Debugging Information Format 4, appendix C <https://dwarfstd.org/doc/DWARF4.pdf>; zigzag after
/// > <https://protobuf.dev/programming-guides/encoding/#signed-ints>.
struct Recipe: Equatable {
    var length: Int
    var keys: [Int64]

    init(length: Int, keys: [Int64]) {
        self.length = length
        self.keys = keys
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        Self.write(UInt64(length), to: &bytes)
        var previous: Int64 = 0
        for key in keys {
            let step = key &- previous
            Self.write(UInt64(bitPattern: (step << 1) ^ (step >> 63)), to: &bytes)
            previous = key
        }
        return bytes
    }

    /// Reads a recipe; `nil` when the bytes are none, or describe more than an artefact can be.
    init?(_ bytes: [UInt8], maximumLength: Int) {
        var rest = bytes[...]
        guard let length = Self.read(&rest), length <= UInt64(maximumLength) else { return nil }
        self.length = Int(length)
        keys = []
        keys.reserveCapacity(bytes.count)
        var previous: Int64 = 0
        while !rest.isEmpty {
            // Every chunk holds at least one byte.
            guard let word = Self.read(&rest), keys.count < self.length else { return nil }
            previous = previous &+ (Int64(bitPattern: word >> 1) ^ -Int64(bitPattern: word & 1))
            keys.append(previous)
        }
    }

    private static func write(_ value: UInt64, to bytes: inout [UInt8]) {
        var value = value
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }

    private static func read(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let byte = bytes.popFirst() else { return nil }
            if shift == 63, byte > 1 { return nil }
            value |= UInt64(byte & 0x7F) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        return nil
    }
}
