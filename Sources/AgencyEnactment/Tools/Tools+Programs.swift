// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension Tools {
    func runProgram(
        _ arguments: Arguments,
        access: Sandbox.Access,
        seconds: Double?,
        tell: (@Sendable (String) -> Void)?
    ) async throws -> ToolResult {
        let command = (arguments.json["command"]?.array ?? []).map { $0.string ?? "" }
        let asked = arguments.json["seconds"]?.double ?? sandbox.limits.seconds
        let outcome = try await sandbox.run(
            command,
            in: workspace.directory,
            access: access,
            seconds: min(asked, seconds ?? asked),
            tell: tell
        )
        return Self.result(of: outcome, sandbox.limits)
    }

    /// Has a server call one of its tools.
    func callServer(_ action: Action, access: Sandbox.Access, seconds: Double?) async throws -> ToolResult {
        guard let servers else { throw EnactmentError(.noSuchTool, "\(action.tool) is declared but not made") }
        do {
            return try await servers.call(action, access: access, seconds: seconds)
        } catch let error as EnactmentError where access == .readWrite {
            throw ActFault.notSent(error.description)
        } catch let fault as ActFault where access == .readOnly {
            // A look has no effect that could be in doubt.
            return ToolResult(status: 1, output: fault.description)
        }
    }

    func readRepository(_ tool: ToolName, _ arguments: Arguments, seconds: Double?) async throws -> ToolResult {
        func git(_ command: [String]) async throws -> ToolResult {
            let outcome = try await sandbox.run(
                Sandbox.git + command,
                in: workspace.directory,
                access: .readOnly,
                seconds: seconds
            )
            return Self.result(of: outcome, sandbox.limits)
        }
        let plain = ["--no-ext-diff", "--no-textconv"]
        switch tool.rawValue {
        case "git.log":
            return try await git(["log", "-n", "\(arguments.number("count") ?? 20)", "--format=%h %cs %an: %s"])
        case "git.show":
            let revision = arguments.text("revision")
            return try await git(["show", "--stat", "--patch"] + plain + ["--end-of-options", revision, "--"])
        default:
            let status = try await git(["status", "--short", "--untracked-files=all"])
            guard status.isSuccess else { return status }
            var difference = try await git(["diff"] + plain + ["HEAD", "--"])
            difference.output = [status.output, difference.output].filter { !$0.isEmpty }.joined(separator: "\n")
            difference.isTruncated = difference.isTruncated || status.isTruncated
            return difference
        }
    }

    func commit(_ arguments: Arguments) async throws -> ToolResult {
        func git(_ command: [String]) async throws -> ToolResult {
            let outcome = try await sandbox.run(
                Sandbox.git + command,
                in: workspace.directory,
                access: .readOnly,
                gitWritable: true,
                seconds: 300
            )
            return Self.result(of: outcome, sandbox.limits)
        }
        let staged = try await git(["add", "--all", "--", "."])
        guard staged.isSuccess else { return staged }
        // The name that the repository gives to its author wins; another is not known inside.
        let name = try await git(["config", "--get", "user.name"])
        let email = try await git(["config", "--get", "user.email"])
        let committed = try await git(
            (name.isSuccess ? [] : ["-c", "user.name=OpenAgency"])
                + (email.isSuccess ? [] : ["-c", "user.email=openagency@localhost"])
                + ["commit", "--quiet", "--no-verify", "-m", arguments.text("message")]
        )
        guard committed.isSuccess else { return committed }
        return try await git(["log", "-n", "1", "--format=committed: %s"])
    }

    /// The outcome of a contained program as a result, with a word on why it was stopped if it was.
    static func result(of outcome: Program.Outcome, _ limits: Sandbox.Limits) -> ToolResult {
        var result = ToolResult(
            status: outcome.status,
            output: outcome.output.text,
            isTruncated: outcome.output.isTruncated
        )
        result.note(outcome.notes)
        result.add(outcome.connections)
        let word: String
        switch outcome.ending {
        case .exited: return result
        case .late: word = "it took too long"
        case .flooded: word = "it printed more than \(limits.floodBytes) bytes"
        case .crowded: word = "it had more than \(limits.processes) processes"
        case .swollen: word = "it took more than \(limits.residentBytes) bytes of memory"
        }
        result.status = outcome.ending == .late ? 124 : 137
        result.output += "\n[stopped with all it had started, and nothing that it changed was kept: \(word)]"
        return result
    }
}

extension ToolResult {
    /// Says what did not come out: it is missing to whoever builds on it.
    mutating func note(_ notes: [String]) {
        if !notes.isEmpty, status == 0 { status = 1 }
        output += notes.map { "\n[\($0)]" }.joined()
    }

    /// Takes in what it had to do with hosts, and shows it.
    mutating func add(_ connections: [NetworkConnection]?) {
        guard let connections else { return }
        self.connections = connections
        output += connections.map { "\n[network: \($0.words)]" }.joined()
    }

    func mapOutput(_ change: (String) -> String) -> ToolResult {
        var result = self
        result.output = change(output)
        return result
    }
}
