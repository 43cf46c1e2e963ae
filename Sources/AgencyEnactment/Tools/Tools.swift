// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// The tools there are, bound to one workspace: everything that looks at the world or changes it goes through here.
public struct Tools: Sendable {
    /// The folder that the tools work on.
    public let workspace: Workspace
    /// What contains the programs that they run.
    public let sandbox: Sandbox
    /// The servers that offer tools besides the built-in ones.
    public let servers: ToolServers?
    /// Is told what a step that acts has printed so far, while it runs, and nothing once it has ended.
    public let onOutput: (@Sendable (StepID, String?) -> Void)?

    /// Binds the tools to a workspace.
    public init(
        workspace: Workspace,
        sandbox: Sandbox = Sandbox(),
        servers: ToolServers? = nil,
        onOutput: (@Sendable (StepID, String?) -> Void)? = nil
    ) {
        self.workspace = workspace
        self.sandbox = sandbox
        self.servers = servers
        self.onOutput = onOutput
    }

    /// Looks, with the workspace read-only.
    ///
    /// - Parameters:
    ///   - action: A call of a tool that reads or runs.
    ///   - seconds: The most wall time it may take.
    /// - Returns: What it showed; a status other than 0 when it was tried and failed.
    /// - Throws: ``EnactmentError`` when it could not be tried: the message says what to change.
    public func look(_ action: Action, seconds: Double) async throws -> ToolResult {
        try await openServers(for: action)
        let manifest = try manifest(of: action)
        guard manifest.checks else {
            throw EnactmentError(
                .notPermitted,
                "\(manifest.name) changes the workspace; only a chosen step may call it"
            )
        }
        return try await timed { try await perform(action, access: .readOnly, seconds: seconds) }
    }

    /// Acts, once: the only way in which the workspace is ever changed but for going back to a checkpoint.
    ///
    /// - Parameters:
    ///   - authorization: The permission; it is used up whatever happens.
    ///   - nowMilliseconds: The time, in milliseconds since 1970 UTC.
    /// - Returns: What was done; a status other than 0 when it was tried and failed.
    /// - Throws: ``EnactmentError`` when it was not tried, and ``EnactmentError/Code/outOfSpace`` when a disk was full: go
    ///   back to the checkpoint before the step.
    public func act(_ authorization: consuming Authorization, nowMilliseconds: Int64) async throws -> ToolResult {
        guard authorization.isValid(nowMilliseconds: nowMilliseconds) else {
            guard nowMilliseconds < authorization.expiresAtMilliseconds else {
                throw EnactmentError(
                    .expired,
                    "the authorisation of step \(authorization.step) has lapsed; authorise it again"
                )
            }
            throw EnactmentError(
                .notPermitted,
                "the action of step \(authorization.step) is not the one that was chosen; choose it before it is enacted"
            )
        }
        let action = authorization.action
        do {
            try await openServers(for: action)
        } catch {
            throw ActFault.notSent("\(error)")
        }
        let manifest = try manifest(of: action)
        let scope = authorization.scope
        // What was shown was the class of then: a tool that has become more dangerous since was not chosen.
        if let effects = scope.effects, effects != manifest.effects {
            throw EnactmentError(
                .notPermitted,
                "\(manifest.name) was shown as \(effects.rawValue) and is \(manifest.effects.rawValue) now; fork the run, and choose again"
            )
        }
        try await requireTargets(scope.targets, of: action)
        // A look of a step's own shows what fills the holes of later ones.
        let access: Sandbox.Access = manifest.acts ? .readWrite : .readOnly
        let step = authorization.step
        onOutput?(step, nil)
        defer {
            servers?.workspaceChanged()
            onOutput?(step, nil)
        }
        var tell: (@Sendable (String) -> Void)?
        if let onOutput { tell = { onOutput(step, $0) } }
        return try await timed { try await perform(action, access: access, seconds: nil, tell: tell) }
    }

    /// Makes the tools of servers known before one of them is called: a run may go on in a world that nobody opened.
    private func openServers(for action: Action) async throws {
        if action.tool.rawValue.hasPrefix("mcp.") { try await servers?.open() }
    }

