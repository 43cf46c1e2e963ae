// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@testable import AgencyCore
import AgencyJudgment
import AgencySchema
import AgencyTestKit
import Testing

@Suite struct EventTests {
    /// One event of every kind, with everything filled in that may be left out.
    static let events: [Event] = {
        let simulated = SimulatedRun()
        let digest = Digest(of: "d")
        let order = EpisodeOrder(id: "0.evaluate.a.p1", role: "a", task: .evaluate, subject: "p1", narrative: 2)
        let plan = Plan(steps: SimulatedRun.steps(first: "é", second: "b", third: "c", forecast: 1), assumptions: ["a"])
        let proposal = Proposal(id: "p1", title: "t", summary: "s", plan: plan, episode: "0.propose.w.1", parent: "p0")
        let sheet = ChoiceSheet(
            run: "r",
            cycle: 1,
            architecture: digest,
            goals: digest,
            options: [.init(proposal: "p1", plan: plan.digest)],
            judgement: digest
        )
        let person = PersonActed(person: "p", identifiedBy: "i", reason: "r")
        let settlement = History.settlement("s", outcome: nil)
        let usage = Usage(
            inputTokens: 1,
            cachedTokens: 2,
            outputTokens: 3,
            reasoningTokens: 4,
            money: Money(microdollars: 5),
            calls: 6,
            estimated: true
        )
        let terms = MandateTerms(success: 0.9)
        let evidence = MandateEvidence(successes: 7, failures: 1, lowerBound: 0.625)
        let granted = GrantedMandate(
            mandate: ChoiceMandate(
                id: "m",
                run: "r",
                evidence: evidence,
                work: "w",
                cast: digest,
                terms: terms,
                untilMilliseconds: 9
            ),
            person: "p",
            key: "k",
            signature: "s"
        )
        let records = RecordsShown(
            runs: 2,
            settled: 1,
            evaluators: [
                .init(role: "a", performer: "p", settled: 1, brier: 0.25, expectedBrier: 0.125, drift: "it moved")
            ],
            options: [.init(proposal: "p1", probability: 0.75, evaluators: 2)],
            rule: evidence,
            mandate: granted
        )
        let proposed = MandateProposed(work: "w", cast: digest, terms: terms, evidence: evidence)
        var completed = History.completed("0.explain.e", simulated.output(of: "0.explain.e"))
        completed.usage = usage
        func choice(_ verdict: Choice.Verdict) -> Event {
            let made = Choice(
                verdict: verdict,
                person: "p",
                identifiedBy: "i",
                reason: "r",
                shown: digest,
                expiresAtMilliseconds: 9
            )
            return .choiceRecorded(ChoiceRecorded(choice: made))
        }
        return [
            .runStarted(simulated.started("r")),
            .episodeStarted(EpisodeStarted(order: order, prompt: History.reference, performer: "p")),
            .episodeCompleted(completed),
            .episodeFailed(
                EpisodeFailed(
                    episode: "e",
                    code: "c",
                    message: "m",
                    transcript: History.reference,
                    usage: usage,
                    milliseconds: 1
                )
            ),
            .episodesReopened(EpisodesReopened(episodes: ["a", "b"], person: "p")),
            .optionAdded(OptionAdded(proposal: proposal, person: "p", reason: "r")),
            .choiceRequested(ChoiceRequested(sheet: sheet, digest: sheet.digest)), choice(.option("p1")),
            choice(.sendBack),
            choice(.none), .choiceLapsed(ChoiceLapsed(reason: "r")),
            .choiceOverdue(ChoiceOverdue(deadlineMilliseconds: 7)),
            .outcomeFiled(
                OutcomeFiled(subject: .goals("p1"), outcome: true, person: "p", identifiedBy: "i", reason: "r")
            ),
            .outcomeFiled(
                OutcomeFiled(
                    subject: .step("s1", forecast: 2),
                    outcome: false,
                    person: "p",
                    identifiedBy: "i",
                    reason: "r"
                )
            ),
            .questionAsked(QuestionAsked(number: 1, question: "q", person: "p")),
            .goalsEdited(GoalsEdited(goals: simulated.brief.goals, person: "p", identifiedBy: "i", reason: "r")),
            .mandateRevoked(MandateRevoked(mandate: "m", person: "p", identifiedBy: "i", reason: "r")),
            .recordsShown(records), .mandateProposed(proposed),
            .mandateGranted(MandateGranted(granted: granted, identifiedBy: "i", reason: "r")),
            .mandateWithdrawn(
                MandateWithdrawn(mandate: "m", cast: Digest(of: "c"), cause: .boundFell, reason: "r")
            ),
            .stepFilled(StepFilled(step: "s", fault: "f")),
            .stepFilled(
                StepFilled(
                    step: "s",
                    action: SimulatedWorld.write("a", "b"),
                    ruling: PolicyRuling(
                        call: "s",
                        step: "s",
                        tool: "t",
                        decision: .asks,
                        reasons: [
                            PolicyReason(
                                rule: .untrustedAuthority,
                                decision: .asks,
                                argument: FieldPath("/a"),
                                value: 1,
                                sources: [ValueSource(result: "r", field: FieldPath("json"), writers: [.anyone])],
                                why: "w"
                            )
                        ],
                        mandate: "m",
                        labels: ["/a": .unknown],
                        isConsequential: true
                    )
                )
            ), .runPaused(person), .runContinued(person), .runStopped(person),
            .checkpointMade(CheckpointMade(step: nil, checkpoint: "c")),
            .checkpointMade(CheckpointMade(step: "s1", checkpoint: "c")),
            .stepAuthorized(
                StepAuthorized(step: "s", attempt: 1, action: digest, plan: digest, choice: 2, expiresAtMilliseconds: 3)
            ),
            .stepIntended(StepIntended(step: "s", effect: digest, action: SimulatedWorld.write("a", "b"))),
            .stepObserved(
                StepObserved(
                    step: "s",
                    effect: digest,
                    result: ToolResult(status: 1, output: "o", isTruncated: true, milliseconds: 4),
                    changed: ["f"]
                )
            ),
            .reconciliationRequested(
                ReconciliationRequested(
                    step: "s",
                    effect: digest,
                    action: SimulatedWorld.write("a", "b"),
                    intendedAtMilliseconds: 7,
                    why: "w"
                )
            ),
            .stepReconciled(
                StepReconciled(
                    step: "s",
                    effect: digest,
                    finding: .happened,
                    means: .person,
                    result: ToolResult(status: 0, output: "o"),
                    changed: ["f"],
                    note: "n",
                    person: "p",
                    identifiedBy: "i"
                )
            ),
            .stepReconciled(StepReconciled(step: "s", effect: digest, finding: .absent, means: .probe, note: "n")),
            .stepSettled(StepSettled(step: "s", settlements: [settlement], halt: "h")),
            .stepSettled(StepSettled(step: "s", settlements: [], halt: nil)),
            .stepsReverted(StepsReverted(steps: ["s"], checkpoint: "c", reason: .replaced, note: "n", person: "p")),
            .goalsSettled(GoalsSettled(outcomes: [.init(goal: "g", settlement: settlement)])),
            .runFinished(RunFinished(outcome: .unmet, summary: "s")),
            .runClaimed(RunClaimed(worker: "w", epoch: 3)),
            .lateResult(LateResult(worker: "w", epoch: 2, episode: "e", result: History.reference, usage: usage)),
            .lateResult(LateResult(worker: "w", epoch: 2, step: "s", effect: digest, result: History.reference)),
            .unrecognized(type: "moon_landed", body: ["x": 1]),
        ]
    }()

