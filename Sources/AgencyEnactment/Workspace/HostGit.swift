// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

import Foundation
import Subprocess

/// Git on the host, stripped of everything by which the contents of a folder could make it run a program.
///
/// Hooks, the file system monitor, the user's and the system's configuration, and pagers are off; filters and line
/// endings are switched off by the private repository's own attributes, which outrank those in the folder.
struct HostGit: Sendable {
    let repository: String
    let workTree: String

    static let neutral: [String: String] = [
        "core.hooksPath": "/dev/null", "core.fsmonitor": "false", "core.untrackedCache": "false",
        "core.autocrlf": "false", "core.safecrlf": "false", "core.eol": "lf", "core.symlinks": "true",
        "core.fileMode": "true", "core.ignoreCase": "false", "core.precomposeUnicode": "false",
        "core.protectNTFS": "false", "core.protectHFS": "false", "core.attributesFile": "/dev/null",
        "core.excludesFile": "/dev/null", "core.fsync": "all", "core.quotePath": "false", "core.splitIndex": "false",
        "core.compression": "1", "gc.auto": "0", "maintenance.auto": "false", "commit.gpgSign": "false",
        "core.sharedRepository": "umask", "core.sparseCheckout": "false", "core.pager": "cat", "core.editor": "false",
    ]

    static let environment = Program.cleanEnvironment.merging([
        "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_ATTR_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0", "GIT_AUTHOR_NAME": "OpenAgency", "GIT_AUTHOR_EMAIL": "openagency@localhost",
        "GIT_AUTHOR_DATE": "@0 +0000", "GIT_COMMITTER_NAME": "OpenAgency",
        "GIT_COMMITTER_EMAIL": "openagency@localhost", "GIT_COMMITTER_DATE": "@0 +0000",
    ]) { $1 }

    static let configuration = neutral.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }

    /// Runs one command and returns its output.
    ///
    /// - Throws: ``EnactmentError`` when git is missing, fails, or prints more than the limit.
    @discardableResult
    func run(_ arguments: [String], limit: Int = 1 << 20) async throws -> [UInt8] {
        let outcome = try await attempt(arguments, limit: limit)
        guard outcome.status == 0, outcome.ending == .exited else { throw Self.failure(outcome, arguments) }
        guard !outcome.output.isTruncated else {
            throw EnactmentError(.checkpointFailed, "git \(arguments.first ?? "") printed more than \(limit) bytes")
        }
        return outcome.output.bytes
    }

    /// Runs one command whose failure is an answer.
    func attempt(_ arguments: [String], limit: Int = 1 << 20, flood: Int? = nil) async throws -> Program.Outcome {
        var program = Program(
            name: "git",
            arguments: Self.configuration
                + ["-C", workTree, "--git-dir=\(repository)", "--work-tree=\(workTree)", "--no-pager"] + arguments,
            environment: Self.environment
        )
        program.limits.seconds = 900
        program.limits.head = limit
        program.limits.tail = 0
        program.limits.flood = flood ?? max(limit * 2, 64 << 20)
        return try await Self.started { try await program.run() }
    }

    /// Runs one command and returns its first line.
    func line(_ arguments: [String]) async throws -> String {
        String(decoding: try await run(arguments).prefix { $0 != 0x0A }, as: UTF8.self)
    }

    /// Turns a program that cannot be started into an error that says which.
    static func started<Result>(_ start: () async throws -> Result) async throws -> Result {
        do {
            return try await start()
        } catch let error as SubprocessError {
            throw EnactmentError(
                .checkpointFailed,
                "git could not be started (\(error)); install it, as with apt-get install git"
            )
        }
    }

    /// Removes what git leaves behind of objects that it could not write to their end, which would take up all the room.
    func removeLeftovers() {
        let objects = repository + "/objects"
        for folder in (try? FileManager.default.contentsOfDirectory(atPath: objects)) ?? [] {
            let path = objects + "/" + folder
            for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name.hasPrefix("tmp_")
            {
                unlink(path + "/" + name)
            }
        }
    }

    static func failure(_ outcome: Program.Outcome, _ arguments: [String]) -> EnactmentError {
        let said = outcome.errors.text
        // Of its own configuration git does not say why it could not be written; on a sound disk it is for want of space.
        let full = [
            "No space left on device", "Disk quota exceeded", "Out of diskspace",
            "failed to write new configuration file",
        ]
        if full.contains(where: said.contains) {
            return EnactmentError(.outOfSpace, "git could not write: the disk is full; free some space", retry: true)
        }
        let why = outcome.ending == .exited ? "status \(outcome.status): \(said.escaped(limit: 400))" : "it was stopped"
        return EnactmentError(.checkpointFailed, "git \(arguments.first ?? "") failed with \(why)")
    }
}
