// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema
import Synchronization

/// A workspace of a few text files in memory, with tools that write, read and count notes.
///
/// It keeps account of every act by the identity of its effect, and of those whose effect is in the workspace now: going
/// back to a checkpoint takes the acts after it out of that account, as it takes their effects out of the files.
public final class SimulatedWorld: World {
    /// One act that was carried out.
    public struct Act: Hashable, Sendable {
        /// The step.
        public var step: StepID
        /// Which try of the step it was.
        public var attempt: Int
        /// The identity of the effect.
        public var effect: Digest
        /// What was done.
        public var action: Action
    }

    /// Where a world fails, as a machine that loses power would.
    public enum Crash: Hashable, Sendable {
        /// Before the act has any effect.
        case beforeActing
        /// After the act has had its effect, and before anybody is told.
        case afterActing
        /// Before a checkpoint is kept.
        case beforeCheckpoint
        /// After a checkpoint is kept, and before anybody is told.
        case afterCheckpoint
        /// Before the workspace is put back.
        case beforeRestoring
        /// After the workspace is put back, and before anybody is told.
        case afterRestoring
    }

    struct Snapshot: Hashable {
        var files: [String: String]
        var standing: [Act]
    }

    private struct State {
        var current: Snapshot
        var checkpoints: [String: Snapshot] = [:]
        var acts: [Act] = []
        var restores: [String] = []
        var looks: [Action] = []
        var crashes: [Crash] = []
    }

    private let state: Mutex<State>

    /// Makes a world with these files.
    public init(files: [String: String] = [:]) {
        state = Mutex(State(current: Snapshot(files: files, standing: [])))
    }

    /// The files as they are.
    public var files: [String: String] { state.withLock { $0.current.files } }

    /// The acts whose effect is in the workspace now, in order.
    public var standing: [Act] { state.withLock { $0.current.standing } }

    /// Every act that ever had an effect, in order.
    public var acts: [Act] { state.withLock { $0.acts } }

    /// How often each effect was brought about, undone or not.
    public var actsByEffect: [Digest: Int] { acts.reduce(into: [:]) { $0[$1.effect, default: 0] += 1 } }

    /// The checkpoints gone back to, in order.
    public var restores: [String] { state.withLock { $0.restores } }

    /// What was looked at, in order.
    public var looks: [Action] { state.withLock { $0.looks } }

    /// Has the world fail the next time it gets to a place; each call stands for one failure.
    public func crash(_ place: Crash) { state.withLock { $0.crashes.append(place) } }

    /// Changes a file as somebody outside the run would, or removes it.
    public func edit(_ path: String, _ text: String?) { state.withLock { $0.current.files[path] = text } }

    /// Has nothing in the workspace but these files, as a new copy of it would; checkpoints and the account of acts stay.
    public func restart(_ files: [String: String]) {
        state.withLock { $0.current = Snapshot(files: files, standing: []) }
    }

    /// The tools there are.
    public var tools: [ToolManifest] { Self.manifests }

    /// Does nothing; this world can always be worked on.
    public func open() async throws {}

    /// Lists the names of the files.
    public func tree() async throws -> String { files.keys.sorted().joined(separator: "\n") }

    /// Looks at the files.
    ///
    /// - Throws: ``SimulatedFault`` for a tool that does not look.
    public func look(_ action: Action, seconds: Double) async throws -> ToolResult {
        guard let tool = Self.manifests.first(where: { $0.name == action.tool }), tool.checks else {
            throw SimulatedFault("“\(action.tool)” does not look")
        }
        return state.withLock { state in
            state.looks.append(action)
            return Self.look(action, at: state.current.files)
        }
    }

    /// Acts on the files, once.
    ///
    /// - Throws: ``SimulatedFault`` when the permission is not valid, the tool does not act, or a crash is due.
    public func act(_ authorization: consuming Authorization, nowMilliseconds: Int64) async throws -> ToolResult {
        guard authorization.isValid(nowMilliseconds: nowMilliseconds) else {
            throw SimulatedFault("the permission is not valid")
        }
        let action = authorization.action
        guard let tool = Self.manifests.first(where: { $0.name == action.tool }), tool.acts else {
            throw SimulatedFault("“\(action.tool)” does not act")
        }
        let act = Act(
            step: authorization.step,
            attempt: authorization.attempt,
            effect: authorization.effect,
            action: action
        )
        try crashIfDue(.beforeActing)
        let result = state.withLock { state in
            let result = Self.act(action, on: &state.current.files)
            state.acts.append(act)
            state.current.standing.append(act)
            return result
        }
        try crashIfDue(.afterActing)
        return result
    }

    /// Settles a statement by looking.
    public func settle(_ check: Check, statement: String, probability: Double) async -> Settlement {
        var outcome: Bool?
        var observed: String
        do {
            let result = try await look(Action(tool: check.tool, arguments: check.arguments), seconds: 1)
            outcome = check.expect.isMet(status: result.status, output: result.output)
            observed = result.output
        } catch {
            observed = "\(error)"
        }
        return Settlement(
            statement: statement,
            probability: probability,
            outcome: outcome,
            expected: check.expect.words,
            observed: observed
        )
    }

    /// Keeps a copy of the files.
    public func checkpoint(_ label: String) async throws -> String {
        try crashIfDue(.beforeCheckpoint)
        let name = state.withLock { state in
            let name = "c\(state.checkpoints.count)"
            state.checkpoints[name] = state.current
            return name
        }
        try crashIfDue(.afterCheckpoint)
        return name
    }

    /// Puts the files back as they were.
    ///
    /// - Throws: ``SimulatedFault`` when there is no such checkpoint.
    public func restore(_ checkpoint: String) async throws {
        try crashIfDue(.beforeRestoring)
        try state.withLock { state in
            guard let snapshot = state.checkpoints[checkpoint] else {
                throw SimulatedFault("no checkpoint \(checkpoint)")
            }
            state.current = snapshot
            state.restores.append(checkpoint)
        }
        try crashIfDue(.afterRestoring)
    }

    /// The files that differ from a checkpoint, sorted.
    ///
    /// - Throws: ``SimulatedFault`` when there is no such checkpoint.
    public func changes(since checkpoint: String) async throws -> [String] {
        try state.withLock { state in
            guard let snapshot = state.checkpoints[checkpoint] else {
                throw SimulatedFault("no checkpoint \(checkpoint)")
            }
            let names = Set(snapshot.files.keys).union(state.current.files.keys)
            return names.filter { snapshot.files[$0] != state.current.files[$0] }.sorted()
        }
    }

    private func crashIfDue(_ place: Crash) throws {
        let isDue = state.withLock { state in
            guard let index = state.crashes.firstIndex(of: place) else { return false }
            state.crashes.remove(at: index)
            return true
        }
        if isDue { throw SimulatedFault("crashed: \(place)") }
    }
}

/// A failure that a test asked for.
public struct SimulatedFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// What failed.
    public var description: String

    /// Makes a failure.
    public init(_ description: String) { self.description = description }
}
