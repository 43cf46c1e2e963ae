// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@testable import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// The only way to a permission.
@Suite struct AuthorizationTests {
    static func atFirstStep() -> History {
        var history = History()
        history.driveToStep("s1")
        return history
    }

    static func refusal(_ state: RunState, _ step: StepID = "s1", now: Int64 = 1000) -> AuthorizationRefusal? {
        do {
            _ = try state.authorize(step, now: now)
            return nil
        } catch { return error }
    }

    @Test func `the step that is due is permitted exactly as it was chosen`() throws {
        let history = Self.atFirstStep()
        let granted = try history.state.authorize("s1", now: 1000)
        let chosen = try #require(history.state.options.first { $0.id == "p1" })
        #expect(granted.run == History.run)
        #expect(granted.attempt == 1)
        #expect(granted.action == chosen.plan.step("s1")?.action)
        #expect(granted.actionDigest == granted.action.digest)
        #expect(granted.plan == chosen.plan.digest)
        #expect(granted.choice == history.events.first { $0.event.type == "choice_recorded" }?.sequence)
        #expect(granted.expiresAtMilliseconds == 1000 + History.hour)
        let again = try history.state.authorize("s1", now: 2000)
        #expect(again.effect == granted.effect)
    }

    @Test func `a permission is valid until the choice expires`() throws {
        let granted = try Self.atFirstStep().state.authorize("s1", now: 1000)
        let (before, after) = (
            granted.isValid(nowMilliseconds: 999 + History.hour), granted.isValid(nowMilliseconds: 1000 + History.hour)
        )
        #expect(before)
        #expect(!after)
    }

    @Test func `nothing is permitted before a choice`() {
        var history = History()
        #expect(Self.refusal(history.state)?.isLapsed == true)
        history.driveToChoice()
        #expect(Self.refusal(history.state)?.description == "no choice stands")
    }

    @Test func `nothing is permitted once the choice has expired`() {
        let history = Self.atFirstStep()
        let refusal = Self.refusal(history.state, now: 1000 + History.hour)
        #expect(refusal?.isLapsed == true)
        #expect(refusal?.description == "the choice has expired")
        #expect(Self.refusal(history.state, now: 999 + History.hour) == nil)
    }

    @Test func `nothing is permitted while the run is paused, stopped or over`() {
        let person = PersonActed(person: "p", identifiedBy: "i")
        for event in [Event.runPaused(person), .runStopped(person)] {
            var history = Self.atFirstStep()
            history.record(event)
            #expect(Self.refusal(history.state)?.isLapsed == false)
        }
        var paused = Self.atFirstStep()
        paused.record(.runPaused(person), .runContinued(person))
        #expect(Self.refusal(paused.state) == nil)
        var over = History()
        over.drive()
        #expect(Self.refusal(over.state) != nil)
    }

    @Test(arguments: ["s2", "s3", "s9", ""] as [StepID])
    func `only the step that is due is permitted`(step: StepID) {
        #expect(Self.refusal(Self.atFirstStep().state, step)?.isLapsed == false)
    }

    @Test func `a step is not permitted again while it is under way`() throws {
        var history = Self.atFirstStep()
        try history.intend("s1")
        #expect(Self.refusal(history.state) != nil)
        history.observe("s1")
        #expect(Self.refusal(history.state) != nil)
    }

    @Test func `an intent that a crash broke off is taken up again as the same effect`() throws {
        var history = Self.atFirstStep()
        let first = try history.state.authorize("s1", now: 1000).effect
        try history.intend("s1")
        history.step()
        #expect(history.state.enactment.trials.last?.reverted?.reason == .interrupted)
        #expect(history.state.agenda() == .enact("s1"))
        let second = try history.state.authorize("s1", now: 2000)
        #expect(second.attempt == 1)
        #expect(second.effect == first)
    }

