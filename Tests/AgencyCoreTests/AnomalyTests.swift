// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// Events that cannot be right where they stand.
@Suite struct AnomalyTests {
    /// The state must not change but for its position, its time and the list of anomalies.
    static func expectNoted(_ history: History, _ event: Event, _ words: String) {
        var after = history
        after.now = history.now
        after.record(event)
        #expect(after.state.anomalies.count == history.state.anomalies.count + 1)
        #expect(after.state.anomalies.last?.contains(words) == true, "\(after.state.anomalies)")
        let isSameAgenda = after.state.agenda() == history.state.agenda()
        #expect(isSameAgenda)
        #expect(after.state.options == history.state.options)
        #expect(after.state.enactment == history.state.enactment)
        #expect(after.state.status == history.state.status)
    }

    @Test func `a choice of something other than what stands`() {
        var history = History()
        history.driveToChoice()
        let forged = Choice(
            verdict: .option("p1"),
            person: "p",
            identifiedBy: "i",
            reason: "r",
            shown: Digest(of: "forged"),
            expiresAtMilliseconds: .max
        )
        Self.expectNoted(history, .choiceRecorded(ChoiceRecorded(choice: forged)), "other than what stands")
        var absent = forged
        absent.shown = history.state.sheet?.digest ?? absent.shown
        absent.verdict = .option("p9")
        Self.expectNoted(history, .choiceRecorded(ChoiceRecorded(choice: absent)), "an option that is not there")
    }

    @Test func `a second choice`() {
        var history = History()
        history.driveToChoice()
        let sheet = history.state.sheet
        history.step()
        let second = Choice(
            verdict: .option("p2"),
            person: "p",
            identifiedBy: "i",
            reason: "r",
            shown: sheet?.digest ?? Digest(of: ""),
            expiresAtMilliseconds: .max
        )
        Self.expectNoted(history, .choiceRecorded(ChoiceRecorded(choice: second)), "other than what stands")
    }

    @Test func `a sheet that shows something other than what stands`() {
        var history = History()
        history.drive { if case .requestChoice = $0 { true } else { false } }
        var sheet = history.state.currentSheet
        Self.expectNoted(
            history,
            .choiceRequested(ChoiceRequested(sheet: sheet, digest: Digest(of: "x"))),
            "other than"
        )
        sheet.options.removeLast()
        Self.expectNoted(history, .choiceRequested(ChoiceRequested(sheet: sheet, digest: sheet.digest)), "other than")
    }

    @Test func `an episode that is completed twice`() throws {
        var history = History()
        let order = history.state.dueOrders()[0]
        history.begin(order)
        let output = history.simulated.output(of: order.id)
        history.complete(order.id, output)
        Self.expectNoted(history, .episodeCompleted(History.completed(order.id, output)), "not under way")
        Self.expectNoted(
            history,
            .episodeStarted(EpisodeStarted(order: order, prompt: History.reference, performer: "p")),
            "not due"
        )
    }

    @Test func `an episode that is not due`() {
        var history = History()
        history.driveToChoice()
        let order = EpisodeOrder(id: "0.propose.writer.9", role: "writer", task: .propose, narrative: .max)
        Self.expectNoted(
            history,
            .episodeStarted(EpisodeStarted(order: order, prompt: History.reference, performer: "p")),
            "not due"
        )
        Self.expectNoted(history, .episodeCompleted(History.completed(order.id, [:])), "not under way")
    }

    @Test func `an output that cannot be read ends its episode and nothing else`() {
        var history = History()
        let order = history.state.dueOrders()[0]
        history.begin(order)
        history.complete(order.id, ["title": 7])
        #expect(history.state.anomalies.count == 1)
        #expect(history.state.options.isEmpty)
        #expect(history.state.spent.calls == 1)
    }

    @Test func `a step that is intended twice or out of turn`() throws {
        var history = History()
        history.driveToStep("s1")
        let due = try #require(history.state.enactment.next)
        let later = try #require(history.state.enactment.plan?.step("s2"))
        func intent(_ step: Step) -> Event {
            .stepIntended(StepIntended(step: step.id, effect: Digest(of: "e"), action: step.action))
        }
        Self.expectNoted(history, intent(later), "not due")
        history.record(intent(due))
        Self.expectNoted(history, intent(due), "not due")
    }

    @Test func `a step that is intended when no choice stands`() throws {
        var history = History()
        history.driveToStep("s1")
        let due = try #require(history.state.enactment.next)
        let intent = Event.stepIntended(StepIntended(step: "s1", effect: Digest(of: "e"), action: due.action))
        var lapsed = history
        lapsed.record(.choiceLapsed(ChoiceLapsed(reason: "r")))
        Self.expectNoted(lapsed, intent, "not due")
        var paused = history
        paused.record(.runPaused(FoldTests.person))
        Self.expectNoted(paused, intent, "not due")
    }