    /// Finds the manifest of a call's tool and checks its arguments against it.
    private func manifest(of action: Action) throws -> ToolManifest {
        guard let manifest = tools.first(where: { $0.name == action.tool }) else {
            let names = tools.map(\.name.rawValue).joined(separator: ", ")
            throw EnactmentError(
                .noSuchTool,
                "there is no tool “\(action.tool.rawValue.forMessage)”; there are \(names)"
            )
        }
        let faults = manifest.parameters.validate(action.arguments)
        guard faults.isEmpty else {
            let some = faults.prefix(3).map { $0.description.forMessage }.joined(separator: "; ")
            throw EnactmentError(.badArguments, "the arguments of \(manifest.name) do not fit: \(some)")
        }
        return manifest
    }

    private func timed(_ work: () async throws -> ToolResult) async throws -> ToolResult {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            var result = try await work()
            let duration = clock.now - start
            result.milliseconds = Int(
                duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
            )
            return result
        } catch let fault as FileFault {
            // That a file is not there or is of another kind is what the tool found out, not a call that was not tried.
            if fault.isOutOfSpace { throw fault.error(otherwise: .outOfSpace, "") }
            return ToolResult(status: 1, output: fault.message)
        }
    }

    private func perform(
        _ action: Action,
        access: Sandbox.Access,
        seconds: Double?,
        tell: (@Sendable (String) -> Void)? = nil
    ) async throws -> ToolResult {
        // Bubblewrap follows a link given to it as a source: a `.git` that is one would show what is behind it.
        if let kind = workspace.kindOfRepository, !kind.isDirectory {
            throw EnactmentError(.workspaceChanged, "the workspace's .git is no longer a folder; restore a checkpoint")
        }
        let arguments = Arguments(action.arguments)
        switch action.tool.rawValue {
        case "files.list": return try await listFiles(arguments)
        case "files.read": return try await readFile(arguments)
        case "files.search": return try await searchFiles(arguments, seconds: seconds ?? sandbox.limits.seconds)
        case "files.write": return try await writeFile(arguments)
        case "files.patch": return try await patchFile(arguments)
        case "files.delete": return try await deleteFile(arguments)
        case "files.move": return try await moveFile(arguments)
        case "sqlite.query": return try await query(arguments, seconds: seconds)
        case "sqlite.execute": return try await execute(arguments, seconds: seconds)
        case "git.log", "git.show", "git.diff":
            return try await readRepository(action.tool, arguments, seconds: seconds)
        case "git.commit": return try await commit(arguments)
        case "shell.run": return try await runProgram(arguments, access: access, seconds: seconds, tell: tell)
        default: return try await callServer(action, access: access, seconds: seconds)
        }
    }

    /// The arguments of a call, whose shape has been checked.
    struct Arguments: Sendable {
        let json: JSONValue
        init(_ json: JSONValue) { self.json = json }

        func text(_ name: String) -> String { json[name]?.string ?? "" }
        func number(_ name: String) -> Int? { json[name]?.integer.map { Int($0) } }
        func path(_ name: String) throws -> RelativePath { try RelativePath(json[name]?.string ?? ".") }
    }
}

extension Tools: World {
    /// The tools there are; those of servers once it is open.
    public var tools: [ToolManifest] { Self.manifests + (servers?.manifests ?? []) }

    /// Makes sure that the workspace can be worked on and that programs can be contained.
    public func open() async throws {
        if let fault = await Sandbox.probe() { throw fault }
        try await workspace.open()
        try await servers?.open()
    }

    /// Lists the names of the files, at most 400.
    public func tree() async throws -> String { try await blocking { try workspace.tree(limit: 400) } }

    /// Keeps everything in the workspace as it is now, and returns the name under which it is kept.
    public func checkpoint(_ label: String) async throws -> String { try await workspace.checkpoint(label) }

    /// Makes the workspace exactly what it was at a checkpoint.
    public func restore(_ checkpoint: String) async throws {
        defer { servers?.workspaceChanged() }
        try await workspace.restore(checkpoint)
    }

    /// Lists the files that differ from a checkpoint, sorted.
    public func changes(since checkpoint: String) async throws -> [String] {
        try await workspace.changes(since: checkpoint)
    }
}
