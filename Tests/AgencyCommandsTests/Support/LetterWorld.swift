// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Foundation

@testable import AgencyCommands

/// A world of files with one tool that acts: it sends letters, and declares of its effects what it is told to, whether or
/// not that is true.
struct LetterWorld: World {
    let folder: RehearsalFolder
    /// What the tool declares.
    let declared: Repeatability
    /// Whether it is as it declares.
    let isHonest: Bool

    private var letters: String { folder.outside + "/letters" }
    private var kept: String { folder.path + "/kept" }

    /// The letters that have been sent, each as often as it was.
    static func sent(in folder: RehearsalFolder) -> [String] {
        let data = FileManager.default.contents(atPath: folder.outside + "/letters")
        return data.map { String(decoding: $0, as: UTF8.self).split(separator: "\n").map(String.init) } ?? []
    }

    var tools: [ToolManifest] {
        [
            ToolManifest(
                name: "letter.send",
                about: "Sends a letter.",
                parameters: .object(["text": .string(minLength: 1)]),
                effect: .write,
                repeatability: declared
            ),
            ToolManifest(
                name: "notes.read",
                about: "Shows a note.",
                parameters: .object(["path": .string(minLength: 1)]),
                effect: .read,
                repeatability: .pure
            ),
        ]
    }

    func open() async throws {
        for path in [folder.workspace, folder.outside, kept] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
    }

    func tree() async throws -> String { try names(folder.workspace).joined(separator: "\n") }

    func look(_ action: Action, seconds: Double) async throws -> ToolResult {
        let path = folder.workspace + "/" + (action.arguments["path"]?.string ?? "")
        let data = FileManager.default.contents(atPath: path)
        return ToolResult(status: data == nil ? 1 : 0, output: data.map { String(decoding: $0, as: UTF8.self) } ?? "")
    }

    func act(_ authorization: consuming Authorization, nowMilliseconds: Int64) async throws -> ToolResult {
        let letter = "\(authorization.effect.hex) \(authorization.action.arguments["text"]?.string ?? "")"
        if isHonest, declared.effects.staysInWorkspace {
            // A file of the workspace is put back with the workspace; what looks only does nothing.
            guard declared.effects == .transactional else { return ToolResult(status: 0, output: "nothing to do") }
            try add(letter, to: folder.workspace + "/outbox")
        } else if !isHonest || declared.effects != .keyed || !Self.sent(in: folder).contains(letter) {
            try add(letter, to: letters)
        }
        return ToolResult(status: 0, output: "sent")
    }

    func probe(_ effect: Digest, of action: Action) async throws -> ProbeFinding {
        let wasSent = Self.sent(in: folder).contains { $0.hasPrefix(effect.hex) }
        return wasSent && isHonest ? .happened(ToolResult(status: 0, output: "sent")) : .absent
    }

    func settle(_ check: AgencyCore.Check, statement: String, probability: Double) async -> Settlement {
        let seen = try? await look(Action(tool: check.tool, arguments: check.arguments), seconds: 1)
        return Settlement(
            statement: statement,
            probability: probability,
            outcome: seen.flatMap { check.expect.isMet(status: $0.status, output: $0.output) },
            expected: check.expect.words,
            observed: seen?.output ?? ""
        )
    }

    func checkpoint(_ label: String) async throws -> String {
        let name = "c\(try names(kept).count)"
        try RehearsalFolder.copy(folder.workspace, to: kept + "/" + name)
        return name
    }

    func restore(_ checkpoint: String) async throws {
        try FileManager.default.removeItem(atPath: folder.workspace)
        try RehearsalFolder.copy(kept + "/" + checkpoint, to: folder.workspace)
    }

    func changes(since checkpoint: String) async throws -> [String] {
        let before = kept + "/" + checkpoint
        return try Set(names(folder.workspace) + names(before)).sorted().filter { name in
            let (now, then) = (folder.workspace + "/" + name, before + "/" + name)
            return FileManager.default.contents(atPath: now) != FileManager.default.contents(atPath: then)
        }
    }

    private func names(_ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    private func add(_ line: String, to path: String) throws {
        let before = FileManager.default.contents(atPath: path) ?? Data()
        try (before + Data((line + "\n").utf8)).write(to: URL(fileURLWithPath: path))
    }
}

extension Undertaking {
    /// Three letters, and a tool that declares of them what it is told to.
    static func letters(_ declared: Repeatability, isHonest: Bool) -> Undertaking {
        var simulated = SimulatedRun(critique: 0)
        simulated.architecture.flow[0] = .propose(role: "writer", count: 1)
        simulated.brief.goals = [
            Goal(id: "kept", want: "the note is as it was", check: SimulatedWorld.holds("readme.txt", "hello"))
        ]
        let steps = ["one", "two", "three"].enumerated().map { number, text in
            Step(
                id: StepID("s\(number + 1)"),
                intent: "Send letter \(text).",
                action: Action(tool: "letter.send", arguments: ["text": .string(text)]),
                forecasts: [],
                after: number == 0 ? [] : [StepID("s\(number)")]
            )
        }
        let run = simulated
        let performer = ScriptedPerformer { request in
            request.episode.rawValue.contains(".propose.")
                ? .output(SimulatedRun.proposal("Letters", steps)) : .output(run.output(of: request.episode))
        }
        let cast = AgencyRuntime.Cast(everyone: performer, in: run.architecture)
        return Undertaking(
            brief: run.brief,
            architecture: run.architecture,
            settings: RunSettings(),
            choices: [],
            tools: { LetterWorld(folder: $0, declared: declared, isHonest: isHonest) },
            witness: LetterWorld.sent,
            cast: { try await $0(cast) }
        )
    }
}
