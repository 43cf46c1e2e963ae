// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Servers that keep to the protocol and servers that do not, each in the sandbox.
@Suite(.timeLimit(.minutes(5)))
struct MCPServerTests {
    private static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures").path

    static func server(_ mode: String, seconds: Double = 20) -> ToolServer {
        ToolServer(
            name: "s",
            command: ["python3", fixtures + "/hostile_server.py", mode],
            readable: [fixtures],
            seconds: seconds
        )
    }

    /// A review that says of these tools that they only look.
    static func review(_ listing: ToolServers.Listing, reads names: Set<String>) -> MCPReview {
        MCPReview(
            server: "s",
            reviewer: "tester",
            tools: listing.offers.filter { names.contains($0.tool.name) }.map {
                .init(name: $0.tool.name, digest: $0.tool.digest.hex, effect: .read, effects: .pure)
            }
        )
    }

    /// Tools with a server whose `echo` was reviewed as one that only looks.
    static func with(
        _ mode: String,
        seconds: Double = 20,
        bounds: MCPBounds = MCPBounds(),
        _ test: (Bench, Tools, ToolServers) async throws -> Void
    ) async throws {
        try await Bench.with { bench async throws in
            let servers = try await Self.reviewed(server(mode, seconds: seconds), bench.directory, bounds)
            try await test(bench, Tools(workspace: bench.workspace, servers: servers), servers)
        }
    }

    private static func reviewed(
        _ server: ToolServer,
        _ directory: String,
        _ bounds: MCPBounds
    ) async throws -> ToolServers {
        let first = try await ToolServers([server], workspace: directory, bounds: bounds).open()
        let reviews = first.map { review($0, reads: ["echo"]) }
        let servers = ToolServers([server], reviews: reviews, workspace: directory, bounds: bounds)
        try await servers.open()
        return servers
    }

    private static func echo(_ tools: Tools, _ text: String = "hello") async throws -> ToolResult {
        try await tools.look(Action(tool: "mcp.s.echo", arguments: ["text": .string(text)]), seconds: 20)
    }

