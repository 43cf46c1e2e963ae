// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import CContainment
import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The only way out of a contained program: to the hosts that a person declared, and to nobody else.
///
/// It listens at a socket that was made in the network namespace of the program, which has no other network, and connects from
/// ours. It looks names up itself, once for the life of the program.
final class Proxy: Sendable {
    /// What is let through, and how.
    struct Rules: Sendable {
        /// The hosts; where there is none, nothing is let through.
        var hosts: [DeclaredHost]
        var bounds = ProxyBounds()
        var network = Network.system
        /// What no record of a connection may show.
        var mask: SecretMask?
    }

    /// The port at which a contained program finds it.
    static let port: UInt16 = 3128

    private struct State {
        var connections: [NetworkConnection] = []
        var open = 0
        var addresses: [String: [NetworkAddress]] = [:]
        var isOver = false
    }

    let rules: Rules
    private let state = Mutex(State())
    private let used = Atomic(0)
    /// Readable when it is over.
    private let stop: Int32
    private let stopper = Mutex<Int32>(-1)
    private let working = DispatchGroup()

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - listener: The socket, which is closed when it is over.
    ///   - rules: What is let through.
    init?(listener: Int32, rules: Rules) {
        var ends: [Int32] = [-1, -1]
        guard containment_pipe(&ends) == 0 else {
            close(listener)
            return nil
        }
        self.rules = rules
        stop = ends[0]
        stopper.withLock { $0 = ends[1] }
        working.enter()
        DispatchQueue(label: "org.openagency.proxy").async { [self] in
            accept(from: listener)
            close(listener)
            working.leave()
        }
    }

    deinit {
        close(stop)
        closeStopper()
    }

    private func closeStopper() {
        stopper.withLock {
            if $0 >= 0 { close($0) }
            $0 = -1
        }
    }

    /// Ends all connections.
    ///
    /// - Returns: What there was of them, in the order in which they were asked for.
    @discardableResult
    func finish() -> [NetworkConnection] {
        state.withLock { $0.isOver = true }
        closeStopper()
        // One may be waiting for a name; what it comes to makes no difference any more.
        _ = working.wait(timeout: .now() + 2)
        let connections = state.withLock { $0.connections }
        guard let mask = rules.mask else { return connections }
        return connections.map {
            var connection = $0
            connection.host = mask.masked(connection.host)
            connection.refusal = connection.refusal.map { mask.masked($0) }
            return connection
        }
    }

    private func accept(from listener: Int32) {
        while isReady(listener, Int16(POLLIN), until: nil) {
            let descriptor = containment_accept(listener)
            guard descriptor >= 0 else {
                // Whatever is wrong may be over in a moment; until then nobody is to wait in circles.
                _ = isReady(stop, Int16(POLLIN), until: .now + .milliseconds(20))
                continue
            }
            let index = state.withLock { state -> Int? in
                guard state.connections.count < rules.bounds.attempts, state.open < rules.bounds.connections else {
                    return nil
                }
                state.open += 1
                state.connections.append(NetworkConnection(host: "", port: 0))
                return state.connections.count - 1
            }
            guard let index else {
                close(descriptor)
                refuseOne()
                continue
            }
            working.enter()
            // Blocking, and so on a thread of its own; there are few.
            DispatchQueue(label: "org.openagency.proxy.connection").async { [self] in
                Tunnel(self, descriptor, index).run()
                close(descriptor)
                state.withLock { $0.open -= 1 }
                working.leave()
            }
        }
    }

    /// Takes note, once, that there were too many.
    private func refuseOne() {
        let note = NetworkConnection(host: "", port: 0, refusal: "there were too many connections")
        state.withLock { if $0.connections.last != note { $0.connections.append(note) } }
    }

    /// Waits until a descriptor is ready.
    ///
    /// - Returns: Whether it is; not when it took too long or all is over.
    func isReady(_ descriptor: Int32, _ event: Int16, until end: ContinuousClock.Instant?) -> Bool {
        var waiting = [
            pollfd(fd: descriptor, events: event, revents: 0), pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            guard poll(&waiting, end) else { return false }
            if waiting[0].revents != 0 { return true }
        }
    }

    /// Waits until one of some descriptors is ready, the last of which has to be ``stop``.
    ///
    /// - Returns: Whether one is; not when it took too long or all is over.
    func poll(_ waiting: inout [pollfd], _ end: ContinuousClock.Instant?) -> Bool {
        while true {
            var milliseconds: Int32 = -1
            if let end {
                let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
                guard left > 0 else { return false }
                milliseconds = Int32(min(left + 1, 60_000))
            }
            let count = Glibc.poll(&waiting, nfds_t(waiting.count), milliseconds)
            if waiting[waiting.count - 1].revents != 0 { return false }
            if count > 0 { return true }
        }
    }

    /// Whether the program is through.
    var isOver: Bool { state.withLock { $0.isOver } }

    var stopping: pollfd { pollfd(fd: stop, events: Int16(POLLIN), revents: 0) }

    func record(_ index: Int, _ change: (inout NetworkConnection) -> Void) {
        state.withLock { change(&$0.connections[index]) }
    }

    /// Counts bytes over all connections.
    func count(_ bytes: Int) throws(ProxyRefusal) {
        let total = used.add(bytes, ordering: .relaxed).newValue
        guard total <= rules.bounds.bytes else {
            throw ProxyRefusal(403, "more than \(rules.bounds.bytes) bytes went to and fro")
        }
    }

    /// The addresses of a declared host: one that was declared by its address is meant as it is; those of a name must be
    /// addresses that anybody can reach, all of them.
    func addresses(of host: DeclaredHost) throws(ProxyRefusal) -> [NetworkAddress] {
        guard rules.hosts.contains(host) else {
            throw ProxyRefusal(403, "\(host) is not among the hosts that are declared")
        }
        if let address = host.address { return [address] }
        if let known = state.withLock({ $0.addresses[host.name] }) { return known }
        let found: [NetworkAddress]
        do {
            found = try rules.network.resolve(host.name)
        } catch {
            let why = (error as? EnactmentError)?.message ?? "\(error)"
            throw ProxyRefusal(502, "\(host.name) was not found: \(why.forMessage)")
        }
        guard !found.isEmpty else { throw ProxyRefusal(502, "\(host.name) has no address") }
        let own = rules.network.own()
        for address in found {
            if let use = address.specialUse {
                throw ProxyRefusal(403, "\(host.name) has the address \(address), which is \(use)")
            }
            if own.contains(address) {
                throw ProxyRefusal(403, "\(host.name) has the address \(address), which is this machine's own")
            }
        }
        // What was found first holds, whatever somebody else finds later.
        return state.withLock {
            let first = $0.addresses[host.name] ?? found
            $0.addresses[host.name] = first
            return first
        }
    }
}
