// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Prepares to speak to servers of tools that are no programs of this machine.
///
/// It is the seam between sessions with such servers and the network: what moves the bytes is another room's.
public protocol ServerLines: Sendable {
    /// Prepares to speak to a server; nothing is sent yet.
    ///
    /// - Throws: ``EnactmentError`` with `.serverFailed` when it cannot be spoken to as it is declared.
    func line(to server: ToolServer, bounds: MCPBounds) throws(EnactmentError) -> any ServerLine
}

/// The way of one session to a server.
///
/// It bounds what it takes, follows no redirects, and keeps whatever the transport needs to know of the session. Limits in
/// time are the caller's, who cancels.
public protocol ServerLine: Sendable {
    /// Sends a message and hears the messages that come in answer, until there are no more or one is enough.
    ///
    /// - Parameters:
    ///   - message: One message of JSON-RPC.
    ///   - version: The version of the protocol that was agreed on, if one was.
    ///   - hear: Takes each message that comes, and says whether it is enough.
    /// - Throws: ``ServerLineFault`` when the server does not keep to the transport or cannot be reached; what `hear`
    ///   throws; `CancellationError`.
    func say(_ message: [UInt8], version: String?, _ hear: ([UInt8]) async throws -> Bool) async throws

    /// Tells the server that the session is over; whether it listens does not matter.
    func end(version: String?) async
}

/// Why nothing came of a message to a server.
public struct ServerLineFault: Error, Hashable, Sendable {
    /// What the server did, in words that go on from its name: `answered with status 500`.
    public var what: String
    /// Whether the server says that it knows the session no more: it took no notice of the message.
    public var isSessionOver: Bool

    /// Makes a fault.
    public init(_ what: String, isSessionOver: Bool = false) {
        self.what = what
        self.isSessionOver = isSessionOver
    }
}
