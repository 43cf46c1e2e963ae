// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

/// Servers of tools on the command line.
@Suite struct MCPTests {
    private static let server = """
        import json, sys
        ABOUT = open("/workspace/about.txt").read()
        for line in sys.stdin:
            m = json.loads(line)
            if m.get("method") == "initialize":
                r = {"protocolVersion": m["params"]["protocolVersion"], "capabilities": {"tools": {}},
                     "serverInfo": {"name": "tiny", "version": "1"}}
            elif m.get("method") == "tools/list":
                tool = {"name": "look", "description": ABOUT, "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}}
                r = {"tools": [tool, dict(tool, name="send")]}
            else:
                continue
            print(json.dumps({"jsonrpc": "2.0", "id": m["id"], "result": r}), flush=True)

        """

    @Test func `tools are listed, reviewed, and not offered any more when they change`() async throws {
        try await Bench.with { bench in
            try bench.write("ws/server.py", Self.server)
            try bench.write("ws/about.txt", "Looks.")
            try bench.write(
                "mcp.yaml",
                "profiles:\n  me: {provider: person}\nmcp:\n  tiny: {command: [python3, /workspace/server.py]}\n"
            )
            let options = ["--profiles", "mcp.yaml", "--workspace", "ws"]
            func list() async throws -> [JSONValue] {
                let listed = try await bench.agency(["mcp", "list", "--json"] + options).json()
                return listed.array?.first?["tools"]?.array ?? []
            }
            let before = try await list()
            #expect(before.map { $0["class"] } == ["blind", "blind"])
            #expect(before.map { $0["effect"] } == ["write", "write"], "a hint makes nothing less dangerous")
            let reviewed = try await bench.agency(
                ["mcp", "review", "tiny", "--reads", "look", "--refuse", "send"] + options
            )
            #expect(reviewed.status == 0, "\(reviewed.testDescription)")
            let after = try await list()
            #expect(after.map { $0["effect"] ?? .null } == ["read", .null])
            #expect(after.map { $0["offered"] } == [true, false])
            try bench.write("ws/about.txt", "Looks.\u{200B} And then some.")
            let changed = try await list()
            #expect(changed.map { $0["offered"] } == [false, false])
            #expect(changed.first?["standing"]?.string?.hasPrefix("CHANGED") == true)
            #expect(changed.first?["hidden"]?.string == "1 zero-width character")
            let text = try await bench.agency(["mcp", "list"] + options)
            #expect(text.out.contains("‹U+200B›") && !text.out.unicodeScalars.contains("\u{200B}"))
            let unknown = try await bench.agency(["mcp", "review", "tiny", "--reads", "nothing"] + options)
            #expect(unknown.status == 65 && unknown.err.contains("no tool “nothing”"))
        }
    }
}