    @Test(arguments: ["good", "old", "middle", "batch", "paged"])
    func `a server of each version lists its tools and answers`(mode: String) async throws {
        try await Self.with(mode) { _, tools, servers async throws in
            if mode == "paged" {
                #expect(servers.manifests.map(\.name) == ["mcp.s.t0", "mcp.s.t1", "mcp.s.t2", "mcp.s.t3", "mcp.s.t4"])
                return
            }
            #expect(tools.tools.count == Tools.manifests.count + 2)
            for text in ["hello", "again"] { #expect(try await Self.echo(tools, text).output == text) }
        }
    }

    @Test(
        arguments: [
            ("banner", "no JSON"), ("future", "version"), ("toolless", "no tools"), ("init-error", "error"),
            ("dies", "no such configuration"),
            ("many", "more than 256 tools"), ("long-description", "too long"), ("endless-pages", "pages"),
        ]
    )
    func `a server that does not begin as it should is refused with the reason`(
        mode: String,
        words: String
    ) async throws {
        try await Bench.with { bench async throws in
            let servers = ToolServers([Self.server(mode)], workspace: bench.directory)
            do {
                try await servers.open()
                Issue.record("\(mode) was taken")
            } catch let error as EnactmentError {
                #expect(error.code == .serverFailed && error.message.contains(words), "\(error)")
            }
            #expect(servers.manifests.isEmpty)
        }
    }

    @Test func `a server that says nothing is given up`() async throws {
        var bounds = MCPBounds()
        bounds.startSeconds = 2
        try await Bench.with { bench async throws in
            let servers = ToolServers([Self.server("mute")], workspace: bench.directory, bounds: bounds)
            let start = ContinuousClock.now
            #expect(await code { try await servers.open() } == .serverFailed)
            #expect(ContinuousClock.now - start < .seconds(20))
        }
    }

    @Test(
        arguments: [
            ("garbage", "no JSON"), ("binary", "no JSON"), ("endless-line", "bytes"), ("deep", "no JSON"),
            ("wrong-id", "nothing that was asked"),
            ("text-id", "nothing that was asked"), ("unasked", "nothing that was asked"), ("exit", "out of cheese"),
            ("flood", "messages"),
            ("no-version", "JSON-RPC 2.0"), ("both", "form"), ("bad-batch", "batch"),
        ]
    )
    func `a fault in mid-call is told, and the next call has a new server`(mode: String, words: String) async throws {
        try await Self.with(mode) { _, tools, _ async throws in
            for _ in 0..<2 {
                let result = try await Self.echo(tools)
                #expect(!result.isSuccess && result.output.contains(words), "\(result.output)")
            }
        }
    }

    @Test func `a second answer does not reach the next question`() async throws {
        try await Self.with("twice") { _, tools, _ async throws in
            #expect(try await Self.echo(tools, "one").output == "one")
            // The second one may come before or after the next question is put; in neither case is it the answer.
            let next = try await Self.echo(tools, "two")
            #expect(next.output == "two" || !next.isSuccess && next.output.contains("second answer"))
        }
    }

    @Test func `a call that takes too long is given up, and the server with it`() async throws {
        try await Self.with("slow", seconds: 1.5) { _, tools, _ async throws in
            let result = try await Self.echo(tools)
            #expect(!result.isSuccess && result.output.contains("in time"))
        }
    }

    @Test func `what a server asks for is refused, and its answer still comes`() async throws {
        try await Self.with("asks") { _, tools, _ async throws in
            #expect(try await Self.echo(tools, "x").output == "x q0:-32601 q1:-32601 q2:-32601 q3:result")
        }
    }

    @Test func `errors of a tool are results, in its own words`() async throws {
        try await Self.with("error") { _, tools, _ async throws in
            let result = try await Self.echo(tools)
            #expect(result.status == 1 && result.output == "hello")
        }
        try await Self.with("refuses") { _, tools, _ async throws in
            let result = try await Self.echo(tools)
            #expect(result.status == 1 && result.output.contains("not like this"))
        }
    }

    @Test func `every kind of content has its line, and a long result is cut`() async throws {
        try await Self.with("kinds") { _, tools, _ async throws in
            let output = try await Self.echo(tools).output
            #expect(
                output == """
                    a
                    [image, image/png, 4 characters of base64, not shown]
                    [link: file:///x]
                    inner
                    [content of the unknown type “new-thing”]
                    """
            )
        }
        try await Self.with("large") { _, tools, _ async throws in
            let result = try await Self.echo(tools)
            #expect(result.isTruncated && result.output.utf8.count == 64 << 10)
        }
    }

    @Test func `a structured result has to fit its schema`() async throws {
        try await Self.with("structured") { _, tools, _ async throws in
            let right = try await Self.echo(tools, "right")
            #expect(right.isSuccess && right.output.contains("\"n\": 7"))
            let wrong = try await Self.echo(tools, "wrong")
            #expect(!wrong.isSuccess && wrong.output.contains("does not fit the schema"))
        }
    }

    @Test func `arguments are checked before the server sees them`() async throws {
        try await Self.with("good") { _, tools, _ async throws in
            let fault = await code {
                _ = try await tools.look(Action(tool: "mcp.s.echo", arguments: ["text": 5]), seconds: 5)
            }
            #expect(fault == .badArguments)
        }
    }

    @Test func `a server has no network`() async throws {
        try await Self.with("network") { _, tools, _ async throws in
            #expect(try await Self.echo(tools).output == "no network")
        }
    }

