// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@testable import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// After an update what was chosen goes on standing, and whatever is more is asked.
@Suite struct UpholdingTests {
    static let steps: [Step] = {
        var steps = SimulatedRun.steps(first: "first", second: "second", third: "third", forecast: 2)
        steps[1].after = []
        steps[2].after = ["s1"]
        return steps
    }()

    /// A run whose second step halted, before its revision.
    static func halted(desks: [TestDesk] = [ChoiceMatrixTests.ada], steps: [Step] = Self.steps) -> History {
        var history = History(desks: desks)
        guard case .perform(let orders) = history.state.agenda() else { return history }
        for order in orders { history.begin(order) }
        for order in orders { history.complete(order.id, SimulatedRun.proposal("P", steps, assumptions: ["a", "b"])) }
        history.driveToChoice()
        history.choose(.option("p1"))
        history.drive { if case .perform = $0 { true } else { false } }
        return history
    }

    /// Revises the plan and has it evaluated and explained.
    static func revise(
        _ history: inout History,
        _ steps: [Step],
        assumptions: [String] = ["a", "b"],
        objection: Objection.Severity? = nil,
        dissent: String? = nil
    ) {
        for _ in 0..<4 {
            guard case .perform(let orders) = history.state.agenda() else { return }
            for order in orders { history.begin(order) }
            for order in orders {
                switch order.task {
                case .revise:
                    history.complete(order.id, SimulatedRun.proposal("R", steps, assumptions: assumptions))
                case .evaluate:
                    let objections = objection.map { [(statement: "no", severity: $0)] } ?? []
                    history.complete(
                        order.id,
                        SimulatedRun.evaluation(scores: [], probability: nil, objections: objections, dissent: dissent)
                    )
                default: history.complete(order.id, history.simulated.output(of: order.id))
                }
            }
        }
    }

    static func isAsked(_ history: History) -> Bool {
        if case .requestChoice = history.state.agenda() { true } else { false }
    }

    @Test func `a revised plan that only leaves out a step goes on without a question, and is permitted nothing else`()
        throws
    {
        var history = Self.halted()
        #expect(history.state.halt?.step == "s2")
        Self.revise(&history, [Self.steps[0], Self.steps[2]], assumptions: ["b"])
        guard case .uphold(let event) = history.state.agenda() else {
            Issue.record("\(history.state.agenda().words)")
            return
        }
        let choice = try #require(history.state.choices.last)
        #expect(event.choice == choice.sequence)
        history.step()
        history.driveToStep("s3")
        #expect(history.state.choices.count == 1)
        let granted = try history.state.authorize("s3", now: history.now)
        #expect(granted.choice == choice.sequence)
        #expect(granted.plan == event.plan)
        #expect(granted.action == Self.steps[2].action)
        history.drive { $0 == .nothing }
        #expect(history.state.anomalies == [])
        #expect(history.state.enactment.done.map(\.step.id) == ["s1", "s3"])
    }

    @Test func `a revision that adds, changes or reorders anything is asked`() {
        let steps = Self.steps
        func changed(_ index: Int, _ change: (inout Step) -> Void) -> [Step] {
            var step = steps[index]
            change(&step)
            return index == 0 ? [step, steps[2]] : [steps[0], step]
        }
        let more = Step(id: "s4", intent: "More.", action: SimulatedWorld.append("d.txt", "more"))
        let revisions: [(String, [Step])] = [
            ("the same plan", steps), ("a step more", [steps[0], steps[2], more]),
            ("another argument", changed(2) { $0.action = SimulatedWorld.append("c.txt", "more") }),
            ("another tool", changed(2) { $0.action.tool = "notes.other" }),
            ("another intent", changed(2) { $0.intent = "More." }),
            ("other forecasts", changed(2) { $0.forecasts = [] }),
            ("higher stakes", changed(2) { $0.stakes = .high }),
            ("other reversibility", changed(2) { $0.reversibility = .irreversible }),
            ("another order", changed(2) { $0.after = [] }), ("another name", changed(2) { $0.id = "s9" }),
            ("the step that halted", [steps[0], steps[1]]),
        ]
        for (name, revision) in revisions {
            var history = Self.halted()
            Self.revise(&history, revision)
            #expect(Self.isAsked(history), "\(name): \(history.state.agenda().words)")
        }
        var assumed = Self.halted()
        Self.revise(&assumed, [steps[0], steps[2]], assumptions: ["a", "c"])
        #expect(Self.isAsked(assumed))
    }

    @Test func `a narrower plan is asked all the same when it is objected to, cannot be taken back, or nothing signs`()
    {
        let rest = [Self.steps[0], Self.steps[2]]
        var objected = Self.halted()
        Self.revise(&objected, rest, objection: .blocking)
        #expect(Self.isAsked(objected))
        var minor = Self.halted()
        Self.revise(&minor, rest, objection: .minor)
        #expect(!Self.isAsked(minor))
        var dissented = Self.halted()
        Self.revise(&dissented, rest, dissent: "No.")
        #expect(Self.isAsked(dissented))
        var bare = Self.halted(desks: [])
        Self.revise(&bare, rest)
        #expect(Self.isAsked(bare))
        var final = Self.steps
        final[2].reversibility = .irreversible
        var irreversible = Self.halted(steps: final)
        Self.revise(&irreversible, [final[0], final[2]])
        #expect(Self.isAsked(irreversible))
        var late = Self.halted()
        late.now += History.hour
        Self.revise(&late, rest)
        #expect(Self.isAsked(late))
        var rewritten = Self.halted()
        let goals = [Goal(id: "g", want: "w", check: SimulatedWorld.lines("a.txt", 1))]
        rewritten.record(.goalsEdited(GoalsEdited(goals: goals, person: "p", identifiedBy: "i", reason: "r")))
        Self.revise(&rewritten, rest)
        #expect(Self.isAsked(rewritten))
    }

    @Test func `an event that lets a choice stand for something wider changes nothing`() throws {
        var history = Self.halted()
        Self.revise(&history, Self.steps)
        let revised = try #require(history.state.options.first)
        let event = ChoiceUpheld(
            choice: history.state.choices.last?.sequence ?? 0,
            proposal: revised.id,
            plan: revised.plan.digest,
            chosen: history.state.proposals["p1"]?.plan.digest ?? Digest(of: "")
        )
        history.record(.choiceUpheld(event))
        #expect(history.state.choice == nil)
        #expect(history.state.anomalies.count == 1)
        // Nor does a state that says so.
        var state = history.state
        state.choice = state.basis?.choice
        state.basis?.upheld = revised.id
        state.enactment.proposal = revised.id
        state.enactment.plan = revised.plan
        #expect(AuthorizationTests.refusal(state, "s2")?.isLapsed == true)
    }
}
