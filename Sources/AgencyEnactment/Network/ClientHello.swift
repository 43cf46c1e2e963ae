// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The first words of a client of TLS, as far as they say whom it wants to speak with.
///
/// > Source: RFC 8446, sections 4.1.2 and 5.1; RFC 6066, section 3.
struct ClientHello: Hashable {
    /// The name of the server, or `nil` where none is said.
    var serverName: [UInt8]?
    /// Whether the true name may be another one that is hidden.
    var isHidden = false

    /// What cannot be the first words.
    enum Fault: Error, Hashable {
        case notTLS
        case malformed
    }

    /// The most bytes that are looked at.
    static let longest = 64 << 10

    /// Reads the words from the bytes that have come so far; they may be in several records.
    ///
    /// - Returns: `nil` while they are not whole.
    init?(_ bytes: [UInt8]) throws(Fault) {
        var message: [UInt8] = []
        var rest = Cursor(bytes[...])
        while true {
            guard let kind = rest.bytes.first else { break }
            guard kind == 22, rest.bytes.dropFirst().first ?? 3 == 3 else { throw .notTLS }
            var ahead = rest
            guard let head = ahead.take(5) else { break }
            let length = Int(head[head.startIndex + 3]) << 8 | Int(head[head.startIndex + 4])
            guard (1...(1 << 14)).contains(length) else { throw .malformed }
            guard let part = ahead.take(length) else { break }
            message += part
            rest = ahead
            if let whole = try Self.whole(message) {
                try read(Cursor(whole))
                return
            }
        }
        if let kind = message.first, kind != 1 { throw .malformed }
        guard bytes.count <= Self.longest else { throw .malformed }
        return nil
    }

    /// The message without its head, once it is whole.
    private static func whole(_ message: [UInt8]) throws(Fault) -> ArraySlice<UInt8>? {
        guard message.count >= 4 else { return nil }
        guard message[0] == 1 else { throw .malformed }
        let length = Int(message[1]) << 16 | Int(message[2]) << 8 | Int(message[3])
        guard length <= longest else { throw .malformed }
        guard message.count >= 4 + length else { return nil }
        // Nothing may follow before the server has answered.
        guard message.count == 4 + length else { throw .malformed }
        return message[4...]
    }

    private mutating func read(_ message: Cursor) throws(Fault) {
        var cursor = message
        guard cursor.take(34) != nil, cursor.vector(1) != nil, cursor.vector(2) != nil, cursor.vector(1) != nil else {
            throw .malformed
        }
        guard !cursor.bytes.isEmpty else { return }
        guard let list = cursor.vector(2), cursor.bytes.isEmpty else { throw .malformed }
        var extensions = Cursor(list)
        var kinds: Set<Int> = []
        while !extensions.bytes.isEmpty {
            guard let kind = extensions.number(2), let body = extensions.vector(2), kinds.insert(kind).inserted else {
                throw .malformed
            }
            if kind == 0 { serverName = try Self.name(body) }
            // Encrypted Client Hello, and what it was called before.
            if kind == 0xFE0D || kind == 0xFFCE { isHidden = true }
        }
    }

    private static func name(_ body: ArraySlice<UInt8>) throws(Fault) -> [UInt8] {
        var cursor = Cursor(body)
        guard let list = cursor.vector(2), cursor.bytes.isEmpty else { throw .malformed }
        var names = Cursor(list)
        guard names.number(1) == 0, let name = names.vector(2), names.bytes.isEmpty, !name.isEmpty else {
            throw .malformed
        }
        return Array(name)
    }

    /// Takes bytes from the front.
    private struct Cursor {
        var bytes: ArraySlice<UInt8>
        init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

        mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard bytes.count >= count else { return nil }
            defer { bytes = bytes.dropFirst(count) }
            return bytes.prefix(count)
        }

        mutating func number(_ count: Int) -> Int? { take(count)?.reduce(0) { $0 << 8 | Int($1) } }

        /// Bytes behind their own number, which has so many bytes.
        mutating func vector(_ count: Int) -> ArraySlice<UInt8>? { number(count).flatMap { take($0) } }
    }
}
