// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import AgencyCore
@testable import AgencyEnactment
@testable import AgencySchema

/// A place of its own for one test: a workspace, its private history, and what is outside both.
struct Bench: Sendable {
    let root: String
    let workspace: Workspace
    var tools: Tools { Tools(workspace: workspace, sandbox: sandbox) }
    var sandbox = Sandbox()

    var directory: String { workspace.directory }
    var outside: String { root + "/outside" }

    /// Makes the place, lets a test use it, and removes it.
    static func with(
        repository: Bool = true,
        open: Bool = true,
        leaveOut: [String] = [],
        files: [String: String] = ["notes.txt": "one\ntwo\nthree\n"],
        _ test: (Bench) async throws -> Void
    ) async throws {
        var template = Array("/tmp/agency-enactment-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        let root = String(cString: made)
        defer { try? FileManager.default.removeItem(atPath: root) }
        for name in ["workspace", "outside"] { mkdir(root + "/" + name, 0o755) }
        let bench = Bench(
            root: root,
            workspace: Workspace(directory: root + "/workspace", checkpoints: root + "/checkpoints", leaveOut: leaveOut)
        )
        for (path, text) in files { try bench.write(path, text) }
        if repository {
            try await bench.host("git", ["init", "-q", "-b", "main", bench.directory])
            try await bench.git("add", "-A")
            try await bench.git("commit", "-q", "--allow-empty", "-m", "first")
        }
        if open { try await bench.workspace.open() }
        try await test(bench)
    }

    func write(_ path: String, _ text: String) throws { try write(path, bytes: Array(text.utf8)) }

    func write(_ path: String, bytes: [UInt8]) throws {
        let full = directory + "/" + path
        let folder = (full as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: full))
    }

    func bytes(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path.hasPrefix("/") ? path : directory + "/" + path).map(Array.init)
    }

    func text(_ path: String) -> String? { bytes(path).map { String(decoding: $0, as: UTF8.self) } }

    func exists(_ path: String) -> Bool { mode(path) != nil }

    func mode(_ path: String) -> UInt32? {
        var status = stat()
        return lstat(path.hasPrefix("/") ? path : directory + "/" + path, &status) == 0 ? status.st_mode : nil
    }

    @discardableResult
    func host(_ name: String, _ arguments: [String]) async throws -> String {
        let outcome = try await Program(name: name, arguments: arguments, environment: HostGit.environment).run()
        try #require(outcome.status == 0, "\(name) \(arguments): \(outcome.errors.text)")
        return outcome.output.text.trimmingWhitespace
    }

    /// Takes a mount away even while the mount namespace of a neighbouring test still holds a copy of it.
    static func unmount(_ path: String) { umount2(path, Int32(MNT_DETACH)) }

    @discardableResult
    func git(_ arguments: String...) async throws -> String { try await host("git", ["-C", directory] + arguments) }

    func look(_ tool: ToolName, _ arguments: JSONValue, seconds: Double = 30) async throws -> ToolResult {
        try await tools.look(Action(tool: tool, arguments: arguments), seconds: seconds)
    }

    /// Carries out an action as if it had been chosen.
    func act(_ tool: ToolName, _ arguments: JSONValue) async throws -> ToolResult {
        try await tools.act(Self.authorization(Action(tool: tool, arguments: arguments)), nowMilliseconds: 0)
    }

    static func authorization(
        _ action: Action,
        chosen: Action? = nil,
        expires: Int64 = 1_000
    ) -> Authorization {
        Authorization(
            run: "run",
            step: "s1",
            attempt: 1,
            action: action,
            actionDigest: (chosen ?? action).digest,
            plan: Digest(of: "plan"),
            choice: 1,
            expiresAtMilliseconds: expires
        )
    }

    /// Runs a command of Python inside, as an episode's look or as a step.
    func python(_ code: String, acting: Bool = false, seconds: Double = 20) async throws -> ToolResult {
        let arguments: JSONValue = ["command": ["python3", "-c", .string(code)], "seconds": .number(seconds)]
        return acting ? try await act("shell.run", arguments) : try await look("shell.run", arguments)
    }
}

/// The code of the error that some work throws, or `nil` when it throws none.
func code(_ work: () async throws -> Void) async -> EnactmentError.Code? {
    do {
        try await work()
        return nil
    } catch {
        return (error as? EnactmentError)?.code
    }
}
