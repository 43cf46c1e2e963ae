// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Files that are none of a program's business.
@Suite(.timeLimit(.minutes(2)))
struct SandboxReachTests {
    @Test(arguments: [true, false])
    func `files outside are neither read nor written, by whatever path`(acting: Bool) async throws {
        try await Bench.with { bench async throws in
            let secret = try bench.secret()
            try await bench.contain(
                """
                paths = ['\(secret)', '/proc/self/root\(secret)', '/proc/1/root\(secret)', '/proc/self/cwd/../outside/secret',
                         '../outside/secret', '/dev/../\(secret)', '/tmp/../\(secret)', '/proc/thread-self/root\(secret)']
                for path in paths:
                    for mode in ['r', 'a']:
                        try:
                            open(path, mode)
                            print('HARM', path, mode)
                        except OSError: pass
                """,
                acting: acting
            )
            #expect(bench.text(secret) == "secret")
        }
    }

    @Test func `the home, the keys in it and our own records are not there`() async throws {
        try await Bench.with { bench async throws in
            _ = try await bench.workspace.checkpoint("one")
            try FileManager.default.createDirectory(
                atPath: bench.outside + "/.ssh",
                withIntermediateDirectories: true
            )
            let key = try bench.secret(".ssh/id_ed25519")
            try await bench.contain(
                """
                import glob, os
                for path in ['\(key)', '\(bench.workspace.checkpoints)/HEAD', '/etc/passwd', '/etc/hostname', '/var/lib', '/run',
                             '/sys/kernel', '/boot', '/mnt', '/srv']:
                    if os.path.exists(path): print('HARM', path)
                """
            )
        }
    }

    @Test func `links that a program makes lead nowhere and stay inside`() async throws {
        try await Bench.with { bench async throws in
            let secret = try bench.secret()
            try await bench.contain(
                """
                import os
                os.symlink('\(secret)', 'l1'); os.symlink('\(bench.outside)', 'l2'); os.symlink('../outside', 'l3')
                for path in ['l1', 'l2/secret', 'l3/secret']:
                    try:
                        if open(path).read() == 'secret': print('HARM', path)
                    except OSError: pass
                """
            )
            for name in ["l1", "l2", "l3"] { #expect(!bench.exists(name), "a link out of the workspace came out") }
            #expect(bench.text(secret) == "secret")
        }
    }

    @Test func `a name of a file outside is changed only inside`() async throws {
        try await Bench.with { bench async throws in
            let secret = try bench.secret()
            link(secret, bench.directory + "/shared")
            let code = "open('shared', 'r+').write('HARMED')\nprint('alive')"
            // A hard link in place is a way out for whoever can write it.
            let scratch = bench.root + "/linked"
            mkdir(scratch, 0o755)
            let other = try bench.secret("other")
            link(other, scratch + "/shared")
            _ = try await bench.harm(code, in: scratch)
            #expect(bench.text(other) == "HARMED")
            let result = try await bench.python(code, acting: true)
            #expect(result.output == "alive\n")
            #expect(bench.text("shared") == "HARMED" && bench.text(secret) == "secret")
        }
    }

    @Test func `of this machine's processes nothing shows`() async throws {
        setenv("AGENCY_TEST_ENVIRON", "planted-in-our-environment", 1)
        try await Bench.with { bench async throws in
            let code = """
                import glob, os
                for path in glob.glob('/proc/[0-9]*/environ'):
                    try:
                        if b'planted-in-our-' + b'environment' in open(path, 'rb').read(): print('HARM')
                    except OSError: pass
                for name in ['/proc/sys/kernel/hostname', '/proc/sysrq-trigger', '/proc/self/oom_score_adj']:
                    try:
                        open(name, 'r+b').close()
                        print('HARM written', name)
                    except OSError: pass
                """
            // A process of the machine with something to hide: this one's neighbour.
            let neighbour = Program(
                name: "sh",
                arguments: ["-c", "sleep 20"],
                environment: ["PATH": "/usr/bin:/bin", "SECRET": "planted-in-our-environment"]
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await neighbour.run() }
                try await bench.contain(code)
                group.cancelAll()
            }
        }
    }

    @Test func `no descriptor of ours is handed on`() async throws {
        try await Bench.with { bench async throws in
            let secret = try bench.secret()
            // Open to whoever is started without care.
            let leak = open(secret, O_RDONLY)
            defer { close(leak) }
            let code = """
                import os
                print(sorted(os.listdir('/proc/self/fd')))
                for number in os.listdir('/proc/self/fd'):
                    try:
                        if os.pread(int(number), 10, 0) == b'secret': print('HARM', number)
                    except OSError: pass
                """
            var pid = pid_t()
            let output = bench.root + "/leaked"
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
            var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("python3"), strdup("-c"), strdup(code), nil]
            #expect(posix_spawn(&pid, "/usr/bin/python3", &actions, nil, &arguments, nil) == 0)
            waitpid(pid, nil, 0)
            for argument in arguments { free(argument) }
            posix_spawn_file_actions_destroy(&actions)
            #expect(bench.text(output)?.contains("HARM") == true, "the control did not see the descriptor")
            let inside = try await bench.python(code)
            #expect(inside.output == "['0', '1', '2', '3']\n", "more than the three, and the one it listed by")
        }
    }

    @Test func `neither paths of this machine nor more rights are to be had`() async throws {
        try await Bench.with { bench async throws in
            let inside = try await bench.python(
                """
                mounts = open('/proc/self/mountinfo').read()
                print('overlay' in mounts, 'upperdir=/' in mounts, 'lowerdir=/' in mounts)
                status = dict(line.split(':\\t') for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)
                print(status['NoNewPrivs'], status['Seccomp'], status['CapBnd'], status['CapPrm'])
                """,
                acting: true
            )
            #expect(inside.output == "True False False\n1 2 0000000000000000 0000000000000000\n")
        }
    }
}
