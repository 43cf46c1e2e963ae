// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// What comes out of a program's view of the workspace, laid over it or copied.
@Suite(.timeLimit(.minutes(2)))
struct ViewTests {
    static let files = [
        "kept.txt": "kept\n", "changed.txt": "old\n", "gone.txt": "x", "mode.sh": "echo\n", "dir/a": "a", "dir/b": "b",
        "dir/deep/c": "c", "swap": "a file", "fold/x": "x", "was/one": "1", "was/two": "2",
    ]

    /// Everything below a folder but the repository: kinds, modes, contents, targets.
    static func picture(_ folder: String) throws -> [String] {
        var lines: [String] = []
        let manager = FileManager.default
        for name in (try manager.subpathsOfDirectory(atPath: folder)).sorted() where !name.hasPrefix(".git/") {
            let path = folder + "/" + name
            var status = stat()
            guard name != ".git", lstat(path, &status) == 0 else { continue }
            var line = "\(name) \(String(status.st_mode, radix: 8))"
            if status.st_mode & S_IFMT == S_IFREG {
                line += " \(manager.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? "?")"
            } else if status.st_mode & S_IFMT == S_IFLNK {
                line = "\(name) → \(try manager.destinationOfSymbolicLink(atPath: path))"
            }
            lines.append(line)
        }
        return lines
    }

    static let changing = """
        import os, shutil
        open('changed.txt', 'w').write('new\\n'); os.remove('gone.txt'); os.chmod('mode.sh', 0o755)
        os.makedirs('new/deep'); open('new/deep/file', 'w').write('made'); os.mkdir('empty', 0o750)
        shutil.rmtree('dir'); os.mkdir('dir'); open('dir/b', 'w').write('other')
        os.remove('swap'); os.mkdir('swap'); open('swap/in', 'w').write('folder')
        shutil.rmtree('fold'); open('fold', 'w').write('file')
        shutil.move('was', 'is'); os.symlink('../kept.txt', 'new/link'); os.symlink('kept.txt', 'link')
        open('closed', 'w').write('c'); os.chmod('closed', 0); os.mkdir('shut'); open('shut/in', 'w').close(); os.chmod('shut', 0)
        open(b'n\\xffame', 'w').write('bytes'); open('touched', 'a').close(); os.utime('kept.txt')
        open('first', 'w').write('twice'); os.link('first', 'second'); os.chmod('kept.txt', 0o600)
        """

    @Test(arguments: [false, true])
    func `what comes out is what the program would have done in place`(copies: Bool) async throws {
        try await Bench.with(files: Self.files) { bench async throws in
            var bench = bench
            bench.sandbox.copies = copies
            let scratch = bench.root + "/scratch"
            try await bench.host("cp", ["-a", bench.directory, scratch])
            let outside = try await bench.harm(Self.changing, in: scratch)
            #expect(outside.isEmpty, "\(outside)")
            let result = try await bench.python(Self.changing + "\nprint('alive')", acting: true)
            #expect(result.status == 0 && result.output == "alive\n", "\(result.output)")
            for path in [scratch, bench.directory] {
                #expect(bench.mode(path + "/shut") == S_IFDIR)
                chmod(path + "/shut", 0o700)
            }
            let (wanted, got) = (try Self.picture(scratch), try Self.picture(bench.directory))
            #expect(got == wanted, "\(Set(got).symmetricDifference(wanted))")
            #expect(wanted.count > 20)
            // Two files now, not two names of one.
            var status = stat()
            #expect(stat(bench.directory + "/first", &status) == 0 && status.st_nlink == 1)
        }
    }

    @Test(arguments: [false, true])
    func `a program that changes nothing leaves everything as it was, times included`(copies: Bool) async throws {
        try await Bench.with(files: Self.files) { bench async throws in
            var bench = bench
            bench.sandbox.copies = copies
            func times() throws -> [String] {
                try FileManager.default.subpathsOfDirectory(atPath: bench.directory).sorted().map { name in
                    var status = stat()
                    lstat(bench.directory + "/" + name, &status)
                    return
                        "\(name) \(status.st_ino) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ctim.tv_nsec)"
                }
            }
            let before = try times()
            // Opened for writing, and written with what was there.
            let result = try await bench.python(
                "text = open('dir/a').read(); open('dir/a', 'w').write(text); open('kept.txt', 'a').close(); print('alive')",
                acting: true
            )
            #expect(result.output == "alive\n")
            #expect(try times() == before)
        }
    }

