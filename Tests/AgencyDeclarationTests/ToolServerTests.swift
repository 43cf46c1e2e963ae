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

    @Test(arguments: [
        ("{command: []}", 4), ("{}", 4), ("{command: x}", 4), ("{command: [x], env: {A: b}}", 4),
        ("{command: [x], token: y}", 4),
        ("{command: [x], seconds: 0}", 4), ("{command: [x], readable: [relative]}", 4),
        ("{command: [x], readable: [/a/../b]}", 4),
        ("{command: [x], readable: [/]}", 4), ("{command: [x], url: y}", 4),
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
