// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A connection that a program made, or was refused, while a tool was called.
public struct NetworkConnection: Hashable, Sendable, Codable {
    /// The host that it asked for, without what is not shown.
    public var host: String
    /// The port that it asked for; 0 where it named none.
    public var port: Int
    /// The address that was reached.
    public var address: NetworkAddress?
    /// Bytes that the program sent to the host.
    public var sentBytes: Int
    /// Bytes that came from the host.
    public var receivedBytes: Int
    /// Why it was refused or cut off; `nil` for one that ended by itself.
    public var refusal: String?

    /// Makes a record of a connection.
    public init(
        host: String,
        port: Int,
        address: NetworkAddress? = nil,
        sentBytes: Int = 0,
        receivedBytes: Int = 0,
        refusal: String? = nil
    ) {
        self.host = host
        self.port = port
        self.address = address
        self.sentBytes = sentBytes
        self.receivedBytes = receivedBytes
        self.refusal = refusal
    }

    private enum CodingKeys: String, CodingKey {
        case host, port, address, sentBytes = "sent", receivedBytes = "received", refusal
    }
}
