// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// The state of a run as a fold over its events.
@Suite struct FoldTests {
    static let person = PersonActed(person: "p", identifiedBy: "i")
    static let goal = Goal(id: "g", want: "w", check: SimulatedWorld.lines("a.txt", 1))

    static func edit(_ goals: [Goal]) -> Event {
        .goalsEdited(GoalsEdited(goals: goals, person: "p", identifiedBy: "i", reason: "r"))
    }

    static func words(_ history: History) -> String {
        switch history.state.agenda() {
        case .perform(let orders): "perform " + orders.map(\.id.rawValue).joined(separator: " ")
        case .iterate(let order): "iterate \(order.id)"
        case .requestChoice: "request"
        case .uphold: "uphold"
        case .checkpoint(let step): "checkpoint \(step?.rawValue ?? "-")"
        case .revert(let steps, let checkpoint, let reason, _):
            "revert \(steps.map(\.rawValue).joined(separator: " ")) to \(checkpoint) \(reason.rawValue)"
        case .fill(let step): "fill \(step)"
        case .enact(let step): "enact \(step)"
        case .reconcile(let step): "reconcile \(step)"
        case .settle(let step): "settle \(step)"
        case .settleGoals: "goals"
        case .finish(let ending): "finish \(ending.outcome.rawValue)"
        case .wait(.choice): "wait choice"
        case .wait(.paused): "wait paused"
        case .wait(.reconcile): "wait reconcile"
        case .wait(.stalled): "wait stalled"
        case .nothing: "nothing"
        }
    }

