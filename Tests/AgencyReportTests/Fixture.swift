// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// A run that was made by recording events by hand: three options, a surprise, a revision, and a good end.
struct Fixture {
    private(set) var state: RunState
    private(set) var events: [RecordedEvent] = []
    /// Put into every text that comes from outside.
    let mark: String
    private var now: Int64 = 1_773_480_413_000

    init(run: RunID = "r-2026-03-14-a", mark: String = "") {
        state = RunState(run: run)
        self.mark = mark
    }

    /// The whole run.
    static func whole(mark: String = "") throws -> Fixture {
        var fixture = Fixture(mark: mark)
        try fixture.untilChoice()
        try fixture.firstEnactment()
        try fixture.revision()
        return fixture
    }

    /// The run up to the first choice.
    static func waiting(mark: String = "") throws -> Fixture {
        var fixture = Fixture(mark: mark)
        try fixture.untilChoice()
        return fixture
    }

    /// A text with the mark.
    func text(_ words: String) -> String { words + mark }

    mutating func record(_ event: Event, after milliseconds: Int64 = 1000) {
        now += milliseconds
        let recorded = RecordedEvent(sequence: state.sequence + 1, atMilliseconds: now, event: event)
        events.append(recorded)
        state.apply(recorded)
    }

    // MARK: - Episodes

    private mutating func perform(_ output: (Fixture, EpisodeOrder) throws -> JSONValue?) throws {
        for order in state.dueOrders() {
            let role = state.architecture?.role(order.role)
            let performer = text(
                role?.performer == "strong" ? "openai/large at 127.0.0.1" : "openai/small at 127.0.0.1"
            )
            let prompt = ArtefactReference(Digest(of: "prompt " + order.id.rawValue))
            record(.episodeStarted(EpisodeStarted(order: order, prompt: prompt, performer: performer)), after: 40)
            try end(order, performer: performer, output: output(self, order))
        }
    }

    private mutating func end(_ order: EpisodeOrder, performer: String, output: JSONValue?) throws {
        let transcript = ArtefactReference(Digest(of: "transcript " + order.id.rawValue))
        let size = 900 + order.id.rawValue.utf8.count * 37
        let usage = Usage(
            inputTokens: size * 3,
            outputTokens: size,
            money: Money(microdollars: Int64(size) * 9),
            calls: 1,
            estimated: order.task == .critique
        )
        guard let output else {
            let failed = EpisodeFailed(
                episode: order.id,
                code: "refusal",
                message: text("the performer declined to score this plan"),
                transcript: transcript,
                usage: usage,
                milliseconds: 2100
            )
            return record(.episodeFailed(failed), after: 2100)
        }
        var explanation: Explanation?
        if order.task == .explain || order.task == .answer {
            explanation = try output.decode(Explanation.self).checked(against: [
                "brief": text("names are split and no row is lost"),
                "proposal/p2": text("adds the new columns first and drops the old one last"),
                "evaluation/auditor/p2": text("every step but the last goes back to a checkpoint"),
            ])
        }
        let completed = EpisodeCompleted(
            episode: order.id,
            output: output,
            explanation: explanation,
            transcript: transcript,
            usage: usage,
            performer: performer,
            recorded: order.task == .critique,
            milliseconds: size * 4
        )
        record(.episodeCompleted(completed), after: Int64(size * 4))
    }

    // MARK: - The parts of the run

    private mutating func untilChoice() throws {
        let start = RunStarted(
            run: state.run,
            brief: brief,
            architecture: architecture,
            performers: ["strong": text("openai/large"), "fast": text("openai/small")],
            tools: [],
            workspace: text("/srv/orders"),
            person: text("uid 1000")
        )
        record(.runStarted(start), after: 0)
        try perform { try $0.proposal($1.narrative + 1) }
        try perform { try $0.critique($1) }
        try perform { fixture, _ in try fixture.proposal(2) }
        try perform { try $0.evaluation($1) }
        try perform { fixture, _ in try fixture.explanation }
        record(.choiceRequested(ChoiceRequested(sheet: state.currentSheet, digest: state.currentSheet.digest)))
    }