    @Test func `a step that is done once more on purpose is another effect`() throws {
        var history = Self.atFirstStep()
        let first = try history.state.authorize("s1", now: 1000).effect
        history.driveToStep("s2")
        let undone = StepsReverted(steps: ["s1"], checkpoint: "c", reason: .person, note: "n", person: "p")
        history.record(.stepsReverted(undone))
        history.driveToStep("s1")
        let second = try history.state.authorize("s1", now: 1000)
        #expect(second.attempt == 2)
        #expect(second.effect != first)
    }

    @Test func `nothing but what its target recognises is permitted again while nobody knows whether it happened`()
        throws
    {
        for effects in EffectClass.allCases {
            var history = DoubtTests.inDoubt(Repeatability(effects, retentionSeconds: 60))
            #expect(history.state.wayOut(now: 1000) == .again || effects != .keyed)
            do {
                let granted = try history.state.authorizeAgain("s1", now: 1000)
                let same = granted.effect == history.state.enactment.current?.effect
                #expect(effects == .keyed && same)
            } catch { #expect(effects != .keyed, "\(error)") }
            history.now += 60_000
            #expect(throws: AuthorizationRefusal.self) {
                _ = try history.state.authorizeAgain("s1", now: history.now).effect
            }
        }
    }

    @Test func `goals that were rewritten take every permission away`() {
        var history = Self.atFirstStep()
        let goals = [Goal(id: "g", want: "w", check: SimulatedWorld.lines("a.txt", 1))]
        history.record(.goalsEdited(GoalsEdited(goals: goals, person: "p", identifiedBy: "i", reason: "r")))
        #expect(Self.refusal(history.state)?.isLapsed == true)
        #expect(history.state.choice == nil)
    }

    @Test func `an option that is added before the choice makes the sheet that was shown worthless`() {
        var history = History()
        history.driveToChoice()
        let shown = history.state.sheet
        let proposal = Proposal(id: "p1.e1", title: "t", summary: "s", plan: Plan(steps: [NounTests.step("s1")]))
        history.record(.optionAdded(OptionAdded(proposal: proposal, person: "p", reason: "r")))
        history.record(
            .choiceRecorded(
                ChoiceRecorded(
                    choice: Choice(
                        verdict: .option("p1"),
                        person: "p",
                        identifiedBy: "i",
                        reason: "r",
                        shown: shown?.digest ?? Digest(of: ""),
                        expiresAtMilliseconds: .max
                    )
                )
            )
        )
        #expect(history.state.choice == nil)
        #expect(history.state.anomalies.count == 1)
        #expect(Self.refusal(history.state) != nil)
    }

    @Test func `an intent with another action than the chosen one changes nothing`() throws {
        var history = Self.atFirstStep()
        try history.intend("s1", tampering: SimulatedWorld.write("a.txt", "owned"))
        #expect(history.state.enactment.current == nil)
        #expect(history.state.anomalies.count == 1)
    }

    @Test func `a step whose earlier steps were undone is not due`() {
        var history = History()
        history.driveToStep("s2")
        history.record(
            .stepsReverted(StepsReverted(steps: ["s1"], checkpoint: "c", reason: .person, note: "n", person: "p"))
        )
        #expect(Self.refusal(history.state, "s2") != nil)
        #expect(history.state.agenda() != .enact("s2"))
    }

    /// No event leads here; whoever tampers with what is in memory is refused all the same.
    @Test(arguments: 0..<5)
    func `nothing is permitted when anything is not as it stood on the sheet`(tampering: Int) {
        var state = Self.atFirstStep().state
        switch tampering {
        case 0: state.enactment.plan?.steps[0].action = SimulatedWorld.append("a.txt", "owned")
        case 1: state.enactment.plan?.steps[2].forecasts = []
        case 2: state.enactment.proposal = "p2"
        case 3: state.dissents.append(Dissent(role: "auditor", episode: "e", statement: "Stop."))
        default: state.goals = []
        }
        #expect(Self.refusal(state)?.isLapsed == true)
    }
}
