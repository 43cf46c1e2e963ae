// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// Ordinary programs, which go on working: a sandbox that refuses everything contains nothing worth containing.
@Suite(.timeLimit(.minutes(3)))
struct BenignProgramsTests {
    /// How a program is run.
    enum Profile: CaseIterable, Sendable {
        case look, act, actOnCopy

        func run(_ bench: Bench, _ command: [String]) async throws -> ToolResult {
            var bench = bench
            bench.sandbox.copies = self == .actOnCopy
            let arguments: JSONValue = ["command": .array(command.map { .string($0) }), "seconds": 60]
            return self == .look
                ? try await bench.look("shell.run", arguments, seconds: 60)
                : try await bench.act("shell.run", arguments)
        }
    }

    /// What reads, or writes only to `/tmp`; each ends by saying so.
    static let everywhere: [(String, [String])] = [
        ("sh", ["sh", "-c", "test \"$(cat notes.txt | wc -l)\" -eq 3 && echo fine"]),
        ("tools", ["sh", "-c", "find . -name '*.txt' | xargs grep -l two | sed s,./notes.txt,fine,"]),
        (
            "python",
            ["python3", "-c", "import json, re, ssl, sqlite3, tempfile, uuid; tempfile.mkdtemp(); print('fine')"]
        ),
        (
            "threads",
            [
                "python3", "-c",
                """
                import threading, subprocess, concurrent.futures, multiprocessing as m, asyncio
                with concurrent.futures.ThreadPoolExecutor(8) as pool: assert sum(pool.map(abs, range(100))) == 4950
                with m.Pool(2) as pool: assert pool.map(abs, [-1, -2]) == [1, 2]
                async def run():
                    child = await asyncio.create_subprocess_exec('echo', 'fine', stdout=-1)
                    return (await child.communicate())[0].decode()
                print(asyncio.run(run()), end='')
                """,
            ]
        ),
        ("database", ["sqlite3", "/tmp/a.db", "PRAGMA journal_mode=wal; CREATE TABLE t(x); SELECT 'fine'"]),
        ("git", ["sh", "-c", "git -c safe.directory='*' log --format=%s -1 && echo fine"]),
        ("perl", ["perl", "-e", "print \"fine\\n\""]),
        ("time", ["sh", "-c", "timeout 5 env nice -n 1 date >/dev/null && echo fine"]),
        (
            "compiler",
            [
                "sh", "-c",
                "printf '#include <stdio.h>\\n#include <pthread.h>\\nstatic void *f(void *x) { return x; }"
                    + "int main(void) { pthread_t t; pthread_create(&t, 0, f, 0); pthread_join(t, 0); puts(\"fine\"); }'"
                    + " > /tmp/a.c && cc -pthread /tmp/a.c -o /tmp/a && /tmp/a",
            ]
        ),
    ]

    /// What writes in the workspace.
    static let writing: [(String, [String])] = [
        // Without --copies, the environment is links out of the workspace, which do not come out of the view.
        (
            "environment",
            ["sh", "-c", "python3 -m venv --copies --without-pip v && v/bin/python3 -c 'print(\"fine\")'"]
        ),
        (
            "make",
            [
                "sh", "-c",
                "printf 'all: a.o\\na.o: notes.txt\\n\\tcp notes.txt a.o\\n' > Makefile; make -s && make -q && echo fine",
            ]
        ),
        ("database", ["sh", "-c", "sqlite3 app.db 'CREATE TABLE t(x); INSERT INTO t VALUES (1)' && echo fine"]),
        ("archive", ["sh", "-c", "tar czf a.tgz notes.txt && rm notes.txt && tar xzf a.tgz && echo fine"]),
        (
            "in place",
            [
                "sh", "-c",
                "sed -i s/two/2/ notes.txt && mkdir -p a/b && mv notes.txt a/b/ && mv a c && test -f c/b/notes.txt && echo fine",
            ]
        ),
        (
            "patch",
            [
                "sh", "-c",
                "cp notes.txt n && sed -i s/one/1/ n && (diff -u notes.txt n > p; git apply --check p 2>/dev/null; patch -s notes.txt p || true) && echo fine",
            ]
        ),
        (
            "python",
            [
                "python3", "-c",
                "import os, shutil; os.makedirs('x/y'); shutil.copytree('x', 'z'); os.replace('notes.txt', 'm'); print('fine')",
            ]
        ),
    ]

    @Test(arguments: Profile.allCases, everywhere.map(\.0))
    func `it works`(_ profile: Profile, name: String) async throws {
        let command = try #require(Self.everywhere.first { $0.0 == name }?.1)
        guard try await Self.isThere(command) else { return }
        try await Bench.with { bench async throws in
            let result = try await profile.run(bench, command)
            #expect(result.status == 0 && result.output.hasSuffix("fine\n"), "\(result.output)")
            #expect(try await bench.git("status", "--porcelain").isEmpty)
        }
    }

    @Test(arguments: [Profile.act, .actOnCopy], writing.map(\.0))
    func `it works and leaves what it made`(_ profile: Profile, name: String) async throws {
        let command = try #require(Self.writing.first { $0.0 == name }?.1)
        guard try await Self.isThere(command) else { return }
        try await Bench.with { bench async throws in
            let result = try await profile.run(bench, command)
            #expect(result.status == 0 && result.output.hasSuffix("fine\n"), "\(result.output)")
            #expect(try await !bench.git("status", "--porcelain").isEmpty)
            _ = try await bench.workspace.checkpoint("after")
        }
    }

    /// Not every machine has every compiler; the shell, Python, git and SQLite are needed anyway.
    static func isThere(_ command: [String]) async throws -> Bool {
        let words = command.joined(separator: " ")
        for name in ["cc", "make", "perl", "patch"] where words.contains(name + " ") {
            if try await Program(name: "sh", arguments: ["-c", "command -v \(name)"]).run().status != 0 {
                return false
            }
        }
        return true
    }
}
