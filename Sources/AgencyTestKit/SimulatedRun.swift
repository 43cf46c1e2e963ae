// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// A small undertaking with everything that a run can go through, the same for the same seed.
///
/// Three notes are to be written. Each proposal forecasts a count of lines that the world contradicts at the second step,
/// so that enactment halts there, the plan is revised, chosen again and carried to its end.
public struct SimulatedRun: Sendable {
    /// What everything that is written is drawn from.
    public var seed: UInt64
    /// What is asked for.
    public var brief: Brief
    /// Who does what.
    public var architecture: Architecture
    /// The tools there are.
    public var tools: [ToolManifest] = SimulatedWorld.manifests

    /// Makes the undertaking.
    ///
    /// - Parameters:
    ///   - seed: What everything that is written is drawn from.
    ///   - critique: How many rounds of critique there are; 0 leaves the stage out.
    public init(seed: UInt64 = 1, critique: Int = 1) {
        self.seed = seed
        brief = Brief(
            name: "notes",
            title: "Write the three notes",
            goals: [
                Goal(
                    id: "all-written",
                    want: "all notes are there",
                    goals: [
                        Goal(id: "first", want: "the first note is there", check: SimulatedWorld.lines("a.txt", 1)),
                        Goal(id: "last", want: "the last note is there", check: SimulatedWorld.holds("c.txt", "third")),
                    ]
                )
            ],
            constraints: ["leave readme.txt alone"],
            document: "Write a.txt, b.txt and c.txt."
        )
        var flow: [Stage] = [
            .propose(role: "writer", count: 3), .critique(role: "critic", rounds: max(1, critique)),
            .evaluate(roles: ["auditor", "saboteur"]), .explain(role: "explainer"), .choose(expires: 3600, returns: 1),
            .enact(role: "keeper", surprise: 0.8), .update(role: "reviser", atMost: 2),
        ]
        var roles = Self.roles
        if critique < 1 {
            flow.removeAll { $0.word == "critique" }
            roles.removeAll { $0.name == "critic" }
        }
        architecture = Architecture(name: "notes-board", about: "Careful notes.", roles: roles, flow: flow)
    }

    /// A new workspace.
    public func makeWorld() -> SimulatedWorld { SimulatedWorld(files: ["readme.txt": "hello\n"]) }

    /// A new performer that plays every role as this run has it.
    ///
    /// - Parameter queues: Answers for certain episodes that come before those of this run.
    /// - Returns: The performer.
    public func makePerformer(queues: [EpisodeID: [ScriptedPerformer.Answer]] = [:]) -> ScriptedPerformer {
        ScriptedPerformer(about: "simulated", queues: queues) { request in .output(output(of: request.episode)) }
    }

    /// The event that starts the run.
    public func started(_ run: RunID) -> RunStarted {
        RunStarted(
            run: run,
            brief: brief,
            architecture: architecture,
            performers: ["any": "simulated"],
            tools: tools,
            workspace: "notes",
            person: "starter"
        )
    }

    private static var roles: [Role] {
        func role(_ name: RoleName, _ kind: Role.Kind, _ reads: [Role.Input], _ criteria: [String] = []) -> Role {
            Role(
                name: name,
                kind: kind,
                performer: "any",
                instructions: "Do the work of the \(name).",
                reads: reads,
                criteria: criteria
            )
        }
        var writer = role("writer", .propose, [.brief, .actions, .tree, .proposal, .critique, .reason])
        writer.narratives = ["You are careful.", "You are quick.", "You are thrifty."]
        writer.tools = ["notes.read"]
        return [
            writer, role("critic", .critique, [.brief, .proposal]),
            role("auditor", .evaluate, [.brief, .proposal, .changes], ["safety", "cost"]),
            role("saboteur", .redTeam, [.brief, .proposal]),
            role("explainer", .explain, [.brief, .proposals, .evaluations, .changes, .observations, .question]),
            Role(name: "keeper", kind: .enact),
            role("reviser", .update, [.brief, .actions, .tree, .proposal, .observations, .reason]),
        ]
    }
}
