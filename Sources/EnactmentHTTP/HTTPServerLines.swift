// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyEnactment
public import AgencyPerformers

/// Speaks to servers of tools over HTTP.
///
/// > Source: Model Context Protocol, streamable HTTP
/// > <https://modelcontextprotocol.io/specification/2025-11-25/basic/transports>.
public struct HTTPServerLines: ServerLines {
    private let carrier: any Carrier
    private let environment: [String: String]

    /// Speaks through a transport that somebody else shuts down.
    ///
    /// - Parameters:
    ///   - transport: What carries the requests.
    ///   - environment: Where tokens are looked up.
    public init(transport: any HTTPTransport, environment: [String: String]) {
        carrier = GivenCarrier(transport: transport)
        self.environment = environment
    }

    #if Live
    /// Speaks through a transport of its own for every message, so that nothing is left open between calls.
    ///
    /// - Parameter environment: Where tokens and the names of proxies are looked up.
    public init(environment: [String: String]) {
        carrier = OpeningCarrier(environment: environment)
        self.environment = environment
    }
    #endif

    /// Prepares to speak to a server.
    ///
    /// - Throws: `EnactmentError` with `.serverFailed` when its address is none that may be used, or its token is not in the
    ///   environment.
    public func line(to server: ToolServer, bounds: MCPBounds) throws(EnactmentError) -> any ServerLine {
        guard let url = server.url, ToolServer.isAddress(url) else {
            throw EnactmentError(
                .serverFailed,
                "the MCP server \(server.name) has no address of https, or of http on this machine"
            )
        }
        var token: String?
        if let name = server.tokenVariable {
            token = environment[name]
            guard let token, !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw EnactmentError(
                    .serverFailed,
                    "the MCP server \(server.name) needs a token, and the environment has none in \(name)"
                )
            }
        }
        return HTTPServerLine(url: url, token: token, bounds: bounds, carrier: carrier)
    }
}

/// Has a transport ready for some work.
protocol Carrier: Sendable {
    func with<Result>(_ work: (any HTTPTransport) async throws -> Result) async throws -> Result
}

private struct GivenCarrier: Carrier {
    let transport: any HTTPTransport
    func with<Result>(_ work: (any HTTPTransport) async throws -> Result) async throws -> Result {
        try await work(transport)
    }
}

#if Live
private struct OpeningCarrier: Carrier {
    let environment: [String: String]
    func with<Result>(_ work: (any HTTPTransport) async throws -> Result) async throws -> Result {
        try await withHTTPTransport(environment: environment, work)
    }
}
#endif
