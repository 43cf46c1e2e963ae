// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

@Suite(.timeLimit(.minutes(2)))
struct FileToolsTests {
    @Test(arguments: ["../x", "a/../../x", "/etc/passwd", "a\0b", "..", "a/..", ""])
    func `a path that climbs, is absolute or is none is refused`(path: String) async throws {
        try await Bench.with { bench async throws in
            let arguments: JSONValue = ["path": .string(path), "content": "evil"]
            #expect(await code { _ = try await bench.act("files.write", arguments) } == .badArguments)
            #expect(await code { _ = try await bench.look("files.read", ["path": .string(path)]) } == .badArguments)
            #expect(await code { _ = try await bench.act("files.delete", ["path": .string(path)]) } == .badArguments)
            #expect(try await bench.look("files.read", ["path": "notes.txt"]).isSuccess)
        }
    }

    @Test(arguments: [".git/config", ".git", "sub/.git/config", ".GIT/config", "./.git/hooks/pre-commit", ".Git"])
    func `a repository's own folder is refused`(path: String) async throws {
        try await Bench.with { bench async throws in
            let arguments: JSONValue = ["path": .string(path), "content": "evil"]
            #expect(await code { _ = try await bench.act("files.write", arguments) } == .notPermitted)
            #expect(await code { _ = try await bench.look("files.read", ["path": .string(path)]) } == .notPermitted)
            let move: JSONValue = ["from": "notes.txt", "to": .string(path)]
            #expect(await code { _ = try await bench.act("files.move", move) } == .notPermitted)
        }
    }

    @Test func `no link is followed, wherever it stands in the path`() async throws {
        try await Bench.with { bench async throws in
            try Data("secret".utf8).write(to: URL(fileURLWithPath: bench.outside + "/secret"))
            symlink(bench.outside + "/secret", bench.directory + "/link")
            symlink(bench.outside, bench.directory + "/folder")
            symlink("notes.txt", bench.directory + "/harmless")
            for path in ["link", "folder/secret", "harmless"] {
                let read = try await bench.look("files.read", ["path": .string(path)])
                #expect(read.status == 1 && read.output.contains("symbolic link"))
                let write = try await bench.act("files.write", ["path": .string(path), "content": "evil"])
                #expect(write.status == 1)
                let edits: JSONValue = [["find": "secret", "replace": "evil"]]
                #expect(try await bench.act("files.patch", ["path": .string(path), "edits": edits]).status == 1)
            }
            #expect(try await bench.act("files.write", ["path": "folder/new", "content": "evil"]).status == 1)
            #expect(try await bench.act("files.write", ["path": "folder/a/b", "content": "evil"]).status == 1)
            #expect(try await bench.act("files.move", ["from": "notes.txt", "to": "folder/n"]).status == 1)
            #expect(try await bench.act("files.delete", ["path": "folder/secret"]).status == 1)
            #expect(try await bench.look("files.list", ["path": "folder"]).status == 1)
            #expect(try await bench.look("files.search", ["pattern": "secret"]).output.isEmpty)
            #expect(try await bench.look("sqlite.query", ["database": "link", "sql": "SELECT 1"]).status == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.outside) == ["secret"])
            #expect(bench.text(bench.outside + "/secret") == "secret" && bench.exists("notes.txt"))
            #expect(try await bench.act("files.delete", ["path": "link"]).isSuccess)
            #expect(!bench.exists("link") && bench.exists(bench.outside + "/secret"))
        }
    }

    @Test func `a pipe does not hold the reader`() async throws {
        try await Bench.with(repository: false) { bench async throws in
            mkfifo(bench.directory + "/pipe", 0o644)
            let result = try await bench.look("files.read", ["path": "pipe"])
            #expect(result.status == 1 && result.output.contains("not a regular file"))
        }
    }

    @Test func `a file is written whole and keeps its mode`() async throws {
        try await Bench.with { bench async throws in
            chmod(bench.directory + "/notes.txt", 0o751)
            #expect(try await bench.act("files.write", ["path": "notes.txt", "content": "new"]).isSuccess)
            #expect(bench.text("notes.txt") == "new" && bench.mode("notes.txt") == S_IFREG | 0o751)
            #expect(try await bench.act("files.write", ["path": "a/b/c.txt", "content": "deep"]).isSuccess)
            #expect(bench.text("a/b/c.txt") == "deep")
            #expect(try await bench.act("files.write", ["path": "a", "content": "x"]).status == 1)
            #expect(try bench.workspace.tree(limit: 9) == "a/\na/b/\na/b/c.txt\nnotes.txt")
        }
    }

