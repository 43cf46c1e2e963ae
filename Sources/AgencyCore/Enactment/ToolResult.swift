// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What a tool showed or did.
public struct ToolResult: Hashable, Sendable, Codable {
    /// The exit status of the program, or 0 for success and 1 for failure of a tool that is no program.
    public var status: Int
    /// What it printed, cut at the tool's limit.
    public var output: String
    /// Whether more was printed than is kept.
    public var isTruncated: Bool
    /// How long it took, in milliseconds.
    public var milliseconds: Int
    /// What it had to do with hosts, each connection; `nil` for a tool that reaches none.
    public var connections: [NetworkConnection]?

    /// Makes a result.
    public init(
        status: Int,
        output: String,
        isTruncated: Bool = false,
        milliseconds: Int = 0,
        connections: [NetworkConnection]? = nil
    ) {
        self.status = status
        self.output = output
        self.isTruncated = isTruncated
        self.milliseconds = milliseconds
        self.connections = connections
    }

    /// Whether the tool succeeded.
    public var isSuccess: Bool { status == 0 }
}
