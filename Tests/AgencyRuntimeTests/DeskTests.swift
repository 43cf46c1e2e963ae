// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// What people do to a run while it waits.
@Suite(.timeLimit(.minutes(4)))
struct DeskTests {
    static let simulated = SimulatedRun(critique: 0)
    static let goal = Goal(id: "only", want: "the first note is there", check: SimulatedWorld.lines("a.txt", 1))

    static func waiting() async throws -> Bench {
        let bench = try await Bench(simulated)
        try await bench.work()
        return bench
    }

    static func expect(_ code: RuntimeError.Code, _ body: () async throws -> Void) async {
        await #expect { try await body() } throws: { ($0 as? RuntimeError)?.code == code }
    }

    @Test(arguments: ["", " \n\t"])
    func `a choice without a reason is refused`(reason: String) async throws {
        let bench = try await Self.waiting()
        await Self.expect(.badInput) { try await bench.choose(reason: reason) }
    }

    @Test func `a choice of an option that is not there is refused`() async throws {
        let bench = try await Self.waiting()
        await Self.expect(.notFound) { try await bench.choose("p9") }
    }

    @Test func `a choice is refused while none is waited for`() async throws {
        let bench = try await Bench(Self.simulated)
        await Self.expect(.notNow) { try await bench.choose() }
        try await bench.work()
        try await bench.choose()
        await Self.expect(.notNow) { try await bench.choose() }
    }

    @Test func `a choice from a sheet that no longer stands is refused`() async throws {
        let bench = try await Self.waiting()
        let shown = try #require(try await bench.state().sheet?.digest)
        try await bench.agency.editGoals([Self.goal], in: bench.run, by: Bench.person, reason: "less is more")
        try await bench.work()
        await Self.expect(.stale) {
            try await bench.agency.choose(.option("p1"), in: bench.run, shown: shown, by: Bench.person, reason: "r")
        }
        #expect(try await bench.state().choice == nil)
    }

    @Test func `goals rewritten before the choice have the options judged and explained once more`() async throws {
        let bench = try await Self.waiting()
        try await bench.agency.editGoals([Self.goal], in: bench.run, by: Bench.person, reason: "less is more")
        let state = try await bench.work()
        #expect(state.options.map(\.id) == ["p1", "p2", "p3"])
        #expect(Set(state.evaluations.map { $0.episode.rawValue.prefix(2) }) == ["1."])
        #expect(state.evaluations.count == 6)
        #expect(state.explanation != nil)
        #expect(state.agenda() == .wait(.choice))
        let prompts = bench.performer.requests.filter { $0.episode.rawValue.hasPrefix("1.evaluate") }
        #expect(prompts.allSatisfy { $0.messages.map(\.text).joined().contains("- only: the first note is there") })
    }

    @Test func `a judgement by the goals as they were does not pass for one by the goals as they are`() async throws {
        let no = ScriptedPerformer.Answer.failure(PerformerError(.refusal, "no"))
        let performer = Self.simulated.makePerformer(queues: [
            "1.evaluate.auditor.p1": [no], "1.explain.explainer": [no],
        ])
        let bench = try await Bench(Self.simulated, performer: performer)
        try await bench.work()
        try await bench.agency.editGoals([Self.goal], in: bench.run, by: Bench.person, reason: "r")
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(!state.evaluations.contains { $0.role == "auditor" && $0.proposal == "p1" })
        #expect(state.explanation == nil)
    }

    @Test func `goals rewritten during enactment stop it until the plan is chosen again`() async throws {
        let bench = try await Self.waiting()
        try await bench.choose("p1")
        // The surprise at the second step ends the first spell of enactment; the revised plan is chosen and begun.
        try await bench.work()
        try await bench.choose()
        try await bench.agency.editGoals([Self.goal], in: bench.run, by: Bench.person, reason: "enough")
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(bench.world.standing.map(\.step) == ["s1"])
        #expect(state.options.map(\.id) == ["p1.r1"])
        let end = try await bench.finish()
        #expect(end.finished?.outcome == .done)
        #expect(end.goalOutcomes.map(\.goal) == ["only"])
        #expect(bench.world.files["a.txt"] == "first\n")
    }