    @Test(arguments: events)
    func `every event is read from its stored bytes as it was written`(event: Event) throws {
        let recorded = RecordedEvent(sequence: 7, atMilliseconds: 1_700_000_000_123, event: event)
        let bytes = try recorded.storedBytes()
        let read = try RecordedEvent(sequence: 7, storedBytes: bytes)
        let isSame = read == recorded
        #expect(isSame, "\(event.type)")
        #expect(try read.storedBytes() == bytes)
    }

    @Test func `no two kinds of events are stored under one word`() {
        let known = Set(Self.events.map(\.type))
        #expect(known.count == 35)
    }

    @Test(arguments: [
        #"{"at":5,"body":{"x":[1,2]},"type":"moon_landed","v":1}"#, #"{"at":5,"body":null,"type":"","v":1}"#,
        #"{"at":5,"body":{"new":true},"type":"run_started","v":2}"#, #"{"at":5,"body":7,"type":"run_paused","v":99}"#,
    ])
    func `an event of an unknown kind or a newer version is kept and written again byte for byte`(text: String) throws {
        let read = try RecordedEvent(sequence: 0, storedBytes: Array(text.utf8))
        guard case .unrecognized = read.event else {
            Issue.record("recognised: \(read.event.type)")
            return
        }
        #expect(String(decoding: try read.storedBytes(), as: UTF8.self) == text)
    }

    @Test(arguments: [
        "", "{", #"{"v":1,"at":0,"type":"run_paused","body":{}}"#, #"{"v":1,"type":"run_started","body":[]}"#,
    ])
    func `bytes that are no event are refused`(text: String) {
        #expect(throws: (any Error).self) { try RecordedEvent(sequence: 0, storedBytes: Array(text.utf8)) }
    }

    @Test(arguments: ["1e300", "-1e300", "9223372036854775807"])
    func `an amount of money beyond all bounds is read without a trap`(number: String) throws {
        let money: Money = try JSONValue(parsing: number).decode()
        #expect(!(money + money - money * 3).description.isEmpty)
    }

    @Test func `what is consumed adds up without a trap, whatever is reported`() {
        let huge = Usage(
            inputTokens: .max,
            cachedTokens: .max,
            outputTokens: .max,
            money: Money(microdollars: .max),
            calls: .max
        )
        let sum = huge + huge
        #expect(sum.tokens == .max)
        #expect(sum.money == Money(microdollars: .max))
        let least = Usage(inputTokens: .min, outputTokens: .min, calls: .min)
        #expect((least + least).tokens == .min)
    }

    @Test(
        arguments: [
            (0, "$0.00"), (420_000, "$0.42"), (3100, "$0.0031"), (99999, "$0.1000"), (1_995_000, "$2.00"),
            (-420_000, "−$0.42"),
            (.max, "$9223372036854.78"), (.min, "−$9223372036854.78"),
        ] as [(Int64, String)]
    )
    func `an amount is written for people`(microdollars: Int64, text: String) {
        #expect(Money(microdollars: microdollars).description == text)
    }

    @Test(arguments: [
        "", "abc", String(repeating: "A", count: 64), String(repeating: "g", count: 64),
        String(repeating: "0", count: 63),
    ])
    func `only 64 lower-case digits are a digest`(text: String) {
        #expect(Digest(hex: text) == nil)
    }

    @Test func `a digest is that of the standard`() {
        // FIPS 180-4, one-block message.
        #expect(Digest(of: "abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest(of: ["b": 1, "a": 2]) == Digest(of: #"{"a":2,"b":1}"#))
    }
}