    @Test func `a tool that was not reviewed is of the most dangerous class whatever it hints`() async throws {
        try await Bench.with { bench async throws in
            let servers = ToolServers([Self.server("names")], workspace: bench.directory)
            let offers = try await servers.open()[0].offers
            let echo = try #require(offers.first { $0.tool.name == "echo" })
            #expect(echo.tool.hints == ["readOnlyHint": true, "destructiveHint": false])
            // The name with a Cyrillic letter is refused, and so is the one that it imitates.
            #expect(echo.standing == .unfit("another tool's name looks the same"))
            for name in ["ech\u{43E}", "files.read\u{200B}", "copy", "Copy", String(repeating: "x", count: 65), "odd"] {
                let offer = try #require(offers.first { $0.tool.name == name })
                #expect(!offer.standing.isOffered && offer.manifest == nil, "\(name)")
            }
            let poison = try #require(offers.first { $0.tool.name == "poison" }?.manifest)
            #expect(servers.manifests == [poison])
            #expect(poison.effect == .write && poison.effects == .blind && !poison.checks)
            #expect(TextScan(poison.about).isClean && !poison.about.contains("\n"))
        }
    }

    @Test func `a look reaches a reviewed tool only, and cannot write`() async throws {
        try await Self.with("good") { bench, tools, servers async throws in
            let refused = await code {
                _ = try await tools.look(Action(tool: "mcp.s.write", arguments: ["text": "x"]), seconds: 5)
            }
            #expect(refused == .notPermitted)
            // Reviewed as one that looks although it writes: the workspace is read-only all the same.
            let listing = try await servers.open()[0]
            let trusting = Self.review(listing, reads: ["echo", "write"])
            let others = ToolServers([Self.server("good")], reviews: [trusting], workspace: bench.directory)
            try await others.open()
            let fooled = Tools(workspace: bench.workspace, servers: others)
            let result = try await fooled.look(Action(tool: "mcp.s.write", arguments: ["text": "x"]), seconds: 5)
            #expect(!result.isSuccess && result.output.contains("Read-only"))
            #expect(!bench.exists("marks"))
        }
    }

    @Test func `a chosen step writes once, and leaves no server behind`() async throws {
        try await Self.with("good") { bench, tools, _ async throws in
            let action = Action(tool: "mcp.s.write", arguments: ["text": "done"])
            let result = try await tools.act(Bench.authorization(action), nowMilliseconds: 0)
            #expect(result.isSuccess && bench.text("marks") == "done\n")
            #expect(try await tools.workspace.changes(since: try await tools.checkpoint("c")) == [])
        }
    }

    @Test(arguments: ["exit", "garbage", "slow"])
    func `a step without an answer is in doubt, and one that was not sent is not`(mode: String) async throws {
        try await Self.with(mode, seconds: 1.5) { bench, tools, _ async throws in
            let action = Action(tool: "mcp.s.write", arguments: ["text": "x"])
            await #expect {
                _ = try await tools.act(Bench.authorization(action), nowMilliseconds: 0)
            } throws: {
                if case ActFault.unknown = $0 { true } else { false }
            }
        }
    }

    @Test func `a changed tool is not offered, nor called when it changes in the middle`() async throws {
        try await Self.with("changes") { bench, tools, servers async throws in
            #expect(try await Self.echo(tools).isSuccess)
            var fault: EnactmentError.Code?
            // The word of it may take a moment to come.
            for _ in 0..<50 where fault == nil {
                fault = await code { _ = try await Self.echo(tools) }
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(fault == .notPermitted)
            var review = Self.review(try await servers.open()[0], reads: ["echo"])
            review.tools[0].digest = String(repeating: "0", count: 64)
            let later = ToolServers([Self.server("good")], reviews: [review], workspace: bench.directory)
            let offers = try await later.open()[0].offers
            #expect(offers.first { $0.tool.name == "echo" }?.standing == .changed)
            #expect(!later.manifests.contains { $0.name == "mcp.s.echo" })
        }
    }

    @Test func `hidden characters in an answer come as they are, for the prompt to strip and the record to keep`()
        async throws
    {
        try await Self.with("hidden") { _, tools, _ async throws in
            let output = try await Self.echo(tools).output
            #expect(TextScan(output).summary == "2 tag characters that spell “ig”, 1 zero-width character")
            #expect(TextScan.stripped(output) == "hello")
        }
    }
}
