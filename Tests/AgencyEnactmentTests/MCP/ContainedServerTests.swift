// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Servers are contained as programs are: the same filter, the same view, the same bounds.
@Suite(.timeLimit(.minutes(5)))
struct ContainedServerTests {
    /// Tools with a server that runs Python: `again` was reviewed as one that looks, `python` was not.
    static func with(
        _ mode: String = "python",
        seconds: Double = 30,
        sandbox: Sandbox = Sandbox(),
        bounds: MCPBounds = MCPBounds(),
        adjust: (inout ToolServer) -> Void = { _ in },
        _ test: (Bench, Tools, ToolServers) async throws -> Void
    ) async throws {
        try await Bench.with { bench async throws in
            var server = MCPServerTests.server(mode, seconds: seconds)
            adjust(&server)
            let first = try await ToolServers([server], workspace: bench.directory).open()
            let reviews = first.map { MCPServerTests.review($0, reads: ["again"]) }
            let servers = ToolServers(
                [server],
                reviews: reviews,
                workspace: bench.directory,
                sandbox: sandbox,
                bounds: bounds
            )
            try await servers.open()
            try await test(bench, Tools(workspace: bench.workspace, servers: servers), servers)
        }
    }

    static func act(_ tools: Tools, _ code: String) async throws -> ToolResult {
        let action = Action(tool: "mcp.s.python", arguments: ["text": .string(code)])
        return try await tools.act(Bench.authorization(action), nowMilliseconds: 0)
    }

    static func look(_ tools: Tools, _ code: String) async throws -> ToolResult {
        try await tools.look(Action(tool: "mcp.s.again", arguments: ["text": .string(code)]), seconds: 30)
    }

    @Test func `the calls that break out are refused to servers too`() async throws {
        try await Self.with { bench, tools, _ async throws in
            let calls = SandboxProcessTests.calls
            let code = """
                import ctypes
                c = ctypes.CDLL(None, use_errno=True)
                for name, number in {\(calls.map { "'\($0.0)': \($0.1)" }.joined(separator: ", "))}.items():
                    ctypes.set_errno(0)
                    flags = 0x10000000 if name in ('unshare', 'setns') else -1
                    print(name, c.syscall(number, flags, -1, -1, -1, -1, -1), ctypes.get_errno())
                print('alive')
                """
            let outside = try await bench.harm(code)
            for inside in [try await Self.act(tools, code), try await Self.look(tools, code)] {
                #expect(inside.output.contains("alive"))
                for (name, _) in calls {
                    let refused = ["\(name) -1 1\n", "\(name) -1 38\n"]
                    #expect(refused.contains { inside.output.contains($0) }, "\(name): \(inside.output)")
                }
            }
            let untouched = calls.filter { name, _ in
                !outside.contains("\(name) -1 1\n") && !outside.contains("\(name) -1 38\n")
            }
            #expect(untouched.count >= 10, "the control is refused by itself: \(outside)")
        }
    }

    @Test func `what a step's server writes comes out by the rules of the view`() async throws {
        try await Self.with { bench, tools, _ async throws in
            let result = try await Self.act(
                tools,
                """
                import os
                open('made.txt', 'w').write('made'); open('notes.txt', 'a').write('four\\n')
                os.mkdir('folder'); open('folder/inner', 'w').write('x')
                os.mkfifo('pipe'); os.symlink('/etc/passwd', 'link'); os.symlink('notes.txt', 'fine')
                os.mkdir('folder/.git'); open('folder/.git/config', 'w').write('x')
                open('bits', 'w').write('x'); os.chmod('bits', 0o4755)
                try: open('.git/hooks/pre-commit', 'w')
                except OSError as error: print('repository', error.errno)
                print('alive')
                """
            )
            #expect(result.status == 1 && result.output.hasPrefix("repository 30\nalive\n"), "\(result.output)")
            for name in ["pipe", "link", "folder/.git", "bits"] {
                #expect(result.output.contains("[not kept: “\(name)”"), "\(name): \(result.output)")
            }
            #expect(bench.text("made.txt") == "made" && bench.text("notes.txt") == "one\ntwo\nthree\nfour\n")
            #expect(bench.text("folder/inner") == "x" && bench.text("fine") == bench.text("notes.txt"))
            #expect(!bench.exists("pipe") && !bench.exists("link") && !bench.exists("folder/.git"))
            #expect(bench.mode("bits").map { $0 & 0o7777 } == 0o755)
        }
    }

    @Test func `nothing is in the workspace while the call goes on`() async throws {
        try await Self.with { bench, tools, _ async throws in
            let result = try await Self.act(
                tools,
                """
                import os, time
                open('made.txt', 'w').write('made'); os.sync()
                print(os.path.exists('made.txt'))
                """
            )
            #expect(result.isSuccess && result.output.hasPrefix("True") && bench.text("made.txt") == "made")
            // Not there before the server is through, which it is not until its input is closed.
            let server = MCPServerTests.server("python")
            let connection = try MCPConnection(
                server,
                in: bench.directory,
                access: .readWrite,
                sandbox: Sandbox(readable: server.readable),
                bounds: MCPBounds()
            )
            _ = try connection.call("python", ["text": "open('later.txt', 'w').write('x')"], seconds: 20)
            #expect(!bench.exists("later.txt"))
            #expect(try connection.close().notes == [])
            #expect(bench.exists("later.txt"))
        }
    }