    @Test func `the agenda leads through the whole of a run`() {
        var history = History(SimulatedRun(critique: 0))
        var agenda = [Self.words(history)]
        while history.step() { agenda.append(Self.words(history)) }
        let evaluations = ["auditor", "saboteur"].flatMap { role in
            ["p1", "p2", "p3"].map { "0.evaluate.\(role).\($0)" }
        }
        #expect(
            agenda == [
                "perform 0.propose.writer.1 0.propose.writer.2 0.propose.writer.3",
                "perform " + evaluations.joined(separator: " "), "perform 0.explain.explainer", "request",
                "wait choice",
                "checkpoint -", "enact s1", "settle s1", "checkpoint s1", "enact s2", "settle s2",
                agenda.first { $0.hasPrefix("revert s2") } ?? "", "perform 0.revise.reviser",
                "perform 1.evaluate.auditor.p1.r1 1.evaluate.saboteur.p1.r1", "perform 1.explain.explainer", "request",
                "wait choice", "enact s2", "settle s2", "checkpoint s2", "enact s3", "settle s3", "checkpoint s3",
                "goals",
                "finish done", "nothing",
            ]
        )
        #expect(history.state.anomalies.isEmpty)
        #expect(history.state.status == .finished)
    }

    @Test func `a record folds to the same state however often it is folded`() {
        var history = History(SimulatedRun())
        history.drive()
        var again = RunState(run: History.run)
        for event in history.events { again.apply(event) }
        let isSame = again == history.state
        #expect(isSame)
    }

    @Test func `a critique leads to a mending only of what was criticised`() {
        var history = History(SimulatedRun(critique: 1))
        history.step()
        guard case .perform(let critiques) = history.state.agenda() else { return #expect(Bool(false)) }
        for order in critiques { history.begin(order) }
        history.complete("0.critique.critic.p1.1", SimulatedRun.critique(objections: ["weak"]))
        history.complete("0.critique.critic.p2.1", SimulatedRun.critique(objections: []))
        history.complete("0.critique.critic.p3.1", SimulatedRun.critique(objections: [], suggestions: ["shorter"]))
        #expect(Self.words(history) == "perform 0.refine.writer.p1.1 0.refine.writer.p3.1")
    }

    @Test func `what a later round finds does not open an earlier round again`() {
        var history = History(SimulatedRun(critique: 2))
        history.step()
        for order in history.state.dueOrders() {
            history.begin(order)
            history.complete(order.id, SimulatedRun.critique(objections: []))
        }
        #expect(Self.words(history).hasPrefix("perform 0.critique.critic.p1.2"))
        for order in history.state.dueOrders() {
            history.begin(order)
            history.complete(order.id, SimulatedRun.critique(objections: ["late"]))
        }
        #expect(Self.words(history) == "perform 0.refine.writer.p1.2 0.refine.writer.p2.2 0.refine.writer.p3.2")
    }

    @Test func `an episode that was begun and not ended is due again`() {
        var history = History()
        let orders = history.state.dueOrders()
        history.begin(orders[0])
        history.begin(orders[1])
        history.complete(orders[1].id, history.simulated.output(of: orders[1].id))
        #expect(history.state.dueOrders().map(\.id) == [orders[0].id, orders[2].id])
    }

    @Test func `goals rewritten while episodes are under way do not leave the run stuck`() {
        var history = History()
        history.step()
        let orders = history.state.dueOrders()
        for order in orders { history.begin(order) }
        history.complete(orders[0].id, history.simulated.output(of: orders[0].id))
        history.record(Self.edit([Self.goal]))
        #expect(Self.words(history).hasPrefix("perform 1.evaluate.auditor.p1 "))
        history.driveToChoice()
        #expect(Self.words(history) == "wait choice")
        #expect(history.state.evaluations.allSatisfy { $0.episode.rawValue.hasPrefix("1.") })
        // What comes too late is no longer taken in.
        history.complete(orders[1].id, history.simulated.output(of: orders[1].id))
        #expect(history.state.anomalies.count == 1)
        #expect(history.state.evaluations.count == 6)
    }

    @Test func `work is sent back only as often as the architecture allows`() {
        var history = History()
        history.driveToChoice()
        history.choose(.sendBack, reason: "again")
        #expect(history.state.reason == "again")
        #expect(Self.words(history).hasPrefix("perform 1.propose.writer.1"))
        history.driveToChoice()
        #expect(history.state.options.map(\.id) == ["p4", "p5", "p6"])
        #expect(!history.state.canSendBack)
        history.choose(.sendBack)
        #expect(history.state.anomalies.count == 1)
        #expect(Self.words(history) == "wait choice")
    }

    @Test func `a revision that is sent back counts against the updates`() {
        var history = History()
        history.drive { if case .perform(let orders) = $0 { orders.first?.task == .revise } else { false } }
        history.step()
        history.driveToChoice()
        #expect(history.state.options.map(\.id) == ["p1.r1"])
        history.choose(.sendBack, reason: "not yet")
        #expect(Self.words(history) == "perform 1.revise.reviser")
        history.step()
        history.driveToChoice()
        #expect(history.state.options.map(\.id) == ["p1.r2"])
        #expect(!history.state.canSendBack)
    }

    @Test func `choosing none ends the run`() {
        var history = History()
        history.driveToChoice()
        history.choose(.none)
        #expect(Self.words(history) == "finish declined")
    }

    @Test func `a choice that lapses is asked for again`() {
        var history = History()
        history.driveToStep("s2")
        history.record(.choiceLapsed(ChoiceLapsed(reason: "expired")))
        #expect(Self.words(history) == "request")
        #expect(history.state.choices.count == 1)
        history.step()
        history.step()
        #expect(Self.words(history) == "enact s2")
    }

    @Test func `a plan whose first steps are unchanged keeps them done, and any other has them undone`() {
        for (first, expected) in [("first", "enact s2"), ("other", "revert s1 to ")] {
            var history = History()
            history.drive { if case .perform(let orders) = $0 { orders.first?.task == .revise } else { false } }
            let order = history.state.dueOrders()[0]
            history.begin(order)
            let steps = SimulatedRun.steps(first: first, second: "b", third: "third", forecast: 1)
            history.complete(order.id, SimulatedRun.proposal("R", steps))
            history.driveToChoice()
            history.step()
            #expect(Self.words(history).hasPrefix(expected))
        }
    }

    @Test func `a question that fails leaves the next one open`() {
        var history = History()
        history.driveToChoice()
        for number in 1...2 {
            history.record(.questionAsked(QuestionAsked(number: number, question: "q\(number)", person: "p")))
        }
        #expect(Self.words(history) == "perform 0.answer.explainer.q1")
        history.begin(history.state.agendaOrders[0])
        history.fail("0.answer.explainer.q1")
        #expect(Self.words(history) == "perform 0.answer.explainer.q2")
        history.step()
        #expect(history.state.questions.map(\.failed) == [true, false])
        #expect(history.state.questions[1].answer != nil)
        #expect(Self.words(history) == "request")
    }

    @Test func `pausing holds everything, stopping ends it`() {
        var history = History()
        history.step()
        history.record(.runPaused(Self.person))
        #expect(Self.words(history) == "wait paused")
        history.record(.runContinued(Self.person))
        #expect(Self.words(history).hasPrefix("perform 0.evaluate"))
        history.record(.runStopped(Self.person))
        #expect(Self.words(history) == "nothing")
        history.record(.runContinued(Self.person))
        #expect(Self.words(history) == "nothing")
    }

    @Test func `a run whose proposals all failed waits for a person, who can have them tried again`() {
        var history = History()
        let orders = history.state.dueOrders()
        for order in orders {
            history.begin(order)
            history.fail(order.id)
        }
        #expect(Self.words(history) == "wait stalled")
        history.record(.episodesReopened(EpisodesReopened(episodes: [orders[1].id], person: "p")))
        #expect(Self.words(history) == "perform 0.propose.writer.2")
        history.step()
        #expect(history.state.options.map(\.id) == ["p2"])
        #expect(Self.words(history).hasPrefix("perform 0.evaluate"))
    }

    @Test func `options stand in the order of their numbers, whichever was written first`() {
        var history = History()
        let orders = history.state.dueOrders()
        for order in orders { history.begin(order) }
        for order in orders.reversed() { history.complete(order.id, history.simulated.output(of: order.id)) }
        #expect(history.state.options.map(\.id) == ["p1", "p2", "p3"])
    }
}

extension RunState {
    var agendaOrders: [EpisodeOrder] { if case .perform(let orders) = agenda() { orders } else { [] } }
}
