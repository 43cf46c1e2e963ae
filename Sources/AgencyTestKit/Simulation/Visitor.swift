// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import Synchronization

/// A person at a desk: looks at what the run shows, and decides late, twice, from an old sheet, or not at all.
final class Visitor: Sendable {
    private let name: String
    private let history: History
    private let memory = Mutex<[RunID: [ChoiceSheet]]>([:])

    private var scene: Scene { history.scene }
    private var chance: Chance { history.scene.chance }
    private var person: Person { Person(name: name, identifiedBy: "simulation") }

    init(name: String, history: History) {
        self.name = name
        self.history = history
    }

    func visit() async {
        while history.isStillOn {
            await history.rest(.seconds(chance.pick([2, 10, 60, 600]) ?? 60))
            guard let scenario = chance.pick(history.scenarios), let seen = scene.witness.state(of: scenario.run) else {
                continue
            }
            if let sheet = seen.sheet {
                memory.withLock { memory in
                    if memory[scenario.run]?.last != sheet { memory[scenario.run, default: []].append(sheet) }
                }
            }
            let isWayward = chance.happens(scene.faults.people)
            switch scene.witness.agenda(of: scenario.run) {
            case .wait(.choice) where !isWayward: await choose(scenario, seen)
            case .wait(.reconcile) where !isWayward: await say(scenario, seen)
            case .wait(.paused), .wait(.stalled): if !isWayward { await letGoOn(scenario) }
            default: break
            }
            if isWayward { await disturb(scenario, seen) }
        }
    }

    private func sit(
        _ what: String,
        _ scenario: Scenario,
        _ body: @escaping @Sendable (Agency) async throws -> Void
    ) async {
        let process = scene.makeProcess(name)
        scene.trace.note(process.name, "would \(what) \(scenario.run)")
        let result = await process.live { try await body(process.agency()) }
        history.judge(result.failure, of: what, by: process)
        if result.failure == nil { scene.trace.count(what) }
    }

    private func choose(_ scenario: Scenario, _ seen: RunState) async {
        guard let sheet = seen.sheet else { return }
        let verdict: Choice.Verdict = chance.pick(sheet.options).map { .option($0.proposal) } ?? .none
        await decide(verdict, scenario, sheet)
        // Some press the button twice.
        if chance.happens(0.1) { await decide(verdict, scenario, sheet) }
    }

    private func decide(_ verdict: Choice.Verdict, _ scenario: Scenario, _ sheet: ChoiceSheet) async {
        let person = person
        await sit("choose", scenario) { agency in
            try await agency.choose(
                verdict,
                in: scenario.run,
                shown: sheet.digest,
                by: person,
                reason: "it looks right"
            )
        }
    }

    /// Says whether a notice was posted, having looked; some do not know, and some say it twice.
    private func say(_ scenario: Scenario, _ seen: RunState) async {
        guard let (question, place) = seen.openQuestion, !scene.service.isInFlight(question.effect) else { return }
        let truth: Agency.Word = scene.service.applied(question.effect) > 0 ? .happened : .didNotHappen
        let word = chance.happens(scene.faults.people / 2) ? .leave : truth
        let person = person
        for _ in 0...(chance.happens(0.1) ? 1 : 0) {
            await sit("say what happened in", scenario) { agency in
                try await agency.reconcile(
                    word,
                    step: question.step,
                    in: scenario.run,
                    question: place,
                    by: person,
                    reason: "having looked"
                )
            }
        }
    }

    private func letGoOn(_ scenario: Scenario) async {
        let person = person
        await sit("let go on", scenario) { agency in try await agency.letGoOn(scenario.run, by: person) }
    }

    private func disturb(_ scenario: Scenario, _ seen: RunState) async {
        let person = person
        let run = scenario.run
        switch chance.number(0...12) {
        case 0, 1:
            await sit("pause", scenario) { agency in try await agency.pause(run, by: person, reason: "wait") }
        case 2: await letGoOn(scenario)
        case 3:
            guard chance.happens(0.3) else { return }
            await sit("stop", scenario) { agency in try await agency.stop(run, by: person, reason: "no more") }
        case 4, 5:
            let goals = goals()
            await sit("edit goals", scenario) { agency in
                try await agency.editGoals(goals, in: run, by: person, reason: "on reflection")
            }
        case 6: await sit("ask", scenario) { agency in try await agency.ask("Why so?", in: run, by: person) }
        case 7, 12: await revert(scenario, seen)
        case 8: await addOption(scenario, seen)
        case 9: if let sheet = seen.sheet { await decide(.sendBack, scenario, sheet) }
        case 10:
            if let sheet = seen.sheet, chance.happens(0.3) { await decide(.none, scenario, sheet) }
        default:
            guard let sheet = chance.pick(memory.withLock { $0[run] } ?? []) else { return }
            let verdict: Choice.Verdict = chance.pick(sheet.options).map { .option($0.proposal) } ?? .none
            await decide(verdict, scenario, sheet)
        }
    }

    private func goals() -> [Goal] {
        [
            Goal(id: "first", want: "the first note is there", check: SimulatedWorld.lines("a.txt", 1)),
            Goal(id: "other", want: "variant \(chance.number(0...9))", check: SimulatedWorld.holds("c.txt", "third")),
        ]
    }

    private func revert(_ scenario: Scenario, _ seen: RunState) async {
        let person = person
        let process = scene.makeProcess(name)
        // Whoever goes back holds the run, so that no worker acts meanwhile. Nobody can hold it so where it is leased.
        guard !history.isLeased else { return scene.end(process) }
        guard scene.hold(scenario.run, by: process) else { return scene.end(process) }
        let step = chance.happens(0.5) ? nil : chance.pick(seen.enactment.done)?.step.id
        scene.trace.note(process.name, "would revert \(scenario.run) to \(step?.rawValue ?? "the start")")
        let result = await process.live {
            _ = try await process.agency().revert(
                to: step,
                in: scenario.run,
                world: self.history.world(of: scenario, in: process),
                by: person,
                reason: "undo"
            )
        }
        history.judge(result.failure, of: "revert", by: process)
        if seen.enactment.base != nil { history.remember(step, of: scenario.run, isDone: result.failure == nil) }
        if result.failure == nil { scene.trace.count("revert") }
    }

    private func addOption(_ scenario: Scenario, _ seen: RunState) async {
        guard let parent = chance.pick(seen.options) else { return }
        let person = person
        let plan = Plan(steps: SimulatedRun.steps(first: "first", second: "mine", third: "third", forecast: 1))
        await sit("add an option to", scenario) { agency in
            _ = try await agency.addOption(
                plan,
                title: "Mine",
                from: parent.id,
                to: scenario.run,
                by: person,
                reason: "better"
            )
        }
    }
}
