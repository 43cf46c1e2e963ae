// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
/// The parameters of one statement, in the server's binary form and in one buffer.
///
/// > Source: PostgreSQL 15, “Message Formats” <https://www.postgresql.org/docs/15/protocol-message-formats.html>; arrays
/// > as `array_recv` reads them: dimensions, flags, element type, length, lower bound, elements.
struct PostgresParameters: Sendable {
    private(set) var bytes: [UInt8] = []
    private(set) var ranges: [Range<Int>] = []

    private enum ElementType: Int32 {
        case bool = 16
        case bytea = 17
        case int8 = 20
        case text = 25
    }

    mutating func add(_ text: String) { add { $0 += text.utf8 } }
    mutating func add(octets: some Collection<UInt8>) { add { $0 += octets } }
    mutating func add(_ number: Int64) { add { Self.append(UInt64(bitPattern: number), to: &$0) } }
    mutating func add(_ number: Int) { add(Int64(number)) }
    mutating func add(_ flag: Bool) { add { $0.append(flag ? 1 : 0) } }

    mutating func add(_ texts: [String]) {
        addArray(.text, texts) { text, bytes in
            Self.append(Int32(text.utf8.count), to: &bytes)
            bytes += text.utf8
        }
    }

    mutating func add(octets list: [[UInt8]]) {
        addArray(.bytea, list) { octets, bytes in
            Self.append(Int32(octets.count), to: &bytes)
            bytes += octets
        }
    }

    mutating func add(_ numbers: [Int64]) {
        addArray(.int8, numbers) { number, bytes in
            Self.append(Int32(8), to: &bytes)
            Self.append(UInt64(bitPattern: number), to: &bytes)
        }
    }

    mutating func add(_ flags: [Bool]) {
        addArray(.bool, flags) { flag, bytes in
            Self.append(Int32(1), to: &bytes)
            bytes.append(flag ? 1 : 0)
        }
    }

    private mutating func addArray<Element>(
        _ type: ElementType,
        _ elements: [Element],
        _ write: (Element, inout [UInt8]) -> Void
    ) {
        add { bytes in
            Self.append(Int32(elements.isEmpty ? 0 : 1), to: &bytes)
            Self.append(Int32(0), to: &bytes)
            Self.append(type.rawValue, to: &bytes)
            guard !elements.isEmpty else { return }
            Self.append(Int32(elements.count), to: &bytes)
            Self.append(Int32(1), to: &bytes)
            for element in elements { write(element, &bytes) }
        }
    }

    private mutating func add(_ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        write(&bytes)
        ranges.append(start..<bytes.count)
    }

    private static func append(_ number: Int32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
    }
}
#endif