    @Test(
        arguments: [
            "os.kill(os.getpid(), 9)", "os._exit(0)", "time.sleep(60)", "os.write(1, b'no JSON\\n'); time.sleep(60)",
        ]
    )
    func `a server that gives no answer leaves nothing`(end: String) async throws {
        try await Self.with(seconds: 3) { bench, tools, _ async throws in
            await #expect {
                _ = try await Self.act(tools, "import os, time\nopen('made', 'w').write('x')\n\(end)\n1/0")
            } throws: {
                if case ActFault.unknown = $0 { true } else { false }
            }
            #expect(!bench.exists("made") && bench.text("notes.txt") == "one\ntwo\nthree\n")
        }
    }

    @Test func `a server that ends by itself once it has answered leaves what it made`() async throws {
        try await Self.with("leaves") { bench, tools, _ async throws in
            let result = try await Self.act(tools, "open('made', 'w').write('x')")
            #expect(result.isSuccess && bench.text("made") == "x", "\(result.output)")
        }
    }

    @Test func `a server that does not end leaves nothing, and says so`() async throws {
        var bounds = MCPBounds()
        bounds.closeSeconds = 1
        try await Self.with("lingers", bounds: bounds) { bench, tools, _ async throws in
            let result = try await Self.act(tools, "open('made', 'w').write('x')\nprint('said')")
            #expect(result.status == 1 && result.output.hasPrefix("said\n") && !bench.exists("made"))
            #expect(result.output.contains("none of its changes were kept"), "\(result.output)")
        }
    }

    @Test func `temporary folders and shared memory have a size, and processes a number`() async throws {
        var sandbox = Sandbox()
        sandbox.limits.temporaryBytes = 8 << 20
        sandbox.limits.processes = 40
        try await Self.with(sandbox: sandbox) { _, tools, _ async throws in
            let result = try await Self.look(
                tools,
                """
                import errno
                for path in ['/tmp/full', '/dev/shm/full']:
                    try:
                        with open(path, 'wb') as file:
                            for _ in range(64): file.write(bytes(1 << 20))
                        print('BROKE OUT')
                    except OSError as error: print(errno.errorcode[error.errno])
                """
            )
            #expect(result.output == "ENOSPC\nENOSPC\n")
            let crowd = try await Self.look(
                tools,
                "import os, time\nfor _ in range(100):\n  if os.fork() == 0: time.sleep(20); os._exit(0)\ntime.sleep(20)"
            )
            #expect(!crowd.isSuccess, "\(crowd.output)")
        }
    }

    @Test func `a look sees what a step has changed`() async throws {
        try await Self.with { bench, tools, _ async throws in
            let code = "import os\nprint(open('notes.txt').read(), os.path.exists('made'))"
            #expect(try await Self.look(tools, code).output == "one\ntwo\nthree\n False\n")
            #expect(try await bench.act("files.write", ["path": "aside", "content": "x"]).isSuccess)
            let change = "open('made', 'w').write('x')\nopen('notes.txt', 'w').write('new')"
            #expect(try await Self.act(tools, change).isSuccess)
            #expect(try await Self.look(tools, code).output == "new True\n")
        }
    }

    @Test func `a server outlives the thread that started it`() async throws {
        try await Bench.with { bench async throws in
            let started = try await Self.onThreadThatEnds {
                try ResidentProcess(["cat"], in: bench.directory, access: .readOnly, sandbox: Sandbox())
            }
            // A program that is bound to its thread is gone by now.
            let bound = try await Self.onThreadThatEnds { try Self.startedWithBubblewrapAlone() }
            var status: Int32 = 0
            for _ in 0..<200 where waitpid(bound.value, &status, WNOHANG) == 0 {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(status & 0x7F == SIGKILL, "the control lives on")
            try started.value.write(Array("still there".utf8), until: .now + .seconds(10))
            #expect(try started.value.line(limit: 100, until: .now + .seconds(10)) == Array("still there".utf8))
        }
    }

    /// What is used by one thread after another, and never by two.
    private struct Handed<Value>: @unchecked Sendable { let value: Value }

    private static func onThreadThatEnds<Value>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Handed<
        Value
    > {
        let result = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Handed(value: Result { try work() })) }
        }
        // The continuation may be there before the thread has ended.
        try await Task.sleep(for: .milliseconds(300))
        return Handed(value: try result.value.get())
    }

    private static func startedWithBubblewrapAlone() throws -> pid_t {
        let words: [String] = ["bwrap", "--die-with-parent", "--ro-bind", "/", "/", "sleep", "60"]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        try #require(posix_spawnp(&process, "bwrap", nil, nil, &arguments, nil) == 0)
        // Until it has said to the kernel with whom it wants to die.
        usleep(300_000)
        return process
    }
}