    @Test func `an observation of another effect and a settlement of what was not observed`() throws {
        var history = History()
        history.driveToStep("s1")
        try history.intend("s1")
        let other = StepObserved(
            step: "s1",
            effect: Digest(of: "x"),
            result: ToolResult(status: 0, output: ""),
            changed: []
        )
        Self.expectNoted(history, .stepObserved(other), "not intended")
        Self.expectNoted(history, .stepSettled(StepSettled(step: "s1", settlements: [], halt: nil)), "not observed")
    }

    @Test func `a checkpoint of a step that was not settled, or that halted`() throws {
        var history = History()
        history.driveToStep("s1")
        try history.intend("s1")
        let checkpoint = Event.checkpointMade(CheckpointMade(step: "s1", checkpoint: "forged"))
        Self.expectNoted(history, checkpoint, "not been settled")
        history.observe("s1")
        Self.expectNoted(history, checkpoint, "not been settled")
        history.record(.stepSettled(StepSettled(step: "s1", settlements: [], halt: "no")))
        Self.expectNoted(history, checkpoint, "not been settled")
    }

    @Test func `a claim with the number of an earlier lease`() {
        var history = History()
        history.driveToChoice()
        history.record(.runClaimed(RunClaimed(worker: "first", epoch: 4)))
        #expect(history.state.claim == RunClaimed(worker: "first", epoch: 4))
        for epoch in [-1, 0, 3, 4] {
            Self.expectNoted(history, .runClaimed(RunClaimed(worker: "late", epoch: epoch)), "was lost before")
        }
        history.record(.runClaimed(RunClaimed(worker: "second", epoch: 5)))
        #expect(history.state.claim?.worker == "second")
        #expect(history.state.agenda() == .wait(.choice))
    }

    @Test func `a late result is kept and counted, and nothing follows from it`() {
        var history = History()
        history.driveToChoice()
        let before = history.state
        let late = LateResult(
            worker: "late",
            epoch: 1,
            episode: "0.explain.explainer",
            result: History.reference,
            usage: Usage(outputTokens: 7, calls: 1)
        )
        history.record(.lateResult(late))
        #expect(history.state.lateResults == [late])
        #expect(history.state.spent.calls == before.spent.calls + 1)
        #expect(history.state.agenda() == before.agenda())
        #expect(history.state.explanation == before.explanation)
        #expect(history.state.anomalies == before.anomalies)
    }

    @Test func `an undoing that is not due`() {
        var history = History()
        history.driveToStep("s2")
        for reason in StepsReverted.Reason.allCases where reason != .person {
            let event = StepsReverted(steps: ["s1"], checkpoint: "c", reason: reason, note: "n")
            Self.expectNoted(history, .stepsReverted(event), "not to be undone")
        }
    }

    @Test func `an end before the end, and goals settled before the plan is carried out`() {
        var history = History()
        history.driveToStep("s2")
        Self.expectNoted(history, .runFinished(RunFinished(outcome: .done, summary: "s")), "not at its end")
        Self.expectNoted(history, .goalsSettled(GoalsSettled(outcomes: [])), "before the plan")
    }

    @Test func `an option added after the choice, and one that takes another's name`() {
        var history = History()
        history.driveToChoice()
        let option = OptionAdded(proposal: history.state.options[0], person: "p", reason: "r")
        Self.expectNoted(history, .optionAdded(option), "where none can be added")
        history.step()
        var other = option
        other.proposal.id = "p9"
        Self.expectNoted(history, .optionAdded(other), "where none can be added")
    }

    @Test func `goals rewritten, or a question asked, when it is too late`() {
        var history = History()
        history.drive()
        Self.expectNoted(history, FoldTests.edit([FoldTests.goal]), "that is over")
        Self.expectNoted(history, .questionAsked(QuestionAsked(number: 1, question: "q", person: "p")), "no question")
    }

    @Test func `a run that is started twice, or goes on before it is started`() {
        var history = History()
        Self.expectNoted(history, .runStarted(history.simulated.started(History.run)), "starts the run again")
        var state = RunState(run: History.run)
        state.apply(RecordedEvent(sequence: 0, atMilliseconds: 1, event: .runPaused(FoldTests.person)))
        #expect(state.anomalies.count == 1)
        #expect(state.agenda() == .nothing)
        history.drive()
    }

    @Test func `an event out of its place changes nothing at all`() {
        var history = History()
        history.step()
        let before = history.state
        for sequence in [-1, 0, before.sequence, before.sequence + 2, .max, .min] {
            var state = before
            state.apply(RecordedEvent(sequence: sequence, atMilliseconds: 9, event: .runStopped(FoldTests.person)))
            #expect(state.status == .running)
            #expect(state.sequence == before.sequence)
            #expect(state.anomalies.count == 1)
        }
    }

    @Test func `an event of an unknown kind is passed over`() {
        var history = History()
        let agenda = history.state.agenda()
        history.record(.unrecognized(type: "moon_landed", body: .null))
        #expect(history.state.anomalies.isEmpty)
        #expect(history.state.agenda() == agenda)
    }
}
