// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyDeclaration
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit

/// Runs that go through everything that a run can go through; their records are the golden histories.
enum Lives {
    /// A run by the name of its history.
    struct Life: Sendable, CustomStringConvertible {
        let description: String
        let live: @Sendable () async throws -> Bench

        init(_ name: String, _ live: @escaping @Sendable () async throws -> Bench) {
            description = name
            self.live = live
        }
    }

    static let goal = Goal(id: "only", want: "the first note is there", check: SimulatedWorld.lines("a.txt", 1))

    static let all: [Life] = [
        Life("surprise-and-revision") {
            let bench = try await Bench()
            _ = try await bench.finish()
            return bench
        },
        Life("sent-back-and-declined") {
            let bench = try await Bench()
            try await bench.work()
            try await bench.decide(.sendBack, reason: "think of the readers")
            try await bench.work()
            try await bench.decide(.none, reason: "none of it convinces")
            try await bench.work()
            return bench
        },
        Life("goals-edited-and-questions") {
            let bench = try await Bench(SimulatedRun(seed: 2, critique: 0))
            try await bench.work()
            try await bench.agency.ask("Why three notes?", in: bench.run, by: Bench.person)
            try await bench.work()
            let steps = SimulatedRun.steps(first: "first", second: "mine", third: "third mine", forecast: 1)
            _ = try await bench.agency.addOption(
                Plan(steps: steps, assumptions: []),
                title: "By hand",
                from: "p1",
                to: bench.run,
                by: Bench.person,
                reason: "shorter"
            )
            try await bench.agency.editGoals([goal], in: bench.run, by: Bench.person, reason: "less is more")
            try await bench.agency.pause(bench.run, by: Bench.person, reason: "lunch")
            try await bench.work()
            try await bench.agency.letGoOn(bench.run, by: Bench.person)
            try await bench.work()
            try await bench.choose("p1.e1")
            _ = try await bench.finish()
            return bench
        },
        Life("failed-and-reopened") {
            let no = ScriptedPerformer.Answer.failure(PerformerError(.refusal, "no"))
            let simulated = SimulatedRun(seed: 3, critique: 0)
            let performer = simulated.makePerformer(queues: [
                "0.propose.writer.1": [no], "0.propose.writer.2": [no], "0.propose.writer.3": [.text("not JSON"), no],
                "0.evaluate.auditor.p2": [no], "0.answer.explainer.q1": [no],
            ])
            let bench = try await Bench(simulated, performer: performer)
            try await bench.work()
            try await bench.agency.letGoOn(bench.run, by: Bench.person)
            try await bench.work()
            try await bench.agency.ask("First?", in: bench.run, by: Bench.person)
            try await bench.work()
            try await bench.choose("p2")
            try await bench.work()
            try await bench.agency.stop(bench.run, by: Bench.person, reason: "enough")
            return bench
        },
        Life("interrupted-lapsed-and-taken-back") {
            let bench = try await Bench(SimulatedRun(seed: 4, critique: 0))
            try await bench.work()
            bench.world.crash(.afterActing)
            try await bench.choose("p3")
            do { try await bench.work() } catch is SimulatedFault {}
            bench.clock.advance(by: .seconds(4000))
            try await bench.work()
            try await bench.choose("p3")
            try await bench.work()
            try await bench.choose()
            try await bench.agency.revert(
                to: nil,
                in: bench.run,
                world: bench.world,
                by: Bench.person,
                reason: "from the start"
            )
            _ = try await bench.finish()
            return bench
        },
        Life("failed-action-replaced-and-halted") {
            let simulated = SimulatedRun(seed: 5, critique: 0)
            func plan(_ title: String, _ steps: [Step]) -> [ScriptedPerformer.Answer] {
                [.output(SimulatedRun.proposal(title, steps))]
            }
            let bad = [
                Step(id: "s1", intent: "Write the first note.", action: SimulatedWorld.append("a.txt", "first")),
                Step(id: "s2", intent: "Write where one cannot.", action: SimulatedWorld.write("/etc/x", "y")),
            ]
            let wrong = SimulatedRun.steps(first: "otherwise", second: "x", third: "third", forecast: 7)
            let performer = simulated.makePerformer(queues: [
                "0.propose.writer.1": plan("Reach out", bad), "0.revise.reviser": plan("Again", wrong),
                "1.revise.reviser": plan("And again", wrong),
            ])
            let bench = try await Bench(simulated, performer: performer)
            _ = try await bench.finish()
            return bench
        },
        Life("goal-missed") {
            let simulated = SimulatedRun(seed: 6, critique: 0)
            let short = [Step(id: "s1", intent: "Write one note.", action: SimulatedWorld.append("a.txt", "first"))]
            let performer = simulated.makePerformer(queues: [
                "0.propose.writer.1": [.output(SimulatedRun.proposal("Only one", short))]
            ])
            let bench = try await Bench(simulated, performer: performer)
            _ = try await bench.finish()
            return bench
        },
        Life("asked-whether-it-happened") {
            let bench = try await doubtful(seed: 8, .blind, .afterActing)
            try await bench.agency.reconcile(
                .happened,
                step: "s1",
                in: bench.run,
                by: Bench.person,
                reason: "I see it"
            )
            _ = try await bench.finish()
            return bench
        },
        Life("did-not-happen") {
            let bench = try await doubtful(seed: 9, .blind, .beforeActing)
            try await bench.agency.reconcile(
                .didNotHappen,
                step: "s1",
                in: bench.run,
                by: Bench.person,
                reason: "it is not there"
            )
            _ = try await bench.finish()
            return bench
        },
        Life("sent-again-under-its-key") {
            let bench = try await doubtful(seed: 10, .keyed(retentionSeconds: 3600), .beforeActing)
            _ = try await bench.finish()
            return bench
        },
        Life("advice") {
            let bench = try await Bench(try stock("advice"))
            _ = try await bench.finish()
            return bench
        },
        Life("change-board") {
            let bench = try await Bench(try stock("change-board"))
            _ = try await bench.finish()
            return bench
        },
    ]

    /// A run whose first step was interrupted, with tools of which going back undoes nothing.
    private static func doubtful(
        seed: UInt64,
        _ repeatability: Repeatability,
        _ crash: SimulatedWorld.Crash
    ) async throws -> Bench {
        var simulated = SimulatedRun(seed: seed, critique: 0)
        for index in simulated.tools.indices where simulated.tools[index].name == "notes.append" {
            simulated.tools[index].repeatability = repeatability
        }
        let bench = try await Bench(simulated, tools: simulated.tools)
        try await bench.work()
        bench.world.crash(crash)
        try await bench.choose("p1")
        do { try await bench.work() } catch is SimulatedFault {}
        try await bench.work()
        return bench
    }

    private static func stock(_ name: String) throws -> SimulatedRun {
        var simulated = SimulatedRun(seed: 7)
        let text = Stock.architecture(name)?.text ?? ""
        simulated.architecture = try Declaration.readArchitecture(text: text, file: name)
        // The tools are those of the simulated workspace.
        for index in simulated.architecture.roles.indices { simulated.architecture.roles[index].tools = [] }
        return simulated
    }
}
