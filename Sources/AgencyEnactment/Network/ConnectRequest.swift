// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Why a connection is not made, or is cut off.
struct ProxyRefusal: Error, Hashable {
    /// The status of HTTP with which it is told.
    var status: Int
    var reason: String

    init(_ status: Int, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// What is answered where no connection has been promised yet.
    var answer: [UInt8] {
        let names = [400: "Bad Request", 403: "Forbidden", 405: "Method Not Allowed", 502: "Bad Gateway"]
        let text = reason + "\n"
        return Array(
            """
            HTTP/1.1 \(status) \(names[status] ?? "Refused")\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: \(text.utf8.count)\r
            Connection: close\r
            \r
            \(text)
            """.utf8
        )
    }
}

/// A request to be connected with a host.
///
/// Nothing else is taken: no other method, no other form of the host, no line that is not ended as it should be.
///
/// > Source: RFC 9110, section 9.3.6.
struct ConnectRequest: Hashable {
    var host: DeclaredHost
    /// What came behind the request.
    var rest: [UInt8]

    /// Reads a request from the bytes that have come so far.
    ///
    /// - Returns: `nil` while it is not whole.
    /// - Throws: ``ProxyRefusal`` as soon as it can be none.
    init?(_ bytes: [UInt8], limit: Int) throws(ProxyRefusal) {
        guard let first = bytes.first else { return nil }
        guard (0x41...0x5A).contains(first) else { throw ProxyRefusal(400, "this proxy speaks HTTP only") }
        let end = Self.end(of: bytes)
        let head = bytes[..<(end ?? bytes.count)]
        guard head.count <= limit else { throw ProxyRefusal(400, "the request has more than \(limit) bytes") }
        for byte in head where !(0x20...0x7E).contains(byte) && ![0x0D, 0x0A, 0x09].contains(byte) {
            throw ProxyRefusal(400, "the request has a byte in it that none has")
        }
        if !head.starts(with: Self.method.prefix(head.count)) {
            throw ProxyRefusal(405, "only CONNECT is let through, and so only HTTPS: plain HTTP is not")
        }
        guard let end else { return nil }
        var lines: [[UInt8]] = [[]]
        var before: UInt8 = 0
        for byte in head.dropLast(4) {
            if byte == 0x0A {
                guard before == 0x0D else { throw ProxyRefusal(400, "a line is not ended as it should be") }
                lines[lines.count - 1].removeLast()
                lines.append([])
            } else {
                guard before != 0x0D else { throw ProxyRefusal(400, "a line is not ended as it should be") }
                lines[lines.count - 1].append(byte)
            }
            before = byte
        }
        let words = String(decoding: lines[0], as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, ["HTTP/1.1", "HTTP/1.0"].contains(words[2]) else {
            throw ProxyRefusal(400, "the request is not of the form CONNECT host:port HTTP/1.1")
        }
        guard let host = DeclaredHost(withPort: String(words[1])) else {
            throw ProxyRefusal(400, "“\(String(words[1]).forMessage)” is no host with a port")
        }
        // A body, or a second way to say where the head ends, is part of no such request.
        let fields = lines.dropFirst().map { String(decoding: $0, as: UTF8.self).lowercased() }
        for field in fields {
            guard let colon = field.firstIndex(of: ":"), colon != field.startIndex,
                field[..<colon].utf8.allSatisfy({ $0 > 0x20 })
            else { throw ProxyRefusal(400, "a field of the request is none") }
            let isBody = field.hasPrefix("transfer-encoding:") || field.hasPrefix("content-length:")
            guard !isBody || field.hasSuffix(": 0") else { throw ProxyRefusal(400, "the request has a body") }
        }
        self.host = host
        rest = Array(bytes[end...])
    }

    private static let method = Array("CONNECT ".utf8)

    /// The place behind the empty line, or `nil` while there is none.
    private static func end(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (4...bytes.count).first { bytes[($0 - 4)..<$0].elementsEqual([0x0D, 0x0A, 0x0D, 0x0A]) }
    }
}
