// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension Fixture {
    /// A run of two steps, of which the second has a hole that is filled with what the first showed.
    static func filled() throws -> Fixture {
        var fixture = Fixture()
        let hole = Hole(argument: "total", step: "s1", field: FieldPath("output"), shape: .string(maxLength: 100))
        let look = Step(
            id: "s1",
            intent: "Count.",
            action: Action(tool: "sqlite.query", arguments: ["sql": "select count(*) from customers"])
        )
        let note = Step(
            id: "s2",
            intent: "Note it.",
            action: Action(tool: "notes.append", arguments: ["path": "b.txt"]),
            after: ["s1"],
            holes: [hole]
        )
        fixture.start()
        for order in fixture.state.dueOrders() {
            let prompt = ArtefactReference(Digest(of: "prompt"))
            fixture.record(.episodeStarted(EpisodeStarted(order: order, prompt: prompt, performer: "large")))
            let completed = EpisodeCompleted(
                episode: order.id,
                output: [
                    "title": "Count", "summary": "Counts.", "assumptions": [], "dissent": nil,
                    "steps": try JSONValue(encoding: [look, note]),
                ],
                transcript: prompt,
                usage: Usage(calls: 1),
                performer: "large",
                recorded: false,
                milliseconds: 20
            )
            fixture.record(.episodeCompleted(completed))
        }
        let sheet = fixture.state.currentSheet
        fixture.record(.choiceRequested(ChoiceRequested(sheet: sheet, digest: sheet.digest)))
        let choice = Choice(
            verdict: .option("p1"),
            person: "ada",
            identifiedBy: "terminal",
            reason: "Good.",
            shown: sheet.digest,
            expiresAtMilliseconds: .max
        )
        fixture.record(.choiceRecorded(ChoiceRecorded(choice: choice)))
        fixture.record(.checkpointMade(CheckpointMade(step: nil, checkpoint: "c0")))
        fixture.carryOut("6104")
        if let filled = fixture.state.filling(of: "s2", now: fixture.state.updatedAtMilliseconds) {
            fixture.record(.stepFilled(filled))
        }
        fixture.carryOut("")
        return fixture
    }

    private mutating func start() {
        let readable = ToolManifest(
            name: "sqlite.query",
            about: "Looks.",
            parameters: .object(["sql": .string()]),
            effect: .read,
            reach: .local,
            arguments: ["sql": .object]
        )
        let note = ToolManifest(
            name: "notes.append",
            about: "Notes.",
            parameters: .object(["path": .string(), "total": .string()]),
            effect: .write,
            reach: .local,
            isDestructive: false,
            pays: false,
            arguments: ["path": .object, "total": Authority.none]
        )
        let roles = [
            Role(
                name: "planner",
                kind: .propose,
                performer: "strong",
                instructions: "Plan.",
                reads: [.brief, .actions],
                holes: true
            ),
            Role(name: "enactor", kind: .enact),
        ]
        let flow: [Stage] = [
            .propose(role: "planner", count: 1), .choose(expires: 3600, returns: 0),
            .enact(role: "enactor", surprise: 0.9),
        ]
        let start = RunStarted(
            run: state.run,
            brief: brief,
            architecture: Architecture(name: "small", roles: roles, flow: flow),
            performers: [:],
            tools: [readable, note],
            workspace: "/srv/orders",
            person: "ada"
        )
        record(.runStarted(start))
    }

    /// Carries the step that is due out.
    private mutating func carryOut(_ output: String) {
        guard let step = state.enactment.next, let plan = state.enactment.plan else { return }
        let effect = Digest(of: "effect of \(step.id)")
        let authorized = StepAuthorized(
            step: step.id,
            attempt: 1,
            action: step.action.digest,
            plan: plan.digest,
            choice: state.choice?.sequence ?? 0,
            expiresAtMilliseconds: .max
        )
        record(.stepAuthorized(authorized))
        record(.stepIntended(StepIntended(step: step.id, effect: effect, action: step.action)))
        let result = ToolResult(status: 0, output: output, milliseconds: 4)
        record(.stepObserved(StepObserved(step: step.id, effect: effect, result: result, changed: [])))
        record(.stepSettled(StepSettled(step: step.id, settlements: [], halt: nil)))
        record(.checkpointMade(CheckpointMade(step: step.id, checkpoint: "c-\(step.id)")))
    }
}
