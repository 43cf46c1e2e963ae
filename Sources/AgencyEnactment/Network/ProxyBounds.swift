// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Bounds on what a contained program may do with the hosts that it may reach.
public struct ProxyBounds: Hashable, Sendable {
    /// Bytes of a request for a connection.
    public var headBytes = 8 << 10
    /// Connections at once.
    public var connections = 32
    /// Connections in all, those that are refused included.
    public var attempts = 1000
    /// Bytes over all connections, both ways.
    public var bytes = 256 << 20
    /// Seconds for a request to come, for a host to answer, and for the beginning of what is sent to it.
    public var startSeconds = 15.0
    /// Seconds without a byte either way.
    public var idleSeconds = 120.0

    /// Makes the usual bounds.
    public init() {}
}
