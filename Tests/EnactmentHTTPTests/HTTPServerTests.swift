// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import AgencySchema
import EnactmentHTTP
import Testing

@testable import AgencyEnactment

/// Servers over HTTP that keep to the protocol and servers that do not.
@Suite(.timeLimit(.minutes(1))) struct HTTPServerTests {
    static let server = ToolServer(name: "s", url: "https://tools.example/mcp", tokenVariable: "TOKEN", seconds: 30)
    private static let token = "secret-token-4711"

    private static func servers(
        _ transport: any HTTPTransport,
        _ server: ToolServer = server,
        reviews: [MCPReview] = []
    ) -> ToolServers {
        let lines = HTTPServerLines(transport: transport, environment: ["TOKEN": token])
        return ToolServers([server], reviews: reviews, workspace: "/nowhere", lines: lines)
    }

    private static func echo(
        _ servers: ToolServers,
        _ text: String = "hello",
        access: Sandbox.Access = .readOnly,
        seconds: Double? = nil
    ) async throws -> ToolResult {
        let action = Action(tool: "mcp.s.echo", arguments: ["text": .string(text)])
        return try await servers.call(action, access: access, seconds: seconds)
    }

    private static func fault(_ work: () async throws -> some Any) async -> String? {
        do {
            _ = try await work()
            return nil
        } catch { return "\(error)" }
    }

    @Test(arguments: [
        (ScriptedServer.Mode.json, "2025-11-25"), (.events, "2025-11-25"), (.stateless, "2025-11-25"),
        (.middle, "2025-06-18"), (.old, "2025-03-26"), (.batch, "2025-03-26"),
    ])
    func `a session is begun, used and ended as the protocol asks`(
        mode: ScriptedServer.Mode,
        version: String
    ) async throws {
        let transport = ScriptedServer(mode)
        let servers = Self.servers(transport)
        let listing = try await servers.open()
        #expect(listing.first?.about == "scripted 1")
        for text in ["hello", "again"] { #expect(try await Self.echo(servers, text).output == text) }
        await servers.close()
        let isNamed = mode != .stateless
        #expect(
            transport.methods == [
                "initialize", "notifications/initialized", "tools/list", "tools/list", "tools/call", "tools/list",
                "tools/call",
            ] + (isNamed ? ["DELETE"] : [])
        )
        for (place, asked) in transport.asked.enumerated() {
            #expect(asked.header("authorization") == "Bearer \(Self.token)")
            #expect(asked.header("mcp-session-id") == (place > 0 && isNamed ? "session-1" : nil))
            #expect(asked.header("mcp-protocol-version") == (place > 0 ? version : nil))
            let isPost = asked.request.method == .post
            #expect(asked.header("accept") == (isPost ? "application/json, text/event-stream" : nil))
            #expect(asked.request.url == Self.server.url)
        }
    }

    @Test(arguments: [
        (ScriptedServer.Mode.redirects, "which is not done"), (.unauthorized, "is its token right"),
        (.notFound, "status 404"),
        (.compressed, "compressed"), (.page, "text/html"), (.badName, "a name that is none"),
        (.nothing, "without answering"), (.noJSON, "no JSON"), (.longBody, "more than 4194304 bytes"),
        (.error, "status 500: the database said"), (.refusesToStart, "not today"),
        (.answersNotification, "answered what was no question"),
    ])
    func `a server that does not begin as it should is refused with the reason`(
        mode: ScriptedServer.Mode,
        words: String
    ) async throws {
        let servers = Self.servers(ScriptedServer(mode))
        let fault = try #require(await Self.fault { try await servers.open() })
        #expect(fault.contains(words), "\(fault)")
        #expect(fault.contains("the MCP server s "), "\(fault)")
        #expect(!fault.contains(Self.token) && !fault.contains("\u{1B}"))
    }

    @Test(arguments: [
        (ScriptedServer.Mode.wrongID, "nothing that was asked"), (.cutOff, "without answering"),
        (.breaksOff, "broke off"),
        (.endlessLine, "longer than"), (.endlessStream, "more than 4096 messages"), (.secondAnswer, "second answer"),
    ])
    func `a call that is not answered as it should be is in doubt, and the session over`(
        mode: ScriptedServer.Mode,
        words: String
    ) async throws {
        let transport = ScriptedServer(mode)
        let servers = Self.servers(transport)
        if mode == .secondAnswer { _ = try await Self.echo(servers) }
        do {
            _ = try await Self.echo(servers, access: .readWrite)
            Issue.record("it was answered")
        } catch ActFault.unknown(let why) {
            #expect(why.contains(words), "\(why)")
        }
        #expect(transport.methods.last == "DELETE")
        await servers.close()
        #expect(transport.methods.filter { $0 == "DELETE" }.count == 1)
    }

    @Test func `what the server asks is refused while its answer is waited for`() async throws {
        let transport = ScriptedServer(.asks)
        let servers = Self.servers(transport)
        #expect(try await Self.echo(servers).output == "hello")
        #expect(transport.methods.suffix(3) == ["tools/call", "answer", "refusal"])
        #expect(transport.asked.last?.json?["error"]?["code"] == -32601)
    }

    @Test func `a session that the server has forgotten is begun anew for a look and leaves a step in doubt`()
        async throws
    {
        let transport = ScriptedServer(.forgets)
        let servers = Self.servers(transport)
        #expect(try await Self.echo(servers).output == "hello")
        #expect(transport.methods.filter { $0 == "initialize" }.count == 2)
        #expect(transport.asked.last?.header("mcp-session-id") == "session-2")
        let other = Self.servers(ScriptedServer(.forgets))
        try await other.open()
        do {
            _ = try await Self.echo(other, access: .readWrite)
            Issue.record("it was answered")
        } catch ActFault.unknown(let why) {
            #expect(why.contains("knows the session no more"))
        }
    }

    @Test func `a tool that is described otherwise than it was is not called`() async throws {
        let transport = ScriptedServer(.changes)
        let servers = Self.servers(transport)
        #expect(try await Self.echo(servers).output == "hello")
        let error = await #expect(throws: EnactmentError.self) { try await Self.echo(servers) }
        #expect(error?.code == .notPermitted)
        #expect(transport.methods.filter { $0 == "tools/call" }.count == 1)
    }

    @Test func `a server that does not answer in time is told so and let go`() async throws {
        let transport = ScriptedServer(.silent)
        let servers = Self.servers(transport)
        try await servers.open()
        let fault = await Self.fault { try await Self.echo(servers, seconds: 0.1) }
        #expect(fault?.contains("no answer in time") == true, "\(fault ?? "")")
        #expect(transport.methods.suffix(2) == ["notifications/cancelled", "DELETE"])
    }

    @Test func `a call that is cancelled is let go`() async throws {
        let transport = ScriptedServer(.silent)
        let servers = Self.servers(transport)
        try await servers.open()
        let isCancelled = await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    _ = try await Self.echo(servers)
                    return false
                } catch { return error is CancellationError }
            }
            while transport.methods.last != "tools/call" { await Task.yield() }
            group.cancelAll()
            return await group.next() ?? false
        }
        #expect(isCancelled)
    }

    @Test func `whatever a server elsewhere does leaves the machine, and going back undoes none of it`() async throws {
        let open = try await Self.servers(ScriptedServer(.json)).open()
        let offers = try #require(open.first?.offers)
        for offer in offers {
            let manifest = try #require(offer.manifest)
            #expect(offer.standing == .unreviewed)
            #expect(manifest.effect == .write && manifest.effects == .blind && manifest.reach == .leaves)
        }
        let entries = offers.map { offer in
            MCPReview.Entry(
                name: offer.tool.name,
                digest: offer.tool.digest.hex,
                effect: offer.tool.name == "echo" ? .read : .write,
                effects: offer.tool.name == "echo" ? .pure : .transactional
            )
        }
        let review = MCPReview(server: "s", reviewer: "tester", tools: entries)
        let servers = Self.servers(ScriptedServer(.json), reviews: [review])
        try await servers.open()
        let (echo, write) = (servers.manifests[0], servers.manifests[1])
        // Also what is said to look only: what it is given leaves.
        #expect(echo.effects == .blind && echo.acts && !echo.checks && echo.reach == .leaves && echo.reachesOut)
        #expect(write.effects == .blind && write.reach == .leaves)
    }

    @Test func `nothing is sent to a wrong address or without the token`() async throws {
        for (server, words) in [
            (ToolServer(name: "s", url: "http://tools.example/mcp"), "no address"),
            (ToolServer(name: "s", url: "https://tools.example/mcp", tokenVariable: "OTHER"), "none in OTHER"),
        ] {
            let transport = ScriptedServer(.json)
            let fault = await Self.fault { try await Self.servers(transport, server).open() }
            #expect(fault?.contains(words) == true, "\(fault ?? "")")
            #expect(transport.asked.isEmpty)
        }
        let without = ToolServers([Self.server], workspace: "/nowhere")
        #expect(await Self.fault { try await without.open() }?.contains("not to be had") == true)
    }
}
