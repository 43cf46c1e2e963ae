// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import Testing

@Suite struct ToolServerTests {
    private static let profiles = "profiles:\n  me: {provider: person}\n"

    private static func read(_ mcp: String) throws -> [ToolServer] {
        try Declaration.readToolServers(bytes: Array((profiles + mcp).utf8), file: "agency.yaml")
    }

    @Test func `servers are read and printed, and profiles are read beside them`() throws {
        let text =
            "mcp:\n  git: {command: [/opt/mcp/bin/mcp-server-git, -v], readable: [/opt/mcp], seconds: 90}\n  time: {command: [t]}\n"
        let servers = try Self.read(text)
        #expect(
            servers == [
                ToolServer(
                    name: "git",
                    command: ["/opt/mcp/bin/mcp-server-git", "-v"],
                    readable: ["/opt/mcp"],
                    seconds: 90
                ),
                ToolServer(name: "time", command: ["t"]),
            ]
        )
        #expect(try Self.read(Declaration.print(servers)) == servers)
        #expect(try Declaration.readProfiles(text: Self.profiles + text, file: "a").map(\.name) == ["me"])
        #expect(try Self.read("") == [])
    }

    @Test func `hosts and secrets are read and printed, and none is none`() throws {
        let text =
            "mcp:\n  api: {command: [a], hosts: [API.example.com, \"[::1]:80\"], secrets: [API_KEY]}\n  no: {command: [a], hosts: []}\n"
            + "secrets:\n  API_KEY: {variable: MY_KEY}\n"
        let servers = try Self.read(text)
        #expect(servers[0].hosts.map(\.description) == ["api.example.com:443", "[::1]:80"])
        #expect(servers[0].secrets == ["API_KEY"])
        #expect(servers[1].hosts.isEmpty && servers[1].secrets.isEmpty)
        #expect(try Self.read(Declaration.print(servers)) == servers)
        let bytes = Array((Self.profiles + text).utf8)
        let secrets = try Declaration.readSecrets(bytes: bytes, file: "agency.yaml")
        #expect(secrets == [SecretHandle(name: "API_KEY", variable: "MY_KEY")])
    }

    @Test func `a server that is spoken to over HTTP is read and printed`() throws {
        let text =
            "mcp:\n  tracker: {url: https://tracker.example/mcp, token-variable: TRACKER_TOKEN, seconds: 9}\n  here: {url: http://127.0.0.1:8000/mcp}\n"
        let servers = try Self.read(text)
        #expect(
            servers == [
                ToolServer(
                    name: "tracker",
                    url: "https://tracker.example/mcp",
                    tokenVariable: "TRACKER_TOKEN",
                    seconds: 9
                ),
                ToolServer(name: "here", url: "http://127.0.0.1:8000/mcp"),
            ]
        )
        #expect(try Self.read(Declaration.print(servers)) == servers)
    }

    @Test(arguments: [
        "A: {value: x}", "A: {variable: \"\"}", "A: {variable: a=b}", "a: {variable: B}", "LD_PRELOAD: {variable: B}",
        "PATH: {variable: B}", "A: {variable: B, token: x}", "A: {}",
    ])
    func `a secret is a name and where its value is, and never the value`(secret: String) {
        #expect(throws: DeclarationError.self) { try Self.read("secrets:\n  \(secret)\n") }
    }

    @Test(arguments: [
        ("{command: []}", 4), ("{command: [x], hosts: [\"*.example.com\"]}", 4), ("{command: [x], hosts: [a, a]}", 4),
        ("{command: [x], hosts: [\"http://a\"]}", 4), ("{command: [x], hosts: a}", 4),
        ("{command: [x], secrets: [lower]}", 4), ("{command: [x], secrets: [A, A]}", 4),
        ("{command: [x], secrets: {A: b}}", 4), ("{}", 4), ("{command: x}", 4), ("{command: [x], env: {A: b}}", 4),
        ("{command: [x], token: y}", 4),
        ("{command: [x], seconds: 0}", 4), ("{command: [x], readable: [relative]}", 4),
        ("{command: [x], readable: [/a/../b]}", 4),
        ("{command: [x], readable: [/]}", 4), ("{command: [x], url: y}", 4),
        ("{url: http://tools.example}", 4), ("{url: https://a@b.example}", 4), ("{url: [x]}", 4),
        ("{url: https://b.example, readable: [/opt]}", 4), ("{url: https://b.example, token: x}", 4),
        ("{url: https://b.example, token-variable: a-b}", 4), ("{url: https://b.example, seconds: 0}", 4),
        ("{command: [x], token-variable: T}", 4),
    ])
    func `what is wrong with a server is told with its place`(server: String, line: Int) throws {
        let error = try #require(throws: DeclarationError.self) { try Self.read("mcp:\n  git: \(server)\n") }
        #expect(error.faults.first?.line == line, "\(error)")
        #expect(error.faults.first?.file == "agency.yaml")
    }

    @Test(arguments: ["Git", "g_t", "1git", "gít", "a.b", String(repeating: "g", count: 33)])
    func `a name that no tool may carry is refused`(name: String) {
        #expect(throws: DeclarationError.self) { try Self.read("mcp:\n  \(name): {command: [x]}\n") }
    }
}
