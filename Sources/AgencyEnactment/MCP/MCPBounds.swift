// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Bounds on what a server of tools may send, say and offer.
public struct MCPBounds: Hashable, Sendable {
    /// Bytes of one message.
    public var messageBytes = 4 << 20
    /// Bytes of all messages while one answer is waited for.
    public var exchangeBytes = 32 << 20
    /// Messages while one answer is waited for.
    public var exchangeMessages = 4096
    /// Messages of one batch.
    public var batchMessages = 64
    /// Tools of one server.
    public var tools = 256
    /// Pages on which they are listed.
    public var pages = 64
    /// Bytes of the description of a tool, and of its schemas.
    public var descriptionBytes = 16 << 10
    /// Bytes of the schemas of a tool.
    public var schemaBytes = 128 << 10
    /// How deep a schema may be nested.
    public var schemaDepth = 32
    /// Bytes of a result that are kept.
    public var resultBytes = 64 << 10
    /// Seconds for a server to start and to list its tools.
    public var startSeconds = 30.0
    /// Seconds for a server to end when its input is closed.
    public var closeSeconds = 10.0

    /// Makes the usual bounds.
    public init() {}
}
