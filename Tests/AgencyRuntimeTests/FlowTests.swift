// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

@Suite(.timeLimit(.minutes(4)))
struct FlowTests {
    @Test func `a run waits for a choice once the options are explained`() async throws {
        let bench = try await Bench()
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(state.options.map(\.id) == ["p1", "p2", "p3"])
        #expect(state.evaluations.count == 6)
        #expect(state.explanation?.claims.map(\.standing) == [.verified])
        #expect(state.sheet?.options.map(\.proposal) == ["p1", "p2", "p3"])
        #expect(state.anomalies.isEmpty)
        #expect(bench.world.acts.isEmpty)
    }

    @Test func `a surprise is undone, the plan revised, chosen again and carried to its end`() async throws {
        let bench = try await Bench(SimulatedRun(critique: 0))
        let end = try await bench.finish()
        #expect(end.finished?.outcome == .done)
        #expect(end.anomalies.isEmpty)
        #expect(
            try await bench.kinds() == [
                "run_started",
                "episode_started", "episode_completed",  // propose
                "episode_started", "episode_completed",  // evaluate
                "episode_started", "episode_completed",  // explain
                "choice_requested", "choice_recorded", "checkpoint_made",
                "step_authorized", "step_intended", "step_observed", "step_settled", "checkpoint_made",
                "step_authorized", "step_intended", "step_observed", "step_settled", "steps_reverted",
                "episode_started", "episode_completed",  // revise
                "episode_started", "episode_completed",  // evaluate
                "episode_started", "episode_completed",  // explain
                "choice_requested", "choice_recorded",
                "step_authorized", "step_intended", "step_observed", "step_settled", "checkpoint_made",
                "step_authorized", "step_intended", "step_observed", "step_settled", "checkpoint_made",
                "goals_settled", "run_finished",
            ]
        )
        #expect(end.enactment.trials.map(\.step.id) == ["s1", "s2", "s2", "s3"])
        #expect(end.enactment.trials.map(\.attempt) == [1, 1, 2, 1])
        #expect(end.enactment.trials.map { $0.reverted?.reason } == [nil, .surprise, nil, nil])
        #expect(end.goalOutcomes.map(\.goal) == ["first", "last"])
        #expect(end.updatesUsed == 1)
    }

    @Test func `a step that is undone leaves nothing behind and a kept one is not done again`() async throws {
        let bench = try await Bench()
        _ = try await bench.finish()
        #expect(bench.world.standing.map(\.step) == ["s1", "s2", "s3"])
        #expect(bench.world.files["a.txt"] == "first\n")
        #expect(bench.world.files["b.txt"]?.split(separator: "\n").count == 1)
        #expect(bench.world.files["readme.txt"] == "hello\n")
        #expect(bench.world.actsByEffect.values.allSatisfy { $0 == 1 })
    }

    @Test func `the record of a whole run verifies with every artefact in place`() async throws {
        let bench = try await Bench()
        _ = try await bench.finish()
        let verification = try await bench.store.verify(run: bench.run)
        #expect(verification.isSound)
        #expect(verification.artefactsChecked > 20)
    }

    @Test func `what a worker knows is what the record folds to`() async throws {
        let bench = try await Bench()
        let end = try await bench.finish()
        #expect(try await bench.another.state(of: bench.run) == end)
    }

    @Test func `every turn that was sent is on the record byte for byte`() async throws {
        let bench = try await Bench()
        try await bench.work()
        let state = try await bench.state()
        for request in bench.performer.requests where request.turn == 0 {
            let record = try #require(state.episodes[request.episode])
            let bytes = try #require(try await bench.store.artefact(record.prompt.digest))
            let kept = try JSONValue(parsing: bytes)
            #expect(kept["messages"]?.canonicalText == JSONValue.array(request.messages.map(\.json)).canonicalText)
            #expect(kept["output"]?.canonicalText == request.output.json.canonicalText)
        }
    }

    @Test func `declining ends the run with nothing done`() async throws {
        let bench = try await Bench()
        try await bench.work()
        try await bench.decide(.none, reason: "none of it convinces")
        let end = try await bench.work()
        #expect(end.finished?.outcome == .declined)
        #expect(bench.world.acts.isEmpty)
    }

    @Test func `work that is sent back is proposed anew, as often as the architecture allows`() async throws {
        let bench = try await Bench()
        try await bench.work()
        try await bench.decide(.sendBack, reason: "think of the readers")
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(state.options.map(\.id) == ["p4", "p5", "p6"])
        let prompts = bench.performer.requests.filter { $0.episode.rawValue.hasPrefix("1.propose.") }
        #expect(prompts.count == 3)
        #expect(prompts.allSatisfy { $0.messages.map(\.text).joined().contains("think of the readers") })
        await #expect { try await bench.decide(.sendBack) } throws: { ($0 as? RuntimeError)?.code == .notNow }
    }

    @Test func `without a revision left a surprise halts the run at the last good checkpoint`() async throws {
        var simulated = SimulatedRun(critique: 0)
        simulated.architecture.flow.removeLast()
        simulated.architecture.roles.removeAll { $0.kind == .update }
        let bench = try await Bench(simulated)
        let end = try await bench.finish()
        #expect(end.finished?.outcome == .halted)
        #expect(end.halt?.step == "s2")
        #expect(bench.world.files.keys.sorted() == ["a.txt", "readme.txt"])
    }

    @Test func `a revised plan that contradicts the world again uses up the revisions and halts`() async throws {
        let wrong = SimulatedRun.steps(first: "first", second: "x", third: "third", forecast: 7)
        let simulated = SimulatedRun(critique: 0)
        let performer = simulated.makePerformer(queues: [
            "0.revise.reviser": [.output(SimulatedRun.proposal("Again", wrong))],
            "1.revise.reviser": [.output(SimulatedRun.proposal("And again", wrong))],
        ])
        let bench = try await Bench(simulated, performer: performer)
        let end = try await bench.finish()
        #expect(end.finished?.outcome == .halted)
        #expect(end.updatesUsed == 2)
        #expect(bench.world.standing.map(\.step) == ["s1"])
    }

    @Test func `a step that fails is undone as a failure, and the reviser is told`() async throws {
        let simulated = SimulatedRun(critique: 0)
        let bad = [Step(id: "s1", intent: "Write where one cannot.", action: SimulatedWorld.write("/etc/x", "y"))]
        let performer = simulated.makePerformer(queues: [
            "0.propose.writer.1": [.output(SimulatedRun.proposal("Reach out", bad))]
        ])
        let bench = try await Bench(simulated, performer: performer)
        try await bench.work()
        try await bench.choose("p1")
        let state = try await bench.work()
        #expect(state.enactment.trials.first?.reverted?.reason == .failure)
        let revision = try #require(bench.performer.requests(of: "0.revise.reviser").first)
        #expect(revision.messages.map(\.text).joined().contains("that note cannot be reached"))
    }

    @Test func `a goal that is missed after all steps leads to a revision, not to an end`() async throws {
        let simulated = SimulatedRun(critique: 0)
        let short = [Step(id: "s1", intent: "Write one note.", action: SimulatedWorld.append("a.txt", "first"))]
        let performer = simulated.makePerformer(queues: [
            "0.propose.writer.1": [.output(SimulatedRun.proposal("Only one", short))]
        ])
        let bench = try await Bench(simulated, performer: performer)
        try await bench.work()
        try await bench.choose("p1")
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(state.halt?.why == "not reached: last")
        #expect(state.halt?.step == nil)
        #expect(try await bench.finish().finished?.outcome == .done)
        #expect(bench.world.files["a.txt"] == "first\n")
    }
}
