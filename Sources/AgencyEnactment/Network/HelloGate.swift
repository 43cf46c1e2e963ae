// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Holds back what is sent to a host until it is known to be meant for that host.
struct HelloGate {
    let host: DeclaredHost
    private var held: [UInt8] = []
    private(set) var isOpen = false

    init(_ host: DeclaredHost) { self.host = host }

    /// Whether nothing but TLS is spoken with the host.
    var requiresTLS: Bool { host.port == DeclaredHost.usualPort }

    /// Takes bytes that are to be sent.
    ///
    /// - Returns: Those that may be sent now.
    /// - Throws: ``ProxyRefusal`` when they are meant for somebody else.
    mutating func pass(_ bytes: [UInt8]) throws(ProxyRefusal) -> [UInt8] {
        if isOpen { return bytes }
        held += bytes
        guard let first = held.first else { return [] }
        guard requiresTLS || first == 22 else { return try openPlainly() }
        let hello: ClientHello?
        do throws(ClientHello.Fault) {
            hello = try ClientHello(held)
        } catch {
            guard requiresTLS || error == .malformed else { return try openPlainly() }
            throw ProxyRefusal(403, "what was sent to \(host) does not begin as TLS does")
        }
        guard let hello else { return [] }
        guard !hello.isHidden else { throw ProxyRefusal(403, "the name of the server was hidden from this proxy") }
        if let name = hello.serverName {
            let small = name.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            guard small == Array(host.name.utf8) else {
                let said = String(decoding: name.prefix(100), as: UTF8.self).forMessage
                throw ProxyRefusal(403, "TLS names the server “\(said)”, and not \(host.name)")
            }
        }
        return open()
    }

    /// Lets through what is no TLS, but for a request to be led on to somebody else.
    private mutating func openPlainly() throws(ProxyRefusal) -> [UInt8] {
        let request = Array("CONNECT ".utf8)
        if held.starts(with: request) { throw ProxyRefusal(403, "\(host) was asked to lead on to somebody else") }
        if held.count < request.count, request.starts(with: held) { return [] }
        return open()
    }

    private mutating func open() -> [UInt8] {
        isOpen = true
        defer { held = [] }
        return held
    }
}
