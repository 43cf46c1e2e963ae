// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Synchronization

/// The sessions with servers of tools over a network: each is used by one call at a time and kept for the next.
final class RemoteServers: Sendable {
    private let lines: (any ServerLines)?
    private let bounds: MCPBounds
    private let idle = Mutex<[String: [MCPRemoteConnection]]>([:])

    init(lines: (any ServerLines)?, bounds: MCPBounds) {
        self.lines = lines
        self.bounds = bounds
    }

    /// Begins a session and lists the tools.
    ///
    /// - Throws: ``EnactmentError`` when the server cannot be reached or does not keep to the protocol.
    func list(_ server: ToolServer) async throws -> (about: String, tools: [MCPTool]) {
        let connection = try await connect(server)
        keep(connection, server)
        return (connection.about, connection.tools)
    }

    /// Calls a tool as it was described; another description is another tool, and is not called.
    ///
    /// What may be repeated is called again in a new session when the server says that the old one is over.
    ///
    /// - Returns: What came of it.
    /// - Throws: ``EnactmentError`` when it was not called; ``AgencyCore/ActFault`` with `.unknown` when it was and no answer
    ///   came.
    func call(
        _ tool: MCPTool,
        _ action: Action,
        at server: ToolServer,
        seconds: Double,
        mayRepeat: Bool
    ) async throws -> ToolResult {
        var connection = try await current(server)
        guard connection.tools.contains(where: { $0.digest == tool.digest }) else {
            await connection.end()
            throw EnactmentError(
                .notPermitted,
                "\(action.tool) is no longer described as it was when this began; look at it with agency mcp list"
            )
        }
        do {
            let ending = try await connection.call(tool.name, action.arguments, seconds: seconds)
            keep(connection, server)
            switch ending {
            case .answered(let answer): return ToolResult(answer, of: tool, limit: bounds.resultBytes)
            case .refused(let why): return ToolResult(status: 1, output: why)
            }
        } catch let fault as ServerLineFault where fault.isSessionOver && mayRepeat {
            return try await call(tool, action, at: server, seconds: seconds, mayRepeat: false)
        } catch {
            await connection.end()
            if Task.isCancelled { throw CancellationError() }
            throw ActFault.unknown(connection.fault(error).message)
        }
    }

    /// Ends all sessions that are not in use.
    func close() async {
        let connections = idle.withLock { idle in
            defer { idle = [:] }
            return idle.values.flatMap(\.self)
        }
        for connection in connections { await connection.end() }
    }

    /// A session whose tools are known as they are now: nothing tells between two calls that they have changed.
    private func current(_ server: ToolServer) async throws -> MCPRemoteConnection {
        if var connection = idle.withLock({ $0[server.name]?.popLast() }) {
            do {
                try await connection.list()
                return connection
            } catch is CancellationError {
                await connection.end()
                throw CancellationError()
            } catch {
                // It may have been started anew since.
                await connection.end()
            }
        }
        return try await connect(server)
    }

    private func connect(_ server: ToolServer) async throws -> MCPRemoteConnection {
        guard let lines else {
            throw EnactmentError(
                .serverFailed,
                "the MCP server \(server.name) is reached over HTTP, which is not to be had here (the Live trait)"
            )
        }
        return try await MCPRemoteConnection(server, over: lines, bounds: bounds)
    }

    private func keep(_ connection: MCPRemoteConnection, _ server: ToolServer) {
        idle.withLock { $0[server.name, default: []].append(connection) }
    }
}
