// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// How hosts are found and reached.
public struct Network: Sendable {
    /// Finds the addresses of a name; blocks.
    public var resolve: @Sendable (_ name: String) throws -> [NetworkAddress]
    /// Begins a connection and returns its descriptor, which does not wait, or an error of the system as a negative number.
    public var connect: @Sendable (_ address: NetworkAddress, _ port: Int) -> Int32
    /// The addresses that this machine itself has.
    public var own: @Sendable () -> [NetworkAddress]

    /// Makes a network.
    public init(
        resolve: @escaping @Sendable (_ name: String) throws -> [NetworkAddress],
        connect: @escaping @Sendable (_ address: NetworkAddress, _ port: Int) -> Int32,
        own: @escaping @Sendable () -> [NetworkAddress]
    ) {
        self.resolve = resolve
        self.connect = connect
        self.own = own
    }

    /// The network of this machine.
    public static let system = Network(resolve: lookUp, connect: begin, own: addresses)

    @Sendable private static func lookUp(_ name: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else { throw EnactmentError(.serverFailed, String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var found: [NetworkAddress] = []
        var next = list
        while let entry = next {
            if let address = address(entry.pointee.ai_addr), !found.contains(address) { found.append(address) }
            next = entry.pointee.ai_next
        }
        return found
    }

    @Sendable private static func begin(_ address: NetworkAddress, _ port: Int) -> Int32 {
        let family = address.bytes.count == 4 ? AF_INET : AF_INET6
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, flags, 0)
        guard descriptor >= 0 else { return -errno }
        let status = withSocketAddress(address, port) { Glibc.connect(descriptor, $0, $1) }
        if status == 0 || errno == EINPROGRESS { return descriptor }
        let reason = errno
        close(descriptor)
        return -reason
    }

    private static func withSocketAddress(
        _ address: NetworkAddress,
        _ port: Int,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        let number = in_port_t(truncatingIfNeeded: port).bigEndian
        func pass<Address>(_ value: Address) -> Int32 {
            withUnsafeBytes(of: value) {
                guard let start = $0.baseAddress else { return -1 }
                return body(start.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
            }
        }
        if address.bytes.count == 4 {
            var value = sockaddr_in()
            value.sin_family = sa_family_t(AF_INET)
            value.sin_port = number
            withUnsafeMutableBytes(of: &value.sin_addr) { $0.copyBytes(from: address.bytes) }
            return pass(value)
        }
        var value = sockaddr_in6()
        value.sin6_family = sa_family_t(AF_INET6)
        value.sin6_port = number
        withUnsafeMutableBytes(of: &value.sin6_addr) { $0.copyBytes(from: address.bytes) }
        return pass(value)
    }

    @Sendable private static func addresses() -> [NetworkAddress] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: [NetworkAddress] = []
        var next = list
        while let entry = next {
            if let address = address(entry.pointee.ifa_addr) { found.append(address) }
            next = entry.pointee.ifa_next
        }
        return found
    }

    private static func address(_ pointer: UnsafeMutablePointer<sockaddr>?) -> NetworkAddress? {
        guard let pointer else { return nil }
        let raw = UnsafeRawPointer(pointer)
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET:
            let value = raw.loadUnaligned(as: sockaddr_in.self)
            return withUnsafeBytes(of: value.sin_addr) { NetworkAddress(bytes: Array($0)) }
        case AF_INET6:
            let value = raw.loadUnaligned(as: sockaddr_in6.self)
            return withUnsafeBytes(of: value.sin6_addr) { NetworkAddress(bytes: Array($0)) }
        default: return nil
        }
    }
}
