// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

@Suite(.timeLimit(.minutes(2)))
struct WorkspaceTests {
    private func fault(_ workspace: Workspace) async -> EnactmentError? {
        do {
            try await workspace.open()
            return nil
        } catch { return error as? EnactmentError }
    }

    @Test func `a clean repository can be opened, and again`() async throws {
        try await Bench.with { bench async throws in
            try await bench.workspace.open()
            try await bench.tools.open()
        }
    }

    @Test func `a folder that is missing or none is refused`() async throws {
        try await Bench.with(open: false) { bench async throws in
            for path in ["/missing", "/workspace/notes.txt"] {
                let workspace = Workspace(directory: bench.root + path, checkpoints: bench.workspace.checkpoints)
                #expect(await fault(workspace)?.code == .workspaceUnusable)
            }
        }
    }

    @Test func `a folder that cannot be written is refused`() async throws {
        guard geteuid() == 0 else { return }
        try await Bench.with(open: false) { bench async throws in
            try await bench.host("mount", ["--bind", bench.directory, bench.directory])
            defer { Bench.unmount(bench.directory) }
            #expect(await fault(bench.workspace) == nil)
            try await bench.host("mount", ["-o", "remount,bind,ro", bench.directory])
            #expect(await fault(bench.workspace)?.code == .workspaceUnusable)
        }
    }

    @Test(arguments: ["changed", "staged", "untracked", "removed"])
    func `unsaved work is refused`(kind: String) async throws {
        try await Bench.with(open: false) { bench async throws in
            switch kind {
            case "untracked": try bench.write("new.txt", "x")
            case "removed": unlink(bench.directory + "/notes.txt")
            default: try bench.write("notes.txt", "other")
            }
            if kind == "staged" { try await bench.git("add", "-A") }
            let fault = await fault(bench.workspace)
            #expect(fault?.code == .workspaceUnusable && fault?.message.contains("commit or stash") == true)
        }
    }

    @Test func `ignored files are no unsaved work`() async throws {
        try await Bench.with(open: false, files: [".gitignore": "*.db\n"]) { bench async throws in
            try bench.write("app.db", "x")
            #expect(await fault(bench.workspace) == nil)
        }
    }

    @Test func `changes that a checkpoint holds are no unsaved work`() async throws {
        try await Bench.with { bench async throws in
            try bench.write("notes.txt", "a step did this")
            #expect(await fault(bench.workspace)?.code == .workspaceUnusable)
            _ = try await bench.workspace.checkpoint("after the step")
            #expect(await fault(bench.workspace) == nil)
            try bench.write("notes.txt", "a person did this")
            #expect(await fault(bench.workspace)?.code == .workspaceUnusable)
        }
    }

    @Test func `checkpoints inside the workspace are refused`() async throws {
        try await Bench.with(open: false) { bench async throws in
            let inside = Workspace(directory: bench.directory, checkpoints: bench.directory + "/kept")
            #expect(await fault(inside)?.code == .workspaceUnusable)
            symlink(bench.directory, bench.root + "/alias")
            let hidden = Workspace(directory: bench.directory, checkpoints: bench.root + "/alias/kept")
            #expect(await fault(hidden)?.code == .workspaceUnusable)
        }
    }

    @Test func `a linked worktree and a repository inside are refused`() async throws {
        try await Bench.with(open: false) { bench async throws in
            try await bench.git("worktree", "add", "-q", bench.outside + "/tree")
            let linked = Workspace(directory: bench.outside + "/tree", checkpoints: bench.workspace.checkpoints)
            #expect(await fault(linked)?.code == .workspaceUnusable)
            try await bench.host("git", ["init", "-q", bench.directory + "/sub"])
            #expect(await fault(bench.workspace)?.message.contains("sub/.git") == true)
        }
    }

    @Test func `a folder without a repository is adopted as a copy with one`() async throws {
        try await Bench.with(repository: false, open: false, files: ["a.txt": "a", ".gitignore": "*.db\n"]) {
            bench async throws in
            try bench.write("app.db", "x")
            chmod(bench.directory + "/a.txt", 0o750)
            symlink("a.txt", bench.directory + "/link")
            let copy = try await Workspace.adopt(directory: bench.directory, into: bench.root + "/copy")
            let adopted = Workspace(directory: copy, checkpoints: bench.root + "/kept")
            #expect(await fault(adopted) == nil)
            #expect(try adopted.tree(limit: 9) == ".gitignore\na.txt\napp.db\nlink")
            #expect(bench.mode(copy + "/a.txt") == S_IFREG | 0o750)
            #expect(!bench.exists(".git") && bench.exists("app.db"))
            let again = await code { _ = try await Workspace.adopt(directory: bench.directory, into: copy) }
            let repository = await code { _ = try await Workspace.adopt(directory: copy, into: bench.root + "/other") }
            let nested = await code {
                _ = try await Workspace.adopt(directory: bench.directory, into: bench.directory + "/in")
            }
            #expect([again, repository, nested].allSatisfy { $0 == .workspaceUnusable })
        }
    }

    @Test func `a step cannot make a repository of a workspace that is none`() async throws {
        try await Bench.with(repository: false) { bench async throws in
            let id = try await bench.workspace.checkpoint("before")
            let result = try await bench.act("shell.run", ["command": ["git", "init", "-q", "."]])
            #expect(result.status == 1 && result.output.contains("“.git” is a repository"))
            #expect(!bench.exists(".git"))
            let link = try await bench.act("shell.run", ["command": ["ln", "-s", "/etc", ".git"]])
            #expect(link.status == 1 && !bench.exists(".git"))
            #expect(try await bench.workspace.changes(since: id) == [])
        }
    }
}
