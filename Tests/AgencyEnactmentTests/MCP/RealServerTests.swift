// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Servers that others wrote, from a virtual environment that `AGENCY_TEST_MCP` names (`make mcp-servers` makes one).
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(
        if: ProcessInfo.processInfo.environment["AGENCY_TEST_MCP"] != nil,
        "AGENCY_TEST_MCP names no virtual environment with MCP servers"
    )
)
struct RealServerTests {
    private static let folder = ProcessInfo.processInfo.environment["AGENCY_TEST_MCP"] ?? ""
    /// The environment, and where its Python lies if that is not the system's.
    private static let readable: [String] = {
        let python = URL(fileURLWithPath: folder + "/bin/python").resolvingSymlinksInPath().path
        let root = URL(fileURLWithPath: python).deletingLastPathComponent().deletingLastPathComponent().path
        return python.hasPrefix("/usr/") ? [folder] : [folder, root]
    }()

    /// The tools of a server, those of these names reviewed as ones that look.
    private static func tools(
        in bench: Bench,
        _ server: ToolServer,
        reads names: Set<String>
    ) async throws -> (tools: Tools, offers: [MCPOffer]) {
        let offers = try await ToolServers([server], workspace: bench.directory).open().flatMap { $0.offers }
        let entries = offers.filter { names.contains($0.tool.name) }.map {
            MCPReview.Entry(name: $0.tool.name, digest: $0.tool.digest.hex, effect: .read, effects: .pure)
        }
        let review = MCPReview(server: server.name, reviewer: "tester", tools: entries)
        let servers = ToolServers([server], reviews: [review], workspace: bench.directory)
        try await servers.open()
        return (Tools(workspace: bench.workspace, servers: servers), offers)
    }

    private static func server(_ name: String, _ program: String, _ arguments: String...) -> ToolServer {
        let command = [folder + "/bin/python", folder + "/bin/" + program] + arguments
        return ToolServer(name: name, command: command, readable: readable)
    }

    @Test func `the server of git reads the repository, and commits in a chosen step only`() async throws {
        try await Bench.with { bench async throws in
            let server = Self.server("git", "mcp-server-git")
            let (tools, offers) = try await Self.tools(in: bench, server, reads: ["git_log", "git_status"])
            #expect(offers.count >= 10)
            #expect(offers.allSatisfy { $0.standing == .unreviewed })
            let log = try await tools.look(
                Action(tool: "mcp.git.git_log", arguments: ["repo_path": "/workspace"]),
                seconds: 30
            )
            #expect(log.isSuccess && log.output.contains("first"), "\(log.output)")
            let commit = Action(tool: "mcp.git.git_commit", arguments: ["repo_path": "/workspace", "message": "x"])
            #expect(await code { _ = try await tools.look(commit, seconds: 30) } == .notPermitted)
        }
    }

    @Test func `the server of time converts`() async throws {
        try await Bench.with { bench async throws in
            let server = Self.server("time", "mcp-server-time", "--local-timezone", "UTC")
            let (tools, _) = try await Self.tools(in: bench, server, reads: ["convert_time"])
            let result = try await tools.look(
                Action(
                    tool: "mcp.time.convert_time",
                    arguments: ["source_timezone": "UTC", "time": "12:00", "target_timezone": "Asia/Tokyo"]
                ),
                seconds: 30
            )
            #expect(result.isSuccess && result.output.contains("21:00"), "\(result.output)")
        }
    }

    @Test func `the server that fetches has no network to fetch from`() async throws {
        try await Bench.with { bench async throws in
            let server = Self.server("fetch", "mcp-server-fetch", "--ignore-robots-txt")
            let (tools, _) = try await Self.tools(in: bench, server, reads: ["fetch"])
            let result = try await tools.look(
                Action(tool: "mcp.fetch.fetch", arguments: ["url": "http://example.com/"]),
                seconds: 30
            )
            #expect(!result.isSuccess && !result.output.isEmpty, "\(result.output)")
        }
    }

    @Test func `a server made with the package mcp answers with structure and text`() async throws {
        try await Bench.with { bench async throws in
            try bench.write(
                "adder.py",
                """
                try:
                    from mcp.server.mcpserver import MCPServer
                except ImportError:
                    from mcp.server.fastmcp import FastMCP as MCPServer
                server = MCPServer("adder")
                @server.tool()
                def add(a: int, b: int) -> int:
                    "Adds two numbers."
                    return a + b
                @server.tool()
                def fail() -> str:
                    "Fails."
                    raise ValueError("as it was told to")
                server.run()
                """
            )
            let server = ToolServer(
                name: "adder",
                command: [Self.folder + "/bin/python", "/workspace/adder.py"],
                readable: Self.readable
            )
            let (tools, _) = try await Self.tools(in: bench, server, reads: ["add", "fail"])
            let sum = try await tools.look(Action(tool: "mcp.adder.add", arguments: ["a": 2, "b": 40]), seconds: 30)
            #expect(sum.isSuccess && sum.output.contains("42"), "\(sum.output)")
            let failed = try await tools.look(Action(tool: "mcp.adder.fail", arguments: [:]), seconds: 30)
            #expect(failed.status == 1 && !failed.output.isEmpty)
        }
    }
}