    @Test(arguments: [false, true])
    func `what is no file, folder or inner link stays behind, and the rest comes out`(copies: Bool) async throws {
        try await Bench.with(files: Self.files) { bench async throws in
            var bench = bench
            bench.sandbox.copies = copies
            let code = """
                import os, socket
                os.mkfifo('pipe'); s = socket.socket(socket.AF_UNIX); s.bind('socket')
                for name, target in [('l1', '/etc/passwd'), ('l2', '../outside'), ('dir/l3', '../../x'), ('l4', 'dir/../../x'),
                                     ('l5', '.git/config'), ('dir/l6', '../.git'), ('l7', '/proc/self/root')]:
                    os.symlink(target, name)
                for name, kind in [('char', 0o20600), ('block', 0o60600)]:
                    try: os.mknod(name, kind, os.makedev(1, 3)); print('HARM')
                    except OSError: pass
                open('lent', 'w').write('x'); os.chmod('lent', 0o6755)
                os.symlink('a', 'dir/fine'); os.symlink('../changed.txt', 'dir/up'); open('good', 'w').write('good')
                print('alive')
                """
            let result = try await bench.python(code, acting: true)
            #expect(result.status == 1 && result.output.hasPrefix("alive\n") && !result.output.contains("HARM"))
            for name in ["pipe", "socket", "l1", "l2", "dir/l3", "l4", "l5", "dir/l6", "l7", "char", "block"] {
                #expect(!bench.exists(name), "\(name)")
            }
            #expect(bench.mode("lent") == S_IFREG | 0o755)
            #expect(bench.text("good") == "good" && bench.exists("dir/fine") && bench.exists("dir/up"))
            #expect(result.output.contains("“l1” is a link that leaves the workspace"), "\(result.output)")
            #expect(result.output.hasSuffix("[not kept: 5 more]"), "\(result.output)")
            #expect(try await bench.workspace.checkpoint("fine").isEmpty == false)
        }
    }

    @Test func `links are followed up no further than the root`() {
        func stays(_ target: String, _ depth: Int) -> Bool { ViewChanges.staysInside(Array(target.utf8), depth: depth) }
        for (target, depth) in [("a", 0), ("./a/./b", 0), ("../a", 1), ("../../a", 2), ("a/b", 0), ("..", 1), (".", 0)]
        {
            #expect(stays(target, depth), "\(target)")
        }
        for (target, depth) in [
            ("/", 5), ("/a", 5), ("..", 0), ("../a", 0), ("../../a", 1), ("a/..", 1), ("a/../b", 5), ("./../a", 0),
            ("../a/../b", 3), (".git", 0), ("a/.GIT/x", 0), ("", 0),
        ] {
            #expect(!stays(target, depth), "\(target)")
        }
    }

    @Test func `a folder that a file outside stands for is not walked into`() async throws {
        // Between the examination and the carrying over, somebody puts a link where a folder was.
        try await Bench.with(files: Self.files) { bench async throws in
            let made = bench.root + "/changes"
            for path in [made, made + "/dir"] { mkdir(path, 0o755) }
            try Data("x".utf8).write(to: URL(fileURLWithPath: made + "/dir/secret"))
            let secret = try bench.secret()
            let (directory, outside) = (bench.directory, bench.outside)
            let fault = try await blocking { () -> Bool in
                let changes = try FileTree(directory: made).open([])
                let folder = try FileTree(directory: directory).open([])
                var yield = ViewChanges(bytes: 1 << 20, entries: 100, isCopy: false)
                try yield.examine(changes, over: folder)
                try FileManager.default.removeItem(atPath: directory + "/dir")
                symlink(outside, directory + "/dir")
                do {
                    try yield.apply(changes, to: folder)
                    return false
                } catch { return true }
            }
            // Either refused, or the link itself replaced; never through it.
            #expect(bench.text(secret) == "secret")
            #expect(fault || bench.mode("dir").map { $0 & S_IFMT } == S_IFDIR)
        }
    }

    @Test func `a carrying over that was cut off is undone by the checkpoint`() async throws {
        guard geteuid() == 0 else { return }
        try await Bench.with(open: false) { bench async throws in
            try await bench.host("mount", ["-t", "tmpfs", "-o", "size=1m", "none", bench.directory])
            defer { Bench.unmount(bench.directory) }
            for number in 0..<4 { try bench.write("f\(number)", "old") }
            try await bench.workspace.open()
            let id = try await bench.workspace.checkpoint("before")
            // The first files fit, the last does not.
            let full = await code {
                _ = try await bench.python(
                    "for n in range(4): open('f%d' % n, 'w').write('n' * 300_000)",
                    acting: true
                )
            }
            #expect(full == .outOfSpace)
            #expect(try await !bench.workspace.changes(since: id).isEmpty, "nothing had been carried over")
            try await bench.workspace.restore(id)
            #expect(try await bench.workspace.changes(since: id) == [])
        }
    }

    @Test func `a copy that does not fit is refused before anything runs`() async throws {
        try await Bench.with { bench async throws in
            var bench = bench
            bench.sandbox.copies = true
            bench.sandbox.limits.changedBytes = 1 << 20
            try bench.write("large", bytes: [UInt8](repeating: 1, count: 2 << 20))
            let fault = await code { _ = try await bench.python("open('made', 'w')", acting: true) }
            #expect(fault == .sandboxUnavailable && !bench.exists("made"))
        }
    }
}
