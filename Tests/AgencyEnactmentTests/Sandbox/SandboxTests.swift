// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Containment, each time with a sign of life, because a program that never started breaks out of nothing.
@Suite(.timeLimit(.minutes(2)))
struct SandboxTests {
    @Test func `the sandbox works on this machine`() async {
        #expect(await Sandbox.probe() == nil)
    }

    @Test func `the arguments give the workspace and nothing else of the host`() {
        let sandbox = Sandbox()
        let look = sandbox.arguments(for: ["a", "b c"], viewing: "/w", access: .readOnly)
        let act = sandbox.arguments(for: ["a"], viewing: "/w", access: .readWrite)
        let commit = sandbox.arguments(for: ["a"], viewing: "/w", access: .readOnly, gitWritable: true)
        #expect(Array(look.suffix(2)) == ["a", "b c"])
        #expect(look.contains(["--ro-bind", "/w/merged", "/workspace"]) && !look.contains("--bind"))
        #expect(act.contains(["--bind", "/w/merged", "/workspace"]))
        for arguments in [look, act] {
            #expect(arguments.contains(["--ro-bind-try", "/w/lower/.git", "/workspace/.git"]))
            #expect(!arguments.contains("/w"))
        }
        #expect(
            commit.contains(["--ro-bind", "/w/merged", "/workspace", "--bind-try", "/w/lower/.git", "/workspace/.git"])
        )
        #expect(commit.contains(["--ro-bind-try", "/w/lower/.git/hooks", "/workspace/.git/hooks"]))
        #expect(!look.contains("--share-net") && !look.contains { $0.hasPrefix("http") })
        for arguments in [look, act, commit] {
            for needed in ["--unshare-all", "--unshare-user", "--disable-userns", "--clearenv", "--new-session"] {
                #expect(arguments.contains(needed))
            }
            #expect(arguments.contains(["--seccomp", "3"]))
            #expect(arguments.contains(["--cap-drop", "ALL"]) && arguments.contains(["--remount-ro", "/"]))
        }
    }

    @Test func `a step writes in the workspace and nowhere else`() async throws {
        try await Bench.with { bench async throws in
            let result = try await bench.python(
                """
                import os
                open('made', 'w').write('x')
                for path in ['/made', '/usr/made', '/etc/made', '/dev/made', '/proc/sys/kernel/core_pattern', '/proc/self/oom_score_adj',
                             '/workspace/.git/made', '\(bench.outside)/made', '/workspace/../made']:
                    try:
                        open(path, 'a')
                        print('BROKE OUT', path)
                    except OSError: pass
                open('/tmp/fine', 'w').write('x')
                print('alive')
                """,
                acting: true
            )
            #expect(result.status == 0, "\(result.output)")
            #expect(result.output == "alive\n")
            #expect(bench.text("made") == "x")
            #expect(!bench.exists(bench.outside + "/made") && !bench.exists(".git/made") && !bench.exists("/tmp/fine"))
        }
    }

    @Test func `a look sees the workspace and cannot write it`() async throws {
        try await Bench.with { bench async throws in
            let result = try await bench.python(
                """
                print(open('notes.txt').read().split())
                for path in ['made', 'notes.txt', '.git/made']:
                    try:
                        open(path, 'a')
                        print('WRITTEN', path)
                    except OSError as error: print(error.errno)
                """
            )
            #expect(result.output == "['one', 'two', 'three']\n30\n30\n30\n")
            #expect(!bench.exists("made"))
        }
    }

    @Test func `secrets of the host are not there`() async throws {
        try await Bench.with { bench async throws in
            try Data("secret".utf8).write(to: URL(fileURLWithPath: bench.outside + "/secret"))
            let result = try await bench.python(
                """
                import os
                seen = [p for p in ['/etc/shadow', '/etc/passwd', '/root', '/home', '\(bench.root)', '/sys',
                                    '/var', '/run'] if os.path.exists(p)]
                print(seen, sorted(os.listdir('/workspace')), os.getuid(), os.getpid() < 10)
                print([l for l in open('/proc/self/status') if l.startswith('CapEff')][0].split()[1])
                """
            )
            #expect(result.output == "[] ['.git', 'notes.txt'] 1000 True\n0000000000000000\n")
        }
    }

    @Test func `a link in the workspace to a file of the host leads nowhere`() async throws {
        try await Bench.with { bench async throws in
            try Data("secret".utf8).write(to: URL(fileURLWithPath: bench.outside + "/secret"))
            symlink(bench.outside + "/secret", bench.directory + "/link")
            let result = try await bench.look("shell.run", ["command": ["sh", "-c", "cat link; cat notes.txt"]])
            #expect(result.output.contains("No such file") && result.output.contains("two"))
            #expect(!result.output.contains("secret\n"))
        }
    }

    @Test func `the environment is the fixed one`() async throws {
        setenv("AGENCY_TEST_SECRET", "leak", 1)
        try await Bench.with { bench async throws in
            let result = try await bench.look("shell.run", ["command": ["env"]])
            let names = Set(result.output.split(separator: "\n").map { $0.prefix { $0 != "=" } })
            #expect(names.isSubset(of: ["PATH", "HOME", "LANG", "PYTHONDONTWRITEBYTECODE", "PWD", "_"]))
            #expect(result.output.contains("HOME=/tmp"))
        }
    }

    @Test func `there is no network, not even to this machine`() async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(listener, $0, length)
                _ = listen(listener, 4)
                _ = getsockname(listener, $0, &length)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let code = """
            import socket
            print('alive')
            try:
                socket.create_connection(('127.0.0.1', \(port)), 2).close()
                print('connected')
            except OSError as error: print('refused')
            """
        // The same program outside shows that there is something to connect to.
        let free = try await Program(name: "python3", arguments: ["-c", code]).run()
        #expect(free.output.text == "alive\nconnected\n")
        try await Bench.with { bench async throws in
            let contained = try await bench.python(code)
            #expect(contained.output == "alive\nrefused\n")
        }
    }

    @Test func `a program that takes too long is killed with all that it started`() async throws {
        try await Bench.with { bench async throws in
            let result = try await bench.look(
                "shell.run",
                [
                    "command": ["sh", "-c", "echo alive; (setsid sh -c 'exec sleep 7777' &) ; exec sleep 7777"],
                    "seconds": 1,
                ]
            )
            #expect(result.status == 124)
            #expect(result.output.hasPrefix("alive\n") && result.output.contains("too long"))
            let left = try await Self.processes(with: ["sleep", "7777"])
            #expect(left == 0)
        }
    }

    @Test func `what a program leaves running ends with it`() async throws {
        try await Bench.with { bench async throws in
            let command: JSONValue = ["sh", "-c", "(setsid sleep 7788 >/dev/null 2>&1 &) ; echo alive"]
            let result = try await bench.look("shell.run", ["command": command])
            let left = try await Self.processes(with: ["sleep", "7788"])
            #expect(result.output == "alive\n" && left == 0)
        }
    }

    @Test func `a flood is cut, keeps its ends, and does not lose the run`() async throws {
        try await Bench.with { bench async throws in
            let much = try await bench.python("print('first'); print('x' * 3_000_000); print('last')")
            #expect(much.status == 0 && much.isTruncated)
            #expect(much.output.hasPrefix("first\n") && much.output.hasSuffix("last\n"))
            #expect(much.output.utf8.count < 300_000)
            var small = bench
            small.sandbox.limits.floodBytes = 4 << 20
            let endless = try await small.look("shell.run", ["command": ["yes"]])
            #expect(endless.status == 137 && endless.isTruncated && endless.output.contains("printed more than"))
        }
    }

    @Test func `short output is never lost`() async throws {
        try await Bench.with { bench async throws in
            for count in [1, 4096, 65536, 100_000] {
                let result = try await bench.look(
                    "shell.run",
                    ["command": ["python3", "-c", .string("print('y' * \(count), end='')")]]
                )
                #expect(result.output.utf8.count == count)
            }
        }
    }

    @Test func `a program that takes too much memory is stopped`() async throws {
        try await Bench.with { bench async throws in
            var bench = bench
            bench.sandbox.limits.addressBytes = 256 << 20
            let one = try await bench.python("print('alive', flush=True); x = bytearray(1 << 30); print('TOO MUCH')")
            #expect(one.output.contains("alive") && one.output.contains("MemoryError") && one.status != 0)
            bench.sandbox.limits.residentBytes = 64 << 20
            let many = try await bench.python(
                """
                import os, time
                print('alive', flush=True)
                for _ in range(4):
                    if os.fork() == 0: break
                x = b'x' * (40 << 20)
                time.sleep(20)
                """
            )
            #expect(many.status == 137 && many.output.contains("alive") && many.output.contains("memory"))
        }
    }

    @Test func `a program that multiplies is stopped`() async throws {
        try await Bench.with { bench async throws in
            var bench = bench
            bench.sandbox.limits.processes = 24
            let result = try await bench.python(
                """
                import os, time
                print('alive', flush=True)
                for _ in range(200):
                    if os.fork() == 0:
                        time.sleep(30)
                        os._exit(0)
                time.sleep(30)
                """
            )
            #expect(result.status != 0 && result.output.contains("alive"))
            #expect(result.output.contains("processes") || result.output.contains("Resource temporarily unavailable"))
        }
    }

    @Test func `a file, /tmp and shared memory have their sizes`() async throws {
        try await Bench.with { bench async throws in
            var bench = bench
            bench.sandbox.limits.fileBytes = 8 << 20
            bench.sandbox.limits.temporaryBytes = 1 << 20
            let result = try await bench.python(
                """
                import signal
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                for path in ['/workspace/large', '/tmp/large', '/dev/shm/large']:
                    try:
                        with open(path, 'wb') as file:
                            for _ in range(64): file.write(b'x' * (1 << 20)); file.flush()
                        print('TOO MUCH')
                    except OSError as error: print(error.errno)
                print('alive')
                """,
                acting: true
            )
            #expect(result.output == "27\n28\n27\nalive\n")
        }
    }

    @Test func `namespaces cannot be nested`() async throws {
        try await Bench.with { bench async throws in
            let result = try await bench.look("shell.run", ["command": ["sh", "-c", "unshare -Ur true; echo $?"]])
            #expect(!result.output.hasSuffix("0\n") && result.status == 0)
        }
    }

    @Test func `bytes that are no text are repaired`() async throws {
        try await Bench.with { bench async throws in
            let result = try await bench.python("import os; os.write(1, b'a\\xff\\x00b')")
            #expect(result.output == "a\u{FFFD}\u{2400}b")
        }
    }

    @Test func `a command that is not there is a failure of the command`() async throws {
        try await Bench.with { bench async throws in
            let result = try await bench.look("shell.run", ["command": ["no-such-program"]])
            #expect(result.status == 127 && result.output.contains("not found"))
        }
    }

    @Test func `nothing is run when the workspace cannot be bound`() async throws {
        let gone = "/nonexistent/workspace"
        await #expect { try await Sandbox().run(["true"], in: gone, access: .readOnly) } throws: {
            ($0 as? EnactmentError)?.code == .sandboxUnavailable
        }
    }

    @Test func `a cancelled look leaves nothing running`() async throws {
        try await Bench.with { bench async throws in
            let tools = bench.tools
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    let action = Action(tool: "shell.run", arguments: ["command": ["sleep", "7799"]])
                    await #expect(throws: (any Error).self) { try await tools.look(action, seconds: 60) }
                }
                while (try? await Self.processes(with: ["sleep", "7799"])) == 0 { await Task.yield() }
                group.cancelAll()
            }
            let left = try await Self.processes(with: ["sleep", "7799"])
            #expect(left == 0)
        }
    }

    /// Counts the processes of this machine that have these arguments, waiting a little for the dying.
    static func processes(with arguments: [String]) async throws -> Int {
        let wanted = Data(arguments.joined(separator: "\0").utf8 + [0])
        var found = 0
        for _ in 0..<50 {
            let names = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
            found = names.count { FileManager.default.contents(atPath: "/proc/\($0)/cmdline") == wanted }
            if found == 0 { return 0 }
            try await Task.sleep(for: .milliseconds(20))
        }
        return found
    }
}