    @Test(arguments: 2...8, [CrashingLedgerStore.Side.before, .after])
    func `who declines what was interrupted leaves a workspace that is as the record says`(
        crash: Int,
        side: CrashingLedgerStore.Side
    ) async throws {
        let bench = try await Self.waiting()
        try await bench.choose("p1")
        let broken = Bench.agency(CrashingLedgerStore(bench.store, crashAt: crash, side), bench.clock)
        await #expect(throws: SimulatedFault.self) {
            try await broken.work(on: bench.run, cast: bench.cast, world: bench.world)
        }
        try await bench.agency.editGoals([Self.goal], in: bench.run, by: Bench.person, reason: "enough")
        #expect(try await bench.work().agenda() == .wait(.choice))
        try await bench.decide(.none)
        let end = try await bench.work()
        #expect(end.finished?.outcome == .declined)
        #expect(end.anomalies == [])
        #expect(bench.world.standing.map(\.step) == end.enactment.done.map(\.step.id))
        #expect(end.enactment.current == nil)
    }

    @Test func `goals that cannot be settled are refused`() async throws {
        let bench = try await Self.waiting()
        for goals in [[], [Goal(id: "a", want: "w")], [Self.goal, Self.goal]] {
            await Self.expect(.badInput) {
                try await bench.agency.editGoals(goals, in: bench.run, by: Bench.person, reason: "r")
            }
        }
    }

    @Test func `a question is answered, filed, and shown with the options`() async throws {
        let bench = try await Self.waiting()
        let before = try await bench.state().sheet?.digest
        try await bench.agency.ask("Why three notes?", in: bench.run, by: Bench.person)
        let state = try await bench.work()
        #expect(state.questions.first?.answer?.claims.first?.standing == .verified)
        #expect(state.agenda() == .wait(.choice))
        #expect(state.sheet?.digest != before)
        let asked = try #require(bench.performer.requests(of: "0.answer.explainer.q1").first)
        #expect(asked.messages.map(\.text).joined().contains("Why three notes?"))
    }

    @Test func `a question that cannot be answered does not keep the next one from its answer`() async throws {
        let no = ScriptedPerformer.Answer.failure(PerformerError(.refusal, "no comment"))
        let performer = Self.simulated.makePerformer(queues: ["0.answer.explainer.q1": [no, no, no, no]])
        let bench = try await Bench(Self.simulated, performer: performer)
        try await bench.work()
        try await bench.agency.ask("First?", in: bench.run, by: Bench.person)
        try await bench.agency.ask("Second?", in: bench.run, by: Bench.person)
        let state = try await bench.work()
        #expect(state.questions.map(\.failed) == [true, false])
        #expect(state.questions[1].answer != nil)
        #expect(state.agenda() == .wait(.choice))
        #expect(performer.requests(of: "0.answer.explainer.q1").count == 1)
        #expect(performer.requests(of: "0.answer.explainer.q2").count == 1)
    }

    @Test func `only so many questions may be asked`() async throws {
        let bench = try await Self.waiting()
        for number in 1...Limits.questions {
            try await bench.agency.ask("Question \(number)?", in: bench.run, by: Bench.person)
        }
        await Self.expect(.notNow) { try await bench.agency.ask("One more?", in: bench.run, by: Bench.person) }
        #expect(try await bench.work().questions.count { $0.answer != nil } == Limits.questions)
    }

    @Test func `an edited option is added to the others and can be chosen and carried out`() async throws {
        let bench = try await Self.waiting()
        let before = try await bench.state().sheet?.digest
        let plan = Plan(steps: SimulatedRun.steps(first: "first", second: "edited", third: "third", forecast: 1))
        let id = try await bench.agency.addOption(
            plan,
            title: "Mine",
            from: "p2",
            to: bench.run,
            by: Bench.person,
            reason: "the count was wrong"
        )
        #expect(id == "p2.e1")
        let state = try await bench.work()
        #expect(state.options.map(\.id) == ["p1", "p2", "p3", "p2.e1"])
        #expect(state.sheet?.digest != before)
        try await bench.choose(id)
        #expect(try await bench.work().finished?.outcome == .done)
        #expect(bench.world.files["b.txt"] == "edited\n")
    }

    @Test func `an option that could not be carried out is refused with its first fault`() async throws {
        let bench = try await Self.waiting()
        let step = Step(id: "s1", intent: "x", action: Action(tool: "notes.burn", arguments: [:]))
        await Self.expect(.badInput) {
            _ = try await bench.agency.addOption(
                Plan(steps: [step]),
                title: "t",
                from: "p1",
                to: bench.run,
                by: Bench.person,
                reason: "r"
            )
        }
        await Self.expect(.notFound) {
            _ = try await bench.agency.addOption(
                Plan(steps: []),
                title: "t",
                from: "p9",
                to: bench.run,
                by: Bench.person,
                reason: "r"
            )
        }
    }

    @Test func `a choice that has expired lapses before anything is done, and is asked for again`() async throws {
        let bench = try await Self.waiting()
        try await bench.choose("p2")
        bench.clock.advance(by: .seconds(3600))
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(bench.world.acts.isEmpty)
        #expect(state.options.contains { $0.id == "p2" })
        #expect(try await bench.events().contains { $0.type == "choice_lapsed" })
        try await bench.choose("p2")
        try await bench.work()
        #expect(!bench.world.acts.isEmpty)
    }

    @Test func `a workspace that somebody else changed is not acted on, and going back repairs it`() async throws {
        let bench = try await Self.waiting()
        try await bench.choose("p1")
        try await bench.work()
        try await bench.choose()
        bench.world.edit("readme.txt", "scribble")
        await Self.expect(.workspaceChanged) { try await bench.work() }
        #expect(bench.world.standing.map(\.step) == ["s1"])
        let undone = try await bench.agency.revert(
            to: "s1",
            in: bench.run,
            world: bench.world,
            by: Bench.person,
            reason: "clean up"
        )
        #expect(undone.isEmpty)
        #expect(bench.world.files["readme.txt"] == "hello\n")
        #expect(try await bench.work().finished?.outcome == .done)
    }

    @Test func `a person can have every step undone, and must then choose again`() async throws {
        let bench = try await Self.waiting()
        try await bench.choose("p1")
        try await bench.work()
        try await bench.choose()
        let undone = try await bench.agency.revert(
            to: nil,
            in: bench.run,
            world: bench.world,
            by: Bench.person,
            reason: "start over"
        )
        #expect(undone == ["s1"])
        #expect(bench.world.files == ["readme.txt": "hello\n"])
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(bench.world.standing.isEmpty)
        #expect(try await bench.finish().finished?.outcome == .done)
        #expect(bench.world.files["a.txt"] == "first\n")
    }

    @Test func `steps that are not done cannot be gone back to`() async throws {
        let bench = try await Self.waiting()
        await Self.expect(.notNow) {
            try await bench.agency.revert(to: nil, in: bench.run, world: bench.world, by: Bench.person, reason: "r")
        }
        try await bench.choose()
        try await bench.work()
        await Self.expect(.notFound) {
            try await bench.agency.revert(to: "s2", in: bench.run, world: bench.world, by: Bench.person, reason: "r")
        }
    }

    @Test func `a run that was stopped cannot be steered any more`() async throws {
        let bench = try await Self.waiting()
        try await bench.agency.stop(bench.run, by: Bench.person, reason: "enough")
        #expect(try await bench.work().status == .stopped)
        await Self.expect(.notNow) { try await bench.choose() }
        await Self.expect(.notNow) { try await bench.agency.pause(bench.run, by: Bench.person) }
        await Self.expect(.notNow) { try await bench.agency.letGoOn(bench.run, by: Bench.person) }
        await Self.expect(.notNow) {
            try await bench.agency.editGoals([Self.goal], in: bench.run, by: Bench.person, reason: "r")
        }
    }

    @Test func `a run that does not exist is not found`() async throws {
        let bench = try await Bench(Self.simulated)
        await Self.expect(.notFound) { _ = try await bench.agency.state(of: "r-none") }
        await Self.expect(.notFound) { _ = try await bench.agency.events(of: "r-none") }
    }

    @Test func `a profile that nobody plays is found out before anything is recorded`() async throws {
        let store = InMemoryLedgerStore()
        let agency = Bench.agency(store, SteppedClock())
        await Self.expect(.badInput) {
            _ = try await agency.start(
                Self.simulated.brief,
                with: Self.simulated.architecture,
                cast: Cast([]),
                tools: Self.simulated.tools,
                by: "starter"
            )
        }
        #expect(await store.runs().isEmpty)
    }
}
