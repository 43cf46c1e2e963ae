// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import AgencyCore
@testable import AgencyEnactment

/// The first words of TLS, made by hand.
struct ClientHelloTests {
    static func vector(_ bytes: [UInt8], _ width: Int) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
    }

    static func names(_ names: [String], kind: UInt8 = 0) -> [UInt8] {
        [0, 0] + vector(vector(names.flatMap { [kind] + vector(Array($0.utf8), 2) }, 2), 2)
    }

    static func message(_ extensions: [[UInt8]]?) -> [UInt8] {
        var body: [UInt8] = [3, 3] + Array(repeating: 7, count: 32)
        body += vector(Array(repeating: 1, count: 32), 1) + vector([0x13, 0x01], 2) + vector([0], 1)
        if let extensions { body += vector(extensions.flatMap(\.self), 2) }
        return [1] + vector(body, 3)
    }

    /// A message in records of so many bytes.
    static func records(_ message: [UInt8], of size: Int = 1 << 14) -> [UInt8] {
        stride(from: 0, to: message.count, by: size).flatMap {
            [22, 3, 1] + vector(Array(message[$0..<min($0 + size, message.count)]), 2)
        }
    }

    private static let name = "api.example.com"
    private static let other: [UInt8] = [0, 43] + vector([2, 3, 4], 2)

    @Test(arguments: [1, 7, 100, 1 << 14])
    func `the name is found, however the message is cut up`(size: Int) throws {
        let bytes = Self.records(Self.message([Self.other, Self.names([Self.name])]), of: size)
        for count in 0..<bytes.count { #expect(try ClientHello(Array(bytes[..<count])) == nil) }
        let hello = try #require(try ClientHello(bytes))
        #expect(hello.serverName == Array(Self.name.utf8) && !hello.isHidden)
    }

    @Test func `a message without a name has none`() throws {
        #expect(try ClientHello(Self.records(Self.message(nil)))?.serverName == nil)
        #expect(try ClientHello(Self.records(Self.message([Self.other]))) != nil)
    }

    @Test func `what is no such message is told apart`() {
        for text in ["GET / HTTP/1.1\r\n\r\n", "SSH-2.0-x\r\n", "\u{0}\u{1}"] {
            #expect(throws: ClientHello.Fault.notTLS) { try ClientHello(Array(text.utf8)) }
        }
        let twice = Self.message([Self.names([Self.name]), Self.names(["evil.example"])])
        let two = Self.message([Self.names([Self.name, "evil.example"])])
        let empty = Self.message([Self.names([""])])
        let none = Self.message([Self.names([])])
        let odd = Self.message([Self.names([Self.name], kind: 1)])
        let server = [2] + Self.message([]).dropFirst()
        for message in [twice, two, empty, none, odd, server] {
            #expect(throws: ClientHello.Fault.malformed) { try ClientHello(Self.records(message)) }
        }
        // Something behind the message, in the same record; a record without anything; a message without an end.
        #expect(throws: ClientHello.Fault.malformed) {
            try ClientHello(Self.records(Self.message([Self.names([Self.name])]) + Self.message([])))
        }
        #expect(throws: ClientHello.Fault.malformed) { try ClientHello([22, 3, 1, 0, 0]) }
        #expect(throws: ClientHello.Fault.malformed) { try ClientHello(Self.records([1, 0xFF, 0xFF, 0xFF])) }
    }

    @Test func `no prefix and no changed byte crashes, or names another server than it says`() {
        let whole = Self.records(Self.message([Self.other, Self.names([Self.name])]), of: 60)
        for index in whole.indices {
            for value: UInt8 in [0, 1, 22, 0x7F, 0x80, 0xFF] {
                var bytes = whole
                bytes[index] = value
                _ = try? ClientHello(bytes)
            }
        }
    }

    @Test func `the gate opens for the host, and for nothing that hides its name`() throws {
        let host = try #require(DeclaredHost(Self.name))
        func passes(_ message: [UInt8]) -> Bool {
            var gate = HelloGate(host)
            let bytes = Self.records(message)
            guard let sent = try? gate.pass(Array(bytes[..<20])) + gate.pass(Array(bytes[20...])) else { return false }
            return sent == bytes && gate.isOpen
        }
        #expect(passes(Self.message([Self.names([Self.name])])))
        #expect(passes(Self.message([Self.names(["API.example.COM"])])))
        #expect(passes(Self.message([Self.other])))
        for name in ["evil.example", "api.example.com.", "api.example.com\0", "api.example.com\0.evil.example"] {
            #expect(!passes(Self.message([Self.names([name])])), "\(name)")
        }
        let hidden: [UInt8] = [0xFE, 0x0D] + Self.vector([0, 0, 1], 2)
        #expect(!passes(Self.message([Self.names([Self.name]), hidden])))
    }
}
