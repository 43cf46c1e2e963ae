// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencySchema
import EnactmentHTTP
import Foundation
import Testing

@testable import AgencyEnactment

/// The same over real connections on this machine.
@Suite(.timeLimit(.minutes(2))) struct NetworkTests {
    private static let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/server.py").path
    private static let mcp = ProcessInfo.processInfo.environment["AGENCY_TEST_MCP"]

    private static func servers(_ url: String, reads names: Set<String>) async throws -> ToolServers {
        let server = ToolServer(name: "s", url: url)
        let lines = HTTPServerLines(environment: [:])
        let first = ToolServers([server], workspace: "/nowhere", lines: lines)
        let offers = try await first.open().flatMap(\.offers)
        await first.close()
        let entries = offers.filter { names.contains($0.tool.name) }.map {
            MCPReview.Entry(name: $0.tool.name, digest: $0.tool.digest.hex, effect: .read, effects: .pure)
        }
        let review = MCPReview(server: "s", reviewer: "tester", tools: entries)
        return ToolServers([server], reviews: [review], workspace: "/nowhere", lines: lines)
    }

    @Test func `a server on this machine is spoken to and left`() async throws {
        let program = try Program("python3", [Self.fixture])
        defer { program.stop() }
        let port = try #require(try await program.port(), "\(program.complaints)")
        let servers = try await Self.servers("http://127.0.0.1:\(port)/mcp", reads: ["echo"])
        try await servers.open()
        for text in ["hello", "héllo \u{1F642}"] {
            let action = Action(tool: "mcp.s.echo", arguments: ["text": .string(text)])
            #expect(try await servers.call(action, access: .readOnly, seconds: 20).output == text)
        }
        await servers.close()
        let lines = program.lines
        let first = [
            "POST /mcp initialize None", "POST /mcp notifications/initialized abc", "POST /mcp tools/list abc",
        ]
        let call = ["POST /mcp tools/list abc", "POST /mcp tools/call abc"]
        let end = ["DELETE /mcp - abc"]
        let expected: [String] = first + end + first + call + call + end
        #expect(lines == expected)
    }

    @Test func `a server that sends elsewhere is not followed`() async throws {
        let program = try Program("python3", [Self.fixture])
        defer { program.stop() }
        let port = try #require(try await program.port(), "\(program.complaints)")
        let error = await #expect(throws: EnactmentError.self) {
            _ = try await Self.servers("http://127.0.0.1:\(port)/moved", reads: [])
        }
        #expect(error?.message.contains("status 307") == true)
        #expect(program.lines == ["POST /moved initialize None"])
    }

    @Test func `a server that is not there is refused with the reason`() async throws {
        let error = await #expect(throws: EnactmentError.self) {
            _ = try await Self.servers("http://127.0.0.1:1/mcp", reads: [])
        }
        #expect(error?.message.contains("cannot be reached") == true, "\(error?.message ?? "")")
    }

    @Test(
        .enabled(if: mcp != nil, "AGENCY_TEST_MCP names no virtual environment with MCP servers"),
        arguments: [true, false]
    )
    func `a server made with the package mcp answers over HTTP`(streams: Bool) async throws {
        let source = """
            import socket, sys
            try:
                from mcp.server.mcpserver import MCPServer as Server
            except ImportError:
                from mcp.server.fastmcp import FastMCP as Server
            free = socket.socket()
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
            free.close()
            server = Server("adder")
            @server.tool()
            def add(a: int, b: int) -> int:
                "Adds two numbers."
                return a + b
            @server.tool()
            def fail() -> str:
                "Fails."
                raise ValueError("as it was told to")
            print(port, flush=True)
            whole = \(streams ? "False" : "True")
            if hasattr(server.settings, "port"):
                server.settings.host, server.settings.port, server.settings.json_response = "127.0.0.1", port, whole
                server.run(transport="streamable-http")
            else:
                server.run(transport="streamable-http", host="127.0.0.1", port=port, json_response=whole)
            """
        let program = try Program("\(Self.mcp ?? "")/bin/python", ["-c", source])
        defer { program.stop() }
        let port = try #require(try await program.port(), "\(program.complaints)")
        let url = "http://127.0.0.1:\(port)/mcp"
        var made: ToolServers?
        for _ in 0..<100 where made == nil {
            made = try? await Self.servers(url, reads: ["add", "fail"])
            if made == nil { try await Task.sleep(for: .milliseconds(200)) }
        }
        let servers = try #require(made, "it does not start: \(program.complaints)")
        try await servers.open()
        let action = Action(tool: "mcp.s.add", arguments: ["a": 2, "b": 40])
        let sum = try await servers.call(action, access: .readOnly, seconds: 30)
        #expect(sum.isSuccess && sum.output.contains("42"), "\(sum.output)")
        let failed = try await servers.call(Action(tool: "mcp.s.fail", arguments: [:]), access: .readOnly, seconds: 30)
        #expect(failed.status == 1 && !failed.output.isEmpty)
        await servers.close()
    }
}

/// A program of a test, and what it prints; through files, so that nothing waits for it.
private final class Program {
    private let process = Process()
    private let folder: URL

    init(_ path: String, _ arguments: [String]) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("http-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [path] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(folder.appendingPathComponent("output"))
        process.standardError = try Self.file(folder.appendingPathComponent("errors"))
        try process.run()
    }

    private static func file(_ url: URL) throws -> FileHandle {
        try Data().write(to: url)
        return try FileHandle(forWritingTo: url)
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
    }

    var complaints: String { text("errors") }

    /// The lines that it has printed so far, but for the first.
    var lines: [String] { text("output").split(separator: "\n").dropFirst().map(String.init) }

    /// The number in the first line that it prints.
    func port() async throws -> Int? {
        for _ in 0..<1000 {
            let output = text("output")
            if output.contains("\n") { return output.split(separator: "\n").first.flatMap { Int($0) } }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    func stop() {
        _ = kill(process.processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(at: folder)
    }
}
#endif
