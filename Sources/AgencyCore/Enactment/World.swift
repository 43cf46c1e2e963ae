// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The part of the world that a run may look at and change: its workspace, reached through tools.
///
/// ``act(_:nowMilliseconds:)`` is the one door; everything else only looks, or goes back to where the workspace has been.
public protocol World: Sendable {
    /// The tools there are.
    var tools: [ToolManifest] { get }

    /// Makes sure that the workspace can be worked on: it exists, is writable, and holds no unsaved work.
    func open() async throws

    /// Lists the names of the files, the same for the same content wherever it lies.
    func tree() async throws -> String

    /// Looks; the workspace is mounted read-only.
    ///
    /// - Throws: when the look could not be tried; a tool that tried and failed returns a status other than 0.
    func look(_ action: Action, seconds: Double) async throws -> ToolResult

    /// Acts, once, under the identity ``Authorization/effect``.
    ///
    /// - Throws: ``ActFault`` when it is known that nothing was sent, or when something was sent and what became of it is
    ///   not known; anything else leaves that open too. A tool that tried and failed returns a status other than 0.
    func act(_ authorization: consuming Authorization, nowMilliseconds: Int64) async throws -> ToolResult

    /// Finds what an action would touch in the workspace, with every link and content resolved, as it is now.
    ///
    /// - Returns: What is there.
    /// - Throws: when it could not be looked at now.
    func reach(of action: Action) async throws -> ActionReach

    /// Looks whether an effect has happened.
    ///
    /// - Parameters:
    ///   - effect: Its identity.
    ///   - action: The action that was to bring it about.
    /// - Returns: What the look found.
    /// - Throws: when the look could not be tried now and may be later.
    func probe(_ effect: Digest, of action: Action) async throws -> ProbeFinding

    /// Settles a statement by looking.
    func settle(_ check: Check, statement: String, probability: Double) async -> Settlement

    /// Keeps everything in the workspace as it is now, and returns the name under which it is kept.
    func checkpoint(_ label: String) async throws -> String

    /// Makes the workspace exactly what it was at a checkpoint.
    func restore(_ checkpoint: String) async throws

    /// The files that differ from a checkpoint, sorted.
    func changes(since checkpoint: String) async throws -> [String]
}

extension World {
    /// Does not know: what a choice binds then is the action alone.
    public func reach(of action: Action) async throws -> ActionReach { ActionReach([], isAll: false) }

    /// Cannot tell: a world whose tools declare no probe need not have one.
    public func probe(_ effect: Digest, of action: Action) async throws -> ProbeFinding {
        .unknown("\(action.tool) has no probe")
    }
}
