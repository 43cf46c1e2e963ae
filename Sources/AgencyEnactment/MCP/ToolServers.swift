// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema
import Synchronization

/// The servers of tools that a workspace is worked on with, each contained and without a network.
///
/// A tool that only looks is asked of a server that stays and sees the workspace read-only, as it was when the server was
/// started; a call that acts has a server of its own, which changes a view and is gone when the call is over.
public final class ToolServers: Sendable {
    /// A server and what it offers.
    public struct Listing: Hashable, Sendable {
        /// The server as it is declared.
        public var server: ToolServer
        /// How it names itself.
        public var about: String
        /// Its tools, and how each stands.
        public var offers: [MCPOffer]
    }

    private let servers: [ToolServer]
    private let reviews: [MCPReview]
    private let workspace: String
    private let sandbox: Sandbox
    private let bounds: MCPBounds
    private let secrets: SecretSource
    private let known = Mutex<[Listing]?>(nil)
    private let residents: [String: Resident]
    /// How often the workspace has changed.
    private let changes = Atomic(0)
    private let remote: RemoteServers

    /// A server that stays, and nobody or one who is speaking to it.
    private final class Resident: Sendable {
        let connection = Mutex<(connection: MCPConnection, changes: Int)?>(nil)
    }

    /// Makes the servers known; none is started.
    ///
    /// - Parameters:
    ///   - servers: As they are declared.
    ///   - reviews: What a person decided about their tools.
    ///   - workspace: The folder that they see.
    ///   - sandbox: What contains them.
    ///   - bounds: What they may send and say.
    ///   - secrets: Where the secrets are that they declare.
    ///   - lines: How those are spoken to that are reached over a network.
    public init(
        _ servers: [ToolServer],
        reviews: [MCPReview] = [],
        workspace: String,
        sandbox: Sandbox = Sandbox(),
        bounds: MCPBounds = MCPBounds(),
        secrets: @escaping SecretSource = ToolServers.withoutSecrets,
        lines: (any ServerLines)? = nil
    ) {
        self.servers = servers
        self.reviews = reviews
        self.workspace = workspace
        self.sandbox = sandbox
        self.bounds = bounds
        self.secrets = secrets
        remote = RemoteServers(lines: lines, bounds: bounds)
        residents = Dictionary(servers.map { ($0.name, Resident()) }) { first, _ in first }
    }

    /// Has none.
    @Sendable public static func withoutSecrets(_ name: String) throws -> Secret {
        throw EnactmentError(.badSecret, "the secret \(name.forMessage) is not set")
    }

    /// Starts each server once and lists its tools, unless that was done.
    ///
    /// - Returns: What they offer.
    /// - Throws: ``EnactmentError`` when one cannot be started or does not keep to the protocol.
    @discardableResult
    public func open() async throws -> [Listing] {
        if let listings = known.withLock({ $0 }) { return listings }
        var listings: [Listing] = []
        for server in servers {
            let (about, tools) =
                server.url == nil ? try await blocking { try self.list(server) } : try await remote.list(server)
            let review = reviews.first { $0.server == server.name }
            let offers = MCPOffer.all(tools, of: server, review: review, bounds: bounds)
            listings.append(Listing(server: server, about: about, offers: offers))
        }
        let found = listings
        known.withLock { $0 = found }
        return found
    }

    /// Ends the sessions with servers over a network; one that is called after it is spoken to anew.
    public func close() async { await remote.close() }

