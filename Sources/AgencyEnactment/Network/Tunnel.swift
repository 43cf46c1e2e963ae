// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One connection of a contained program, from its request to its end; blocks.
struct Tunnel {
    private let proxy: Proxy
    private let client: Int32
    /// Where it is recorded.
    private let index: Int

    init(_ proxy: Proxy, _ client: Int32, _ index: Int) {
        self.proxy = proxy
        self.client = client
        self.index = index
    }

    private var bounds: ProxyBounds { proxy.rules.bounds }

    func run() {
        do throws(ProxyRefusal) {
            let request = try request()
            proxy.record(index) { ($0.host, $0.port) = (request.host.name, request.host.port) }
            let host = try connect(to: request.host)
            defer { close(host) }
            do throws(ProxyRefusal) {
                try send(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8))
                try carry(request, host)
            } catch {
                // No answer is to be had any more from somebody who speaks with a host.
                proxy.record(index) { $0.refusal = error.reason }
                reset(client)
            }
        } catch {
            proxy.record(index) { $0.refusal = error.reason }
            try? send(error.answer)
            // What it still sends must not take the answer away.
            shutdown(client, Int32(SHUT_WR))
            var buffer = [UInt8](repeating: 0, count: 1 << 12)
            let end = ContinuousClock.now + .milliseconds(500)
            while proxy.isReady(client, Int16(POLLIN), until: end), read(client, &buffer, buffer.count) > 0 {}
        }
    }

    private func request() throws(ProxyRefusal) -> ConnectRequest {
        let end = ContinuousClock.now + .seconds(bounds.startSeconds)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 12)
        while true {
            guard proxy.isReady(client, Int16(POLLIN), until: end) else {
                throw ProxyRefusal(400, "no request came in time")
            }
            let count = read(client, &buffer, buffer.count)
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { throw ProxyRefusal(400, "no whole request came") }
            bytes += buffer[..<count]
            do throws(ProxyRefusal) {
                if let request = try ConnectRequest(bytes, limit: bounds.headBytes) { return request }
            } catch {
                note(bytes)
                throw error
            }
        }
    }

    /// Records for whom a request was that is none.
    private func note(_ bytes: [UInt8]) {
        let line = String(decoding: bytes.prefix { $0 != 0x0D && $0 != 0x0A }.prefix(120), as: UTF8.self)
        proxy.record(index) { $0.host = line.forMessage }
    }

    private func connect(to host: DeclaredHost) throws(ProxyRefusal) -> Int32 {
        let addresses = try proxy.addresses(of: host)
        let end = ContinuousClock.now + .seconds(bounds.startSeconds)
        var reason: Int32 = ETIMEDOUT
        for address in addresses.prefix(8) {
            let descriptor = proxy.rules.network.connect(address, host.port)
            guard descriptor >= 0 else {
                reason = -descriptor
                continue
            }
            var status: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            // The time is shared, so that one that does not answer leaves some to the next.
            let share = ContinuousClock.now + ContinuousClock.now.duration(to: end) / 2
            if proxy.isReady(descriptor, Int16(POLLOUT), until: address == addresses.last ? end : share) {
                if getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &status, &size) == 0, status == 0 {
                    proxy.record(index) { $0.address = address }
                    return descriptor
                }
                reason = status
            }
            close(descriptor)
        }
        throw ProxyRefusal(502, "\(host) cannot be reached: \(String(cString: strerror(reason)))")
    }

    /// One direction: what has been read at one end and not yet been taken at the other.
    private struct Flow {
        let source: Int32
        let target: Int32
        var held: ArraySlice<UInt8> = []
        var isOver = false
        var isClosed = false

        init(_ source: Int32, _ target: Int32) {
            self.source = source
            self.target = target
        }

        /// Sends what it can; passes the end on.
        mutating func flush() throws(ProxyRefusal) -> Int {
            var sent = 0
            while !held.isEmpty {
                let count = held.withUnsafeBytes { Glibc.send(target, $0.baseAddress, $0.count, Tunnel.withoutSignal) }
                if count < 0, errno == EINTR { continue }
                if count < 0, errno == EAGAIN { return sent }
                guard count > 0 else { throw ProxyRefusal(502, "the connection broke off") }
                held = held.dropFirst(count)
                sent += count
            }
            if isOver, !isClosed {
                shutdown(target, Int32(SHUT_WR))
                isClosed = true
            }
            return sent
        }
    }

    /// Carries bytes both ways until both ends are through.
    private func carry(_ request: ConnectRequest, _ host: Int32) throws(ProxyRefusal) {
        var gate = HelloGate(request.host)
        var out = Flow(client, host)
        var back = Flow(host, client)
        let start = ContinuousClock.now + .seconds(bounds.startSeconds)
        var idle = ContinuousClock.now + .seconds(bounds.idleSeconds)
        try take(request.rest, &gate, &out)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !out.isClosed || !back.isClosed {
            let waitsForName = !gate.isOpen && gate.requiresTLS
            var waiting = [
                events(of: out, reads: true), events(of: back, reads: !waitsForName),
                events(into: out), events(into: back), proxy.stopping,
            ]
            guard proxy.poll(&waiting, waitsForName ? start : idle) else {
                if proxy.isOver { return }
                throw ProxyRefusal(403, waitsForName ? "no TLS began in time" : "nothing came for too long")
            }
            idle = ContinuousClock.now + .seconds(bounds.idleSeconds)
            if waiting[0].revents != 0, let bytes = read(&out, &buffer) {
                try take(bytes, &gate, &out)
                if out.isOver, !gate.isOpen {
                    if gate.requiresTLS { throw ProxyRefusal(403, "it ended before TLS began") }
                }
            }
            if waiting[1].revents != 0, let bytes = read(&back, &buffer) { back.held += bytes }
            let sent = try out.flush()
            let received = try back.flush()
            proxy.record(index) {
                $0.sentBytes += sent
                $0.receivedBytes += received
            }
            try proxy.count(sent + received)
        }
    }

    private func take(_ bytes: [UInt8], _ gate: inout HelloGate, _ out: inout Flow) throws(ProxyRefusal) {
        if !bytes.isEmpty { out.held += try gate.pass(bytes) }
    }

    /// Reads only what there is room for: nothing while something is still held.
    private func events(of flow: Flow, reads: Bool) -> pollfd {
        let isRead = reads && flow.held.isEmpty && !flow.isOver
        return pollfd(fd: isRead ? flow.source : -1, events: Int16(POLLIN), revents: 0)
    }

    private func events(into flow: Flow) -> pollfd {
        pollfd(fd: flow.held.isEmpty ? -1 : flow.target, events: Int16(POLLOUT), revents: 0)
    }

    /// What there is at the source, empty at its end; `nil` when there is nothing yet.
    private func read(_ flow: inout Flow, _ buffer: inout [UInt8]) -> [UInt8]? {
        let count = read(flow.source, &buffer, buffer.count)
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        if count <= 0 { flow.isOver = true }
        return Array(buffer[..<max(0, count)])
    }

    private func read(_ descriptor: Int32, _ buffer: inout [UInt8], _ count: Int) -> Int {
        Glibc.read(descriptor, &buffer, count)
    }

    private func send(_ bytes: [UInt8]) throws(ProxyRefusal) {
        var rest = bytes[...]
        let end = ContinuousClock.now + .seconds(bounds.startSeconds)
        while !rest.isEmpty {
            guard proxy.isReady(client, Int16(POLLOUT), until: end) else {
                throw ProxyRefusal(502, "it took no answer")
            }
            let count = rest.withUnsafeBytes { Glibc.send(client, $0.baseAddress, $0.count, Self.withoutSignal) }
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count > 0 else { throw ProxyRefusal(502, "it took no answer") }
            rest = rest.dropFirst(count)
        }
    }

    /// Has the connection end with an error, and not as if all had been said.
    private func reset(_ descriptor: Int32) {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// MSG_NOSIGNAL of Linux, whose type is not the same in all libraries.
    static let withoutSignal: Int32 = 0x4000
}
