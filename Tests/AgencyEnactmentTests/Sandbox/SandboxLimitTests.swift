// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Bounds, each met by a program that outside goes on.
@Suite(.timeLimit(.minutes(2)))
struct SandboxLimitTests {
    @Test(arguments: [false, true])
    func `what is changed in the workspace has a size as a whole`(copies: Bool) async throws {
        try await Bench.with { bench async throws in
            var bench = bench
            bench.sandbox.copies = copies
            bench.sandbox.limits.changedBytes = 8 << 20
            try await bench.contain(
                """
                try:
                    for number in range(32):
                        with open('f%d' % number, 'wb') as file: file.write(b'x' * (1 << 20))
                    print('HARM')
                except OSError as error: print(error.errno)
                """
            )
            #expect(try bench.bytes() < 9 << 20)
        }
    }

    @Test(arguments: [false, true])
    func `names in the workspace have a number`(copies: Bool) async throws {
        try await Bench.with { bench async throws in
            var bench = bench
            bench.sandbox.copies = copies
            bench.sandbox.limits.changedEntries = 500
            try await bench.contain(
                """
                import os
                try:
                    for number in range(2000): os.mkdir('d%d' % number)
                    print('HARM')
                except OSError as error: print(error.errno)
                """
            )
        }
    }

    @Test func `holes and second names do not make more of it outside`() async throws {
        try await Bench.with { bench async throws in
            var bench = bench
            bench.sandbox.limits.changedBytes = 8 << 20
            let holes = try await bench.python("open('hole', 'wb').truncate(1 << 28); print('alive')", acting: true)
            #expect(holes.output.contains("alive\n\n[none of its changes were kept") && !bench.exists("hole"))
            let names = try await bench.python(
                """
                import os
                open('one', 'wb').write(b'x' * (4 << 20))
                for number in range(100): os.link('one', 'name%d' % number)
                print('alive')
                """,
                acting: true
            )
            #expect(names.status == 1 && names.output.contains("none of its changes were kept"), "\(names.output)")
            #expect(!bench.exists("one"))
        }
    }

    @Test func `processor time, open files and core dumps are bounded`() async throws {
        try await Bench.with { bench async throws in
            var bench = bench
            bench.sandbox.limits.openFiles = 64
            try await bench.contain(
                """
                import resource
                hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
                resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
                try:
                    files = [open('notes.txt') for _ in range(100)]
                    print('HARM')
                except OSError as error: print(error.errno)
                """
            )
            let result = try await bench.python(
                """
                import resource as r
                print([r.getrlimit(x)[1] for x in (r.RLIMIT_CORE, r.RLIMIT_NOFILE, r.RLIMIT_NPROC, r.RLIMIT_CPU, r.RLIMIT_AS)])
                try: r.setrlimit(r.RLIMIT_NOFILE, (64, 1000)); print('HARM')
                except (ValueError, OSError): print('fixed')
                """,
                seconds: 20
            )
            #expect(result.output == "[0, 64, 256, 22, \(8 << 30)]\nfixed\n")
            let busy = try await bench.python("print('alive', flush=True)\nwhile True: pass", seconds: 1)
            #expect(busy.status == 124 && busy.output.hasPrefix("alive\n"))
        }
    }

    @Test func `a program that was stopped changes nothing`() async throws {
        try await Bench.with { bench async throws in
            let result = try await bench.python(
                "import time; open('made', 'w').write('x'); print('alive', flush=True); time.sleep(60)",
                acting: true,
                seconds: 1
            )
            #expect(result.status == 124 && result.output.contains("nothing that it changed was kept"))
            #expect(result.output.hasPrefix("alive") && !bench.exists("made"))
        }
    }

    @Test func `a bomb of processes is stopped with all of them`() async throws {
        try await Bench.with { bench async throws in
            var bench = bench
            bench.sandbox.limits.processes = 64
            let mark = "bomb-\(UInt64.random(in: 0...(.max)))"
            // Of two thousand, so that it is no more than that where nothing holds it.
            let result = try await bench.python(
                """
                import os, time
                print('alive \(mark)', flush=True)
                for _ in range(11):
                    try: os.fork()
                    except OSError: pass
                time.sleep(30)
                """,
                acting: true
            )
            #expect(result.output.hasPrefix("alive") && result.status != 0)
            #expect(result.output.contains("processes") || result.output.contains("too long"))
            let left = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }.count {
                FileManager.default.contents(atPath: "/proc/\($0)/cmdline").map { $0.range(of: Data(mark.utf8)) != nil }
                    ?? false
            }
            #expect(left == 0)
        }
    }
}

extension Bench {
    /// How many bytes there are in the workspace's files, its repository left out.
    func bytes() throws -> Int {
        var total = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) where name != ".git" {
            total += bytes(name)?.count ?? 0
        }
        return total
    }
}