    /// Works with servers, and ends the sessions with them whatever comes of it.
    ///
    /// - Throws: What the work throws.
    public static func closing<Result>(
        _ servers: ToolServers?,
        after work: () async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await work()
            await servers?.close()
            return result
        } catch {
            await servers?.close()
            throw error
        }
    }

    /// The tools that are offered; none before ``open()``.
    public var manifests: [ToolManifest] {
        (known.withLock { $0 } ?? []).flatMap { $0.offers.compactMap(\.manifest) }
    }

    /// Calls a tool that is offered.
    ///
    /// - Throws: ``EnactmentError`` when it was not called; ``AgencyCore/ActFault`` with `.unknown` when it was and no answer
    ///   came.
    func call(_ action: Action, access: Sandbox.Access, seconds: Double?) async throws -> ToolResult {
        let listings = try await open()
        let name = action.tool.rawValue
        guard let listing = listings.first(where: { name.hasPrefix($0.server.prefix) }),
            let offer = listing.offers.first(where: { $0.manifest?.name == action.tool })
        else {
            throw EnactmentError(.noSuchTool, "no MCP server offers “\(name.forMessage)”")
        }
        let server = listing.server
        let seconds = min(server.seconds, seconds ?? server.seconds)
        guard server.url == nil else {
            let isLook = access == .readOnly
            return try await remote.call(offer.tool, action, at: server, seconds: seconds, mayRepeat: isLook)
        }
        return try await blocking { () throws -> ToolResult in
            guard access == .readOnly, let resident = self.residents[server.name] else {
                return try self.act(offer.tool, action, server, seconds)
            }
            return try resident.connection.withLock { held in
                do {
                    try held?.connection.refresh()
                } catch {
                    held = nil
                }
                let now = self.changes.load(ordering: .acquiring)
                // A view of what has changed beneath it shows some of both.
                if held?.changes != now { held = nil }
                let connection = try held?.connection ?? self.connect(server, access: .readOnly)
                held = (connection, now)
                let result = self.call(offer.tool, action, connection, seconds)
                if case .failure(let error) = result, error is ActFault { held = nil }
                return try result.get()
            }
        }
    }

    /// Takes note that the workspace is no longer what servers that stay have seen.
    func workspaceChanged() { changes.add(1, ordering: .releasing) }

    /// Calls a tool at a server of its own, which must not live on between steps with a workspace that it can change.
    private func act(_ tool: MCPTool, _ action: Action, _ server: ToolServer, _ seconds: Double) throws -> ToolResult {
        let connection = try connect(server, access: .readWrite)
        do {
            var result = try call(tool, action, connection, seconds).get()
            let end = try connection.close()
            result.note(end.notes)
            result.add(end.connections)
            return result
        } catch ActFault.unknown(let why) {
            // Nobody knows what came of it; but whom it spoke with is known.
            let words = (connection.connections ?? []).map { "; \($0.words)" }.joined()
            throw ActFault.unknown(why + words)
        }
    }

    private func list(_ server: ToolServer) throws -> (about: String, tools: [MCPTool]) {
        guard let resident = residents[server.name] else { return ("", []) }
        return try resident.connection.withLock { held in
            let now = changes.load(ordering: .acquiring)
            let made = try connect(server, access: .readOnly)
            held = (made, now)
            return (made.about, made.tools)
        }
    }

    private func connect(_ server: ToolServer, access: Sandbox.Access) throws -> MCPConnection {
        var sandbox = sandbox
        sandbox.readable += server.readable
        sandbox.secrets = try server.secrets.map { try secrets($0) }
        // What leaves the machine was chosen as a step, or it does not leave.
        sandbox.hosts = access == .readWrite ? server.hosts : []
        // The kernel counts the processor's time of the whole life of a server.
        sandbox.limits.seconds = access == .readOnly ? 24 * 3600 : server.seconds + bounds.startSeconds
        return try MCPConnection(server, in: workspace, access: access, sandbox: sandbox, bounds: bounds)
    }

    private func call(
        _ tool: MCPTool,
        _ action: Action,
        _ connection: MCPConnection,
        _ seconds: Double
    ) -> Result<ToolResult, any Error> {
        guard connection.tools.contains(where: { $0.digest == tool.digest }) else {
            return .failure(
                EnactmentError(
                    .notPermitted,
                    "\(action.tool) is no longer described as it was when this began; look at it with agency mcp list"
                )
            )
        }
        do {
            switch try connection.call(tool.name, action.arguments, seconds: seconds) {
            case .answered(let answer): return .success(ToolResult(answer, of: tool, limit: bounds.resultBytes))
            case .refused(let why): return .success(ToolResult(status: 1, output: why))
            }
        } catch {
            return .failure(ActFault.unknown(connection.fault(error).message))
        }
    }
}
