// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A server on this machine that does to each connection whatever a test wants, byte by byte.
final class LoopbackServer: Sendable {
    /// One connection whose request has been read.
    struct Connection: Sendable {
        fileprivate let socket: Int32
        /// The request, head and body.
        let request: String

        /// Writes bytes; false when the other side is gone.
        @discardableResult func write(_ text: String) -> Bool { write(Array(text.utf8)) }
        @discardableResult func write(_ bytes: [UInt8]) -> Bool {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
        /// Writes one chunk of the chunked encoding.
        @discardableResult func chunk(_ text: String) -> Bool {
            write(String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n")
        }
        /// Reads one more request on the same connection.
        func nextRequest() -> String? { LoopbackServer.request(on: socket) }
        /// Waits until the other side closes the connection.
        func waitForClose() {
            var byte: UInt8 = 0
            while recv(socket, &byte, 1, 0) > 0 {}
        }
    }

    static let streamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    let port: Int
    private let listener: Int32
    private let count = Mutex(0)

    /// How many connections have come.
    var connections: Int { count.withLock { $0 } }
    var url: String { "http://127.0.0.1:\(port)/v1" }

    struct Fault: Error { let what: String }

    /// Starts a server; it stops when it is stopped.
    init(_ handle: @escaping @Sendable (Connection) -> Void) throws {
        #if canImport(Glibc)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &size) == 0
            }
        }
        guard isBound else { throw Fault(what: "no socket") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while case let socket = accept(listener, nil, nil), socket >= 0 {
                count.withLock { $0 += 1 }
                Thread.detachNewThread {
                    if let request = Self.request(on: socket) { handle(Connection(socket: socket, request: request)) }
                    close(socket)
                }
            }
            // Closed only here, so that no other server gets its number while this thread still listens on it.
            close(listener)
        }
    }

    /// Closes the port.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    fileprivate static func request(on socket: Int32) -> String? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let length = text.lowercased().split(separator: "content-length: ").dropFirst().first?
                    .prefix { $0.isNumber }
                let body = text[end.upperBound...].utf8.count
                if body >= length.flatMap({ Int($0) }) ?? 0 { return text }
            }
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer.prefix(count)
        }
    }
}