    private mutating func firstEnactment() throws {
        let question = QuestionAsked(
            number: 1,
            question: text("What if a name has one word?"),
            person: text("uid 1000")
        )
        record(.questionAsked(question), after: 60_000)
        if case .perform(let orders) = state.agenda(), let order = orders.first {
            let prompt = ArtefactReference(Digest(of: "prompt " + order.id.rawValue))
            let performer = text("openai/large at 127.0.0.1")
            record(.episodeStarted(EpisodeStarted(order: order, prompt: prompt, performer: performer)))
            try end(order, performer: performer, output: answer)
        }
        record(.choiceRequested(ChoiceRequested(sheet: state.currentSheet, digest: state.currentSheet.digest)))
        choose("p2", reason: "Smallest steps, with a look after each.")
        record(.checkpointMade(CheckpointMade(step: nil, checkpoint: "c0")))
        try enact("s1", changed: ["schema.sql"], outcomes: [(true, "2")])
        let note = "forecast “no customer is without a family name” was given 92% and did not hold"
        try enact("s2", changed: ["orders.db"], outcomes: [(false, "17"), (true, "6104")], halt: text(note))
        let reverted = StepsReverted(steps: [step("s2")], checkpoint: "c-s1", reason: .surprise, note: text(note))
        record(.stepsReverted(reverted))
    }

    private mutating func revision() throws {
        let pause = PersonActed(person: text("uid 1000"), identifiedBy: text("terminal"), reason: text("Lunch."))
        record(.runPaused(pause))
        record(.runContinued(PersonActed(person: text("uid 1000"), identifiedBy: text("terminal"))), after: 60_000)
        try perform { fixture, _ in try fixture.revised }
        try perform { try $0.evaluation($1) }
        try perform { fixture, _ in try fixture.explanation }
        record(.choiceRequested(ChoiceRequested(sheet: state.currentSheet, digest: state.currentSheet.digest)))
        choose("p2.r1", reason: "The seventeen single names are what was missed; the rest stands.")
        try enact("s2", changed: ["migrate.py", "orders.db"], outcomes: [(true, "0"), (true, "6104")])
        try enact("s4", changed: ["app/queries.py"], outcomes: [(nil, "")])
        try enact("s3", changed: ["orders.db"], outcomes: [(true, "0")])
        record(.goalsSettled(GoalsSettled(outcomes: settledGoals)))
        record(.runFinished(RunFinished(outcome: .done, summary: text("4 steps enacted, all 2 checks passed"))))
    }

    private mutating func choose(_ option: ProposalID, reason: String) {
        let choice = Choice(
            verdict: .option(option),
            person: text("uid 1000"),
            identifiedBy: text("terminal session of uid 1000"),
            reason: text(reason),
            shown: state.sheet?.digest ?? Digest(of: ""),
            expiresAtMilliseconds: now + 3_600_000
        )
        record(.choiceRecorded(ChoiceRecorded(choice: choice)), after: 240_000)
    }

    private mutating func enact(
        _ name: String,
        changed: [String],
        outcomes: [(Bool?, String)],
        halt: String? = nil
    ) throws {
        let id = step(name)
        guard let next = state.enactment.next, let plan = state.enactment.plan, next.id == id else { return }
        let effect = Digest(of: "effect of \(name), event \(state.sequence)")
        let authorized = StepAuthorized(
            step: id,
            attempt: 1,
            action: next.action.digest,
            plan: plan.digest,
            choice: state.choice?.sequence ?? 0,
            expiresAtMilliseconds: now + 3_600_000
        )
        record(.stepAuthorized(authorized))
        record(.stepIntended(StepIntended(step: id, effect: effect, action: next.action)), after: 10)
        let result = ToolResult(status: 0, output: text("done"), milliseconds: 420)
        record(.stepObserved(StepObserved(step: id, effect: effect, result: result, changed: changed.map(text))))
        let settlements = zip(next.forecasts, outcomes).map { forecast, outcome in
            Settlement(
                statement: forecast.statement,
                probability: forecast.probability,
                outcome: outcome.0,
                expected: forecast.check.expect.words,
                observed: text(outcome.1)
            )
        }
        record(.stepSettled(StepSettled(step: id, settlements: settlements, halt: halt)))
        if halt == nil { record(.checkpointMade(CheckpointMade(step: id, checkpoint: "c-\(name)"))) }
    }

    func step(_ name: String) -> StepID { StepID(text(name)) }
}
