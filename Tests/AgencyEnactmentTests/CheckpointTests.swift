// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

@Suite(.timeLimit(.minutes(2)))
struct CheckpointTests {
    @Test func `everything comes back, whatever the repository thinks of it`() async throws {
        let files = [
            ".gitignore": "*.db\nbuild/\n", "notes.txt": "one\n", "src/main.py": "print(1)\n", "gone.txt": "here\n",
            "ident.c": "$Id$\n",
        ]
        try await Bench.with(files: files) { bench async throws in
            let attributes = "* text eol=crlf ident filter=evil working-tree-encoding=UTF-16 diff=evil\n"
            try bench.write(".gitattributes", attributes)
            try bench.write("crlf.txt", "a\r\nb\nc\r\n")
            try bench.write("data.bin", bytes: (0..<70_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
            try bench.write("build/out.o", "ignored")
            try bench.write("tool.sh", "#!/bin/sh\n")
            try bench.write("private.txt", "mine")
            chmod(bench.directory + "/tool.sh", 0o755)
            chmod(bench.directory + "/private.txt", 0o600)
            symlink("notes.txt", bench.directory + "/link")
            symlink("/nonexistent/away", bench.directory + "/dangling")
            mkdir(bench.directory + "/empty", 0o700)
            _ = try await bench.host(
                "sqlite3",
                [bench.directory + "/app.db", "CREATE TABLE t(x); INSERT INTO t VALUES(1)"]
            )
            let database = bench.bytes("app.db")
            let data = bench.bytes("data.bin")
            let id = try await bench.workspace.checkpoint("before")
            #expect(try await bench.workspace.changes(since: id) == [])

            try bench.write("crlf.txt", "a\nb\nc\n")
            try bench.write("data.bin", bytes: [0])
            try bench.write("ident.c", "$Id: changed $\n")
            try bench.write("new/deep/file.txt", "extra")
            for path in ["gone.txt", "link", "dangling", "build/out.o"] { unlink(bench.directory + "/" + path) }
            try bench.write("link", "a file now")
            rmdir(bench.directory + "/empty")
            try FileManager.default.removeItem(atPath: bench.directory + "/src")
            try bench.write("src", "a file where a folder was")
            chmod(bench.directory + "/tool.sh", 0o644)
            chmod(bench.directory + "/private.txt", 0o644)
            _ = try await bench.host("sqlite3", [bench.directory + "/app.db", "DELETE FROM t"])
            let changes = try await bench.workspace.changes(since: id)
            #expect(
                changes == [
                    "app.db", "build/out.o", "crlf.txt", "dangling", "data.bin", "empty/", "gone.txt", "ident.c",
                    "link",
                    "new/", "new/deep/", "new/deep/file.txt", "private.txt", "src", "src/", "src/main.py", "tool.sh",
                ]
            )

            try await bench.workspace.restore(id)
            #expect(try await bench.workspace.changes(since: id) == [])
            #expect(bench.text("crlf.txt") == "a\r\nb\nc\r\n")
            #expect(bench.bytes("data.bin") == data && bench.bytes("app.db") == database)
            #expect(bench.text("ident.c") == "$Id$\n" && bench.text("gone.txt") == "here\n")
            #expect(bench.text("src/main.py") == "print(1)\n" && bench.text("build/out.o") == "ignored")
            #expect(!bench.exists("new"))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: bench.directory + "/link") == "notes.txt")
            #expect(bench.mode("dangling").map { $0 & S_IFMT } == S_IFLNK)
            #expect(bench.mode("tool.sh").map { $0 & 0o777 } == 0o755)
            #expect(bench.mode("private.txt").map { $0 & 0o777 } == 0o600)
            #expect(bench.mode("empty") == S_IFDIR | 0o700)
        }
    }

    @Test func `the same state under the same label has the same name`() async throws {
        try await Bench.with { bench async throws in
            let first = try await bench.workspace.checkpoint("a")
            let again = try await bench.workspace.checkpoint("a")
            let other = try await bench.workspace.checkpoint("b")
            #expect(first == again && first != other)
        }
    }

    @Test func `a label cannot pass for a field`() async throws {
        try await Bench.with(repository: false) { bench async throws in
            let id = try await bench.workspace.checkpoint("x\nCommit: 0123\nManifest: 4567\nBranch: refs/heads/evil")
            let record = try await bench.workspace.record(id)
            #expect(record.position == nil && record.inventory.entries.map(\.name) == ["notes.txt"])
        }
    }

    @Test(arguments: [
        "", "main", "HEAD", "--help", "refs/heads/x", String(repeating: "a", count: 40),
        "g" + String(repeating: "a", count: 39),
    ])
    func `an unknown checkpoint is said to be one`(id: String) async throws {
        try await Bench.with { bench async throws in
            #expect(await code { try await bench.workspace.restore(id) } == .unknownCheckpoint)
        }
    }

    @Test func `going back undoes a commit, with branch and index`() async throws {
        try await Bench.with { bench async throws in
            let head = try await bench.git("rev-parse", "HEAD")
            let id = try await bench.workspace.checkpoint("before")
            _ = try await bench.act("files.write", ["path": "notes.txt", "content": "changed\n"])
            let committed = try await bench.act("git.commit", ["message": "second"])
            #expect(committed.isSuccess, "\(committed.output)")
            let moved = try await bench.git("rev-parse", "HEAD")
            #expect(moved != head)
            #expect(try await bench.workspace.changes(since: id) == [".git/HEAD", "notes.txt"])
            try await bench.workspace.restore(id)
            #expect(try await bench.git("rev-parse", "HEAD") == head)
            #expect(try await bench.git("symbolic-ref", "HEAD") == "refs/heads/main")
            #expect(try await bench.git("status", "--porcelain").isEmpty)
            #expect(bench.text("notes.txt") == "one\ntwo\nthree\n")
        }
    }

    @Test func `a first commit is undone too`() async throws {
        try await Bench.with(repository: false) { bench async throws in
            try await bench.host("git", ["init", "-q", "-b", "main", bench.directory])
            let id = try await bench.workspace.checkpoint("unborn")
            #expect(try await bench.act("git.commit", ["message": "first"]).isSuccess)
            try await bench.workspace.restore(id)
            #expect(try await bench.git("status", "--porcelain") == "?? notes.txt")
            #expect(try await bench.workspace.position() == Workspace.Position(branch: "refs/heads/main", commit: nil))
        }
    }

    @Test func `a repository inside the workspace is refused and swept away`() async throws {
        try await Bench.with { bench async throws in
            let id = try await bench.workspace.checkpoint("before")
            let made = try await bench.act("shell.run", ["command": ["git", "init", "-q", "sub"]])
            #expect(made.status == 1 && made.output.contains("“sub/.git” is a repository") && !bench.exists("sub/.git"))
            // By somebody else, then.
            try await bench.host("git", ["init", "-q", bench.directory + "/sub"])
            #expect(await code { _ = try await bench.workspace.checkpoint("with") } == .checkpointFailed)
            #expect(await code { _ = try await bench.workspace.changes(since: id) } == .checkpointFailed)
            try await bench.workspace.restore(id)
            #expect(!bench.exists("sub"))
        }
    }

    @Test(arguments: [
        "import os; os.mkfifo('pipe')",
        "import socket; socket.socket(socket.AF_UNIX).bind('socket')",
        "import os; open('x','w').close(); os.chmod('x', 0o4755)",
        "import os; os.mkdir('a'); open('a/.GIT', 'w').close()",
        "import os\nfor _ in range(300): os.mkdir('d'); os.chdir('d')",
    ])
    func `what a checkpoint cannot hold is refused and swept away`(code script: String) async throws {
        try await Bench.with { bench async throws in
            let id = try await bench.workspace.checkpoint("before")
            let made = try await bench.python(script, acting: true)
            #expect(made.status == 1 && made.output.contains("[not kept: “"), "\(made.output)")
            _ = try await bench.workspace.checkpoint("without")
            try await bench.workspace.restore(id)
            // By somebody else, then.
            try await bench.host("python3", ["-c", "import os; os.chdir('\(bench.directory)')\n" + script])
            #expect(await code { _ = try await bench.workspace.checkpoint("with") } == .checkpointFailed)
            try await bench.workspace.restore(id)
            #expect(try await bench.workspace.changes(since: id) == [])
            #expect(try bench.workspace.tree(limit: 10) == "notes.txt")
        }
    }

    @Test func `names that are no text, or strange text, come back and go away`() async throws {
        try await Bench.with { bench async throws in
            let names = ["b'\\xff\\xfe'", "'-rf'", "'line\\nbreak'", "' '", "'git~1'", "'é'", "':(top)x'"]
            let script =
                "for n in [\(names.joined(separator: ","))]: open(n, 'w').write('x')\nimport os; os.mkdir(b'd\\xff'); open(b'd\\xff/x','w').close()"
            let clean = try await bench.workspace.checkpoint("clean")
            #expect(try await bench.python(script, acting: true).isSuccess)
            let full = try await bench.workspace.checkpoint("full")
            try await bench.workspace.restore(clean)
            #expect(try bench.workspace.tree(limit: 20) == "notes.txt")
            try await bench.workspace.restore(full)
            let count = try FileManager.default.contentsOfDirectory(atPath: bench.directory).count
            #expect(count >= names.count + 1)
            #expect(try await bench.workspace.changes(since: full) == [])
        }
    }

    @Test func `folders that a step has locked are opened and put back`() async throws {
        try await Bench.with(files: ["a/b/c": "1", "d/e": "2"]) { bench async throws in
            chmod(bench.directory + "/d", 0o555)
            let id = try await bench.workspace.checkpoint("before")
            let script = """
                import os
                os.chmod('d', 0o755); os.remove('d/e')
                os.makedirs('new/x/y'); open('new/x/f', 'w').close(); os.chmod('a/b/c', 0)
                for d in ['a/b', 'a', 'd', 'new/x', 'new']: os.chmod(d, 0)
                """
            #expect(try await bench.python(script, acting: true).isSuccess)
            try await bench.workspace.restore(id)
            #expect(try await bench.workspace.changes(since: id) == [])
            #expect(bench.mode("d") == S_IFDIR | 0o555 && bench.text("d/e") == "2" && !bench.exists("new"))
            chmod(bench.directory + "/d", 0o755)
        }
    }

    @Test func `an edit from outside is seen`() async throws {
        try await Bench.with { bench async throws in
            let id = try await bench.workspace.checkpoint("before")
            try bench.write("notes.txt", "one\nTWO\nthree\n")
            #expect(try await bench.workspace.changes(since: id) == ["notes.txt"])
        }
    }

    @Test func `the difference between two checkpoints is text`() async throws {
        try await Bench.with(files: ["notes.txt": "one\ntwo\n", ".gitattributes": "* diff\n"]) { bench async throws in
            try bench.write("data.bin", bytes: [0, 1, 2])
            let first = try await bench.workspace.checkpoint("first")
            try bench.write("notes.txt", "one\n2\n")
            try bench.write("data.bin", bytes: [0, 1, 3])
            chmod(bench.directory + "/notes.txt", 0o600)
            mkdir(bench.directory + "/new", 0o755)
            let second = try await bench.workspace.checkpoint("second")
            let text = try await bench.workspace.differences(from: first, to: second)
            #expect(text.contains("-two\n+2\n") && text.contains("Binary files a/data.bin and b/data.bin differ"))
            #expect(text.contains("mode 644 → 600 notes.txt\n") && text.contains("new folder new/\n"))
            try bench.write("large.txt", (0..<80_000).map { "\($0)\n" }.joined())
            let third = try await bench.workspace.checkpoint("third")
            let long = try await bench.workspace.differences(from: second, to: third)
            #expect(long.utf8.count < 300_000 && long.contains("bytes left out"))
        }
    }

    @Test func `what is left out is neither kept nor touched`() async throws {
        try await Bench.with(leaveOut: ["cache/", "./a/b"]) { bench async throws in
            try bench.write("cache/x", "1")
            try bench.write("a/b/x", "1")
            try bench.write("a/c", "1")
            let id = try await bench.workspace.checkpoint("before")
            try bench.write("cache/x", "2")
            try bench.write("a/b/y", "2")
            try bench.write("a/c", "2")
            #expect(try await bench.workspace.changes(since: id) == ["a/c"])
            try await bench.workspace.restore(id)
            #expect(bench.text("cache/x") == "2" && bench.exists("a/b/y") && bench.text("a/c") == "1")
            let refused = await code { _ = try await bench.act("files.write", ["path": "cache/x", "content": "3"]) }
            #expect(refused == .notPermitted)
        }
    }

    @Test func `the tree is the same wherever it lies and says what it leaves out`() async throws {
        try await Bench.with(files: ["b/x": "", "a": "", "c": ""]) { bench async throws in
            #expect(try bench.workspace.tree(limit: 9) == "a\nb/\nb/x\nc")
            #expect(try bench.workspace.tree(limit: 2) == "a\nb/\n… and 2 more")
        }
    }

    @Test func `what a crash leaves of the private history does no harm`() async throws {
        try await Bench.with { bench async throws in
            let id = try await bench.workspace.checkpoint("before")
            try Data().write(to: URL(fileURLWithPath: bench.workspace.checkpoints + "/index.lock"))
            try bench.write("notes.txt", "changed")
            try await bench.workspace.restore(id)
            #expect(bench.text("notes.txt") == "one\ntwo\nthree\n")
            unlink(bench.workspace.checkpoints + "/index")
            #expect(try await bench.workspace.changes(since: id) == [])
        }
    }

    @Test func `work on one history waits for its turn`() async throws {
        try await Bench.with { bench async throws in
            let workspace = bench.workspace
            let names = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<6 { group.addTask { try await workspace.checkpoint("same") } }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(names.count == 1)
        }
    }

    @Test func `neither hooks nor configuration of the workspace run on the host`() async throws {
        try await Bench.with { bench async throws in
            let mark = bench.outside + "/ran"
            let script = "#!/bin/sh\necho ran >> \(mark)\n"
            for hook in ["pre-commit", "post-commit", "post-checkout", "reference-transaction", "post-index-change"] {
                try bench.write(".git/hooks/\(hook)", script)
                chmod(bench.directory + "/.git/hooks/\(hook)", 0o755)
            }
            try bench.write("program", script)
            chmod(bench.directory + "/program", 0o755)
            let program = bench.directory + "/program"
            for key in [
                "core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "diff.evil.command", "core.pager",
                "diff.external", "core.editor", "core.sshCommand", "diff.evil.textconv",
            ] {
                try await bench.host("git", ["-C", bench.directory, "config", key, program])
            }
            try bench.write(".gitattributes", "* filter=evil diff=evil\n")
            try await bench.workspace.open(resuming: true)
            let id = try await bench.workspace.checkpoint("before")
            try bench.write("notes.txt", "changed\n")
            _ = try await bench.act("git.commit", ["message": "second"])
            for tool: ToolName in ["git.log", "git.diff"] { _ = try await bench.look(tool, [:]) }
            _ = try await bench.look("git.show", ["revision": "HEAD"])
            _ = try await bench.workspace.changes(since: id)
            let later = try await bench.workspace.checkpoint("after")
            _ = try await bench.workspace.differences(from: id, to: later)
            try await bench.workspace.restore(id)
            #expect(!bench.exists(mark))
            // The same hooks do run when nothing holds them back, so the test can tell.
            try await bench.host("git", ["-C", bench.directory, "update-ref", "refs/heads/proof", "HEAD"])
            #expect(bench.exists(mark))
        }
    }

    @Test func `a full disk is said to be one, and the workspace goes back`() async throws {
        guard geteuid() == 0 else { return }
        try await Bench.with(open: false) { bench async throws in
            try await bench.host("mount", ["-t", "tmpfs", "-o", "size=1m", "none", bench.directory])
            defer { Bench.unmount(bench.directory) }
            try bench.write("notes.txt", "one\n")
            try bench.write("large", bytes: [UInt8](repeating: 7, count: 600_000))
            try await bench.workspace.open()
            let id = try await bench.workspace.checkpoint("before")
            let content = JSONValue.string(String(repeating: "x", count: 700_000))
            let fault = await code { _ = try await bench.act("files.write", ["path": "more", "content": content]) }
            #expect(fault == .outOfSpace)
            #expect(try await bench.workspace.changes(since: id) == [])
            let full = await code {
                _ = try await bench.python("open('large', 'wb').write(b'y' * 5_000_000)", acting: true)
            }
            #expect(full == .outOfSpace)
            try await bench.workspace.restore(id)
            #expect(try await bench.workspace.changes(since: id) == [])
            #expect(bench.bytes("large")?.count == 600_000)
        }
    }

    @Test func `a private history without room leaves the workspace alone`() async throws {
        guard geteuid() == 0 else { return }
        try await Bench.with(open: false) { bench async throws in
            mkdir(bench.workspace.checkpoints, 0o755)
            try await bench.host("mount", ["-t", "tmpfs", "-o", "size=1m", "none", bench.workspace.checkpoints])
            defer { Bench.unmount(bench.workspace.checkpoints) }
            try await bench.workspace.open()
            let id = try await bench.workspace.checkpoint("before")
            var generator = SystemRandomNumberGenerator()
            try bench.write("noise", bytes: (0..<2_000_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
            #expect(await code { _ = try await bench.workspace.checkpoint("large") } == .outOfSpace)
            unlink(bench.directory + "/noise")
            #expect(try await bench.workspace.changes(since: id) == [])
        }
    }
}