    @Test func `a patch is made as a whole or not at all`() async throws {
        try await Bench.with { bench async throws in
            func patch(_ edits: JSONValue) async throws -> ToolResult {
                try await bench.act("files.patch", ["path": "notes.txt", "edits": edits])
            }
            #expect(
                try await patch([["find": "two", "replace": "2"], ["find": "2\nthree", "replace": "3"]]).isSuccess
            )
            #expect(bench.text("notes.txt") == "one\n3\n")
            let absent = try await patch([["find": "one", "replace": "1"], ["find": "nowhere", "replace": ""]])
            #expect(absent.status == 1 && absent.output.contains("edit 2"))
            let twice = try await patch([["find": "\n", "replace": " "]])
            #expect(twice.status == 1 && twice.output.contains("more than once"))
            #expect(bench.text("notes.txt") == "one\n3\n")
            try bench.write("notes.txt", "aaa")
            #expect(try await patch([["find": "aa", "replace": "b"]]).status == 1)
        }
    }

    @Test func `files are listed, moved and removed`() async throws {
        try await Bench.with(files: ["a/x": "", "a/y/z": "", "b": ""]) { bench async throws in
            #expect(try await bench.look("files.list", [:]).output == "a/\nb")
            #expect(try await bench.look("files.list", ["path": "a", "depth": 2]).output == "a/x\na/y/\na/y/z")
            #expect(try await bench.act("files.move", ["from": "b", "to": "c/d"]).isSuccess)
            #expect(try await bench.act("files.move", ["from": "c/d", "to": "a/x"]).status == 1)
            #expect(try await bench.act("files.delete", ["path": "a"]).status == 1)
            #expect(try await bench.act("files.delete", ["path": "a/x"]).isSuccess)
            #expect(try bench.workspace.tree(limit: 9) == "a/\na/y/\na/y/z\nc/\nc/d")
        }
    }

    @Test func `a file is read in bounds`() async throws {
        try await Bench.with { bench async throws in
            try bench.write("long.txt", (1...50_000).map { "line \($0)\n" }.joined())
            try bench.write("data.bin", bytes: [1, 0, 2])
            try bench.write("odd.txt", bytes: [0x61, 0xFF, 0x0A])
            let some = try await bench.look("files.read", ["path": "long.txt", "from_line": 40_000, "lines": 2])
            #expect(some.output == "line 40000\nline 40001" && !some.isTruncated)
            let all = try await bench.look("files.read", ["path": "long.txt"])
            #expect(all.isTruncated && all.output.utf8.count < 66_000)
            let binary = try await bench.look("files.read", ["path": "data.bin"])
            #expect(binary.status == 1 && binary.output.contains("binary file of 3 bytes"))
            #expect(try await bench.look("files.read", ["path": "odd.txt"]).output == "a\u{FFFD}\n")
            #expect(try await bench.look("files.read", ["path": "notes.txt", "from_line": 9]).status == 1)
        }
    }

    @Test func `a search finds literal text in order`() async throws {
        try await Bench.with(files: ["b.txt": "x\n.*\n", "a/c.txt": "say .* twice .*\n", "d.txt": "none"]) {
            bench async throws in
            let found = try await bench.look("files.search", ["pattern": ".*"])
            #expect(found.output == "a/c.txt:1: say .* twice .*\nb.txt:2: .*")
            let one = try await bench.look("files.search", ["pattern": ".*", "limit": 1])
            #expect(one.output == "a/c.txt:1: say .* twice .*\n… and more" && one.isTruncated)
            #expect(try await bench.look("files.search", ["pattern": ".*", "path": "b.txt"]).output == "b.txt:2: .*")
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `a passage is found where a plain search finds it`(seed: UInt64) {
        var state = seed
        func next(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        let text = (0..<next(60)).map { _ in UInt8(next(2)) }
        let passage = (0..<1 + next(6)).map { _ in UInt8(next(2)) }
        let start = min(next(10), text.count)
        let plain = text.indices.dropFirst(start).first { text[$0...].starts(with: passage) }
        #expect(Passage(passage).offset(in: text[start...]) == plain, "seed \(seed)")
    }
}
