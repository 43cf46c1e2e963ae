// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Subprocess
import Testing

/// A place of its own for one test: a home for the ledger, a workspace under version control, and declarations.
struct Bench: Sendable {
    /// The folder of everything, in which commands are started.
    let root: String
    /// Environment variables besides the usual ones.
    var variables: [String: String] = [:]

    var home: String { root + "/home" }
    var workspace: String { root + "/ws" }
    var ledger: String { home + "/ledger.sqlite" }
    /// Where role.py notes every performance.
    var diary: String { root + "/diary" }
    /// While this file is there, role.py makes trouble.
    var flag: String { root + "/flag" }

    /// Makes the place, lets a test use it, and removes it.
    ///
    /// - Parameters:
    ///   - trouble: What role.py does wrong while the flag is up.
    ///   - episodes: A part of the names of the episodes in which it does.
    ///   - gate: What limits how many tests are at work at once.
    ///   - test: The test.
    /// - Throws: what the test throws.
    static func with(
        trouble: String = "none",
        in episodes: String = "",
        gate: Gate = .tests,
        _ test: @Sendable (Bench) async throws -> Void
    ) async throws {
        try await gate.pass {
            var template = Array("/tmp/agency-commands-XXXXXX".utf8CString)
            let made = try #require(mkdtemp(&template))
            let bench = Bench(root: String(cString: made))
            defer { try? FileManager.default.removeItem(atPath: bench.root) }
            try await bench.prepare(trouble: trouble, in: episodes)
            try await test(bench)
        }
    }

    private func prepare(trouble: String, in episodes: String) async throws {
        for name in ["brief.md", "board.yaml", "council.yaml"] {
            try FileManager.default.copyItem(atPath: Binary.fixtures + "/" + name, toPath: root + "/" + name)
        }
        let command = [Binary.python, Binary.fixtures + "/role.py", diary]
        let troubled = command + [trouble, flag, episodes.isEmpty ? "." : episodes]
        try write(
            "agency.yaml",
            """
            profiles:
              player: {provider: program, command: [\(troubled.joined(separator: ", "))]}
              strong: {provider: program, command: [\(command.joined(separator: ", "))]}
              fast: {provider: program, command: [\(command.joined(separator: ", "))]}

            """
        )
        try FileManager.default.createDirectory(atPath: workspace, withIntermediateDirectories: true)
        try write("ws/list.txt", Self.list)
        try await script("shop.py", workspace + "/shop.db")
        try await git("init", "-q", "-b", "main")
        try await git("add", "-A")
        try await git("commit", "-q", "-m", "As it was")
    }

    static let list = "Ada Lovelace\nGrace Hopper\nAlan Turing\nCher\nDonald Knuth\n"

    private var environment: [String: String] {
        let usual = [
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": root, "LANG": "C.UTF-8", "USER": "tester",
            "AGENCY_HOME": home, "TMPDIR": "/tmp", "NO_COLOR": "1", "TERM": "xterm",
        ]
        return usual.merging(variables) { $1 }
    }

    /// Starts the program under test.
    func agency(_ arguments: String...) async throws -> Outcome { try await agency(arguments) }

    /// Starts the program under test, and sends it a signal at some moment.
    func agency(
        _ arguments: [String],
        signal: Signal = .kill,
        at moment: (@Sendable () async throws -> Void)? = nil
    ) async throws -> Outcome {
        try await agency(arguments) { send in
            guard let moment else { return }
            try await moment()
            send(signal)
        }
    }

    /// Starts the program under test, and does something meanwhile that can send it signals.
    func agency(
        _ arguments: [String],
        during work: @Sendable (_ send: (Signal) -> Void) async throws -> Void
    ) async throws -> Outcome {
        try await Outcome.of(Binary.agency, arguments, in: root, environment: environment, during: work)
    }

    /// Starts one of the fixtures, which must end well.
    @discardableResult
    func script(
        _ name: String,
        _ arguments: String...,
        at place: SourceLocation = #_sourceLocation
    ) async throws
        -> String
    {
        let outcome = try await play(name, arguments)
        try #require(outcome.status == 0, "\(outcome.testDescription)", sourceLocation: place)
        return outcome.out
    }

    /// Has a shell do something.
    func shell(_ script: String) async throws -> Outcome {
        try await Outcome.of("/bin/bash", ["-c", script], in: root, environment: environment)
    }

    /// Starts one of the fixtures.
    func play(_ name: String, _ arguments: [String]) async throws -> Outcome {
        let program = ["-B", Binary.fixtures + "/" + name] + arguments
        return try await Outcome.of(Binary.python, program, in: root, environment: environment)
    }

    /// Starts a Python program that lies in the root.
    func python(_ name: String, _ arguments: String...) async throws -> Outcome {
        try await Outcome.of(Binary.python, ["-B", root + "/" + name] + arguments, in: root, environment: environment)
    }

    @discardableResult
    func git(_ arguments: String...) async throws -> String {
        let identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org", "-C", workspace]
        let outcome = try await Outcome.of("/usr/bin/git", identity + arguments, in: root, environment: environment)
        try #require(outcome.status == 0, "\(outcome.testDescription)")
        return outcome.out
    }
}
