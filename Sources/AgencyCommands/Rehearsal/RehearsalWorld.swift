// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Foundation
import Synchronization

/// The workspace of a rehearsal, which notes what is done to it and recalls what was seen of one that holds the same.
final class RehearsalWorld: World {
    private let world: any World
    private let folder: RehearsalFolder
    private let looks: LookMemory?
    private let state = Mutex(State())

    private struct State {
        var touches = 0
        var contents: (touches: Int, digest: Digest)?
    }

    /// Makes the workspace of a rehearsal.
    ///
    /// - Parameters:
    ///   - world: What looks and acts.
    ///   - folder: Where the rehearsal takes place.
    ///   - looks: What was seen already; `nil` to look anew each time.
    init(_ world: any World, in folder: RehearsalFolder, looks: LookMemory?) {
        self.world = world
        self.folder = folder
        self.looks = looks
    }

    /// How often the workspace, its checkpoints or the world outside were touched.
    var touches: Int { state.withLock { $0.touches } }

    var tools: [ToolManifest] { world.tools }
    func open() async throws { try await world.open() }
    func tree() async throws -> String { try await world.tree() }

    func look(_ action: Action, seconds: Double) async throws -> ToolResult {
        let world = world
        guard let looks, let contents = try await contents() else {
            return try await world.look(action, seconds: seconds)
        }
        let key: JSONValue = ["contents": .string(contents.hex), "action": .string(action.digest.hex)]
        return try await looks.recall(key, where: { [124, 137].contains($0.status) == false }) {
            try await world.look(action, seconds: seconds)
        }
    }

    func settle(_ check: AgencyCore.Check, statement: String, probability: Double) async -> Settlement {
        let world = world
        do {
            guard let looks, let contents = try await contents() else {
                return await world.settle(check, statement: statement, probability: probability)
            }
            let key: JSONValue = [
                "contents": .string(contents.hex), "check": try JSONValue(encoding: check),
                "statement": .string(statement), "probability": .number(probability),
            ]
            return try await looks.recall(key, where: { $0.outcome != nil }) {
                await world.settle(check, statement: statement, probability: probability)
            }
        } catch {
            // Memory only saves time.
            return await world.settle(check, statement: statement, probability: probability)
        }
    }

    func act(_ authorization: consuming Authorization, nowMilliseconds: Int64) async throws -> ToolResult {
        let effect = authorization.effect
        let tool = authorization.action.tool
        touch()
        defer { touch() }
        let result = try await world.act(authorization, nowMilliseconds: nowMilliseconds)
        let kind = world.tools.first { $0.name == tool }?.effects ?? .blind
        folder.diary.note(.act(effect, kind))
        return result
    }

    func probe(_ effect: Digest, of action: Action) async throws -> ProbeFinding {
        try await world.probe(effect, of: action)
    }

    func checkpoint(_ label: String) async throws -> String {
        touch()
        let name = try await world.checkpoint(label)
        folder.diary.note(.checkpoint(name))
        return name
    }

    func restore(_ checkpoint: String) async throws {
        touch()
        defer { touch() }
        try await world.restore(checkpoint)
        folder.diary.note(.restore(checkpoint))
    }

    func changes(since checkpoint: String) async throws -> [String] { try await world.changes(since: checkpoint) }

    private func touch() { state.withLock { $0.touches += 1 } }

    /// What the workspace holds now; `nil` while it is being changed.
    private func contents() async throws -> Digest? {
        let (touches, known) = state.withLock { ($0.touches, $0.contents) }
        if let known, known.touches == touches { return known.digest }
        let digest = try await WorkspaceContents(of: folder.workspace, seenBy: world).digest
        return state.withLock { state in
            guard state.touches == touches else { return nil }
            state.contents = (touches, digest)
            return digest
        }
    }
}

/// A performer of a rehearsal, which notes each call before it makes it.
struct RehearsalPerformer: Performer {
    let performer: any Performer
    let diary: RehearsalDiary

    var about: String { performer.about }

    func respond(to request: TurnRequest) async throws -> Turn {
        diary.note(.call(request.episode))
        return try await performer.respond(to: request)
    }
}
