// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit

/// Events made by hand, each from what the agenda says, as a worker without performers or a workspace would make them.
struct History {
    static let run: RunID = "r-test"
    static let reference = ArtefactReference(Digest(of: "bytes"))
    static let hour: Int64 = 3_600_000

    var simulated: SimulatedRun
    var state = RunState(run: run)
    var events: [RecordedEvent] = []
    var now: Int64 = 1000
    /// Who signs the choices, where they are signed.
    var desk: TestDesk?
    /// What steps show, where that is not the usual.
    var shown: [StepID: String] = [:]

    init(_ simulated: SimulatedRun = SimulatedRun(critique: 0), desks: [TestDesk] = [], policy: Policy? = nil) {
        self.simulated = simulated
        desk = desks.first
        var started = simulated.started(Self.run)
        if !desks.isEmpty { started.desks = desks.map(\.key) }
        started.policy = policy
        record(.runStarted(started))
    }

    mutating func record(_ events: Event...) {
        for event in events {
            let recorded = RecordedEvent(sequence: state.sequence + 1, atMilliseconds: now, event: event)
            self.events.append(recorded)
            state.apply(recorded)
        }
    }

    mutating func begin(_ order: EpisodeOrder) {
        record(.episodeStarted(EpisodeStarted(order: order, prompt: Self.reference, performer: "p")))
    }

    mutating func complete(_ episode: EpisodeID, _ output: JSONValue) {
        record(.episodeCompleted(Self.completed(episode, output)))
    }

    mutating func fail(_ episode: EpisodeID) {
        record(
            .episodeFailed(
                EpisodeFailed(
                    episode: episode,
                    code: "refusal",
                    message: "no",
                    transcript: Self.reference,
                    usage: Usage(inputTokens: 1, calls: 1),
                    milliseconds: 5
                )
            )
        )
    }

    static func completed(_ episode: EpisodeID, _ output: JSONValue) -> EpisodeCompleted {
        let explains = episode.rawValue.contains(".explain.") || episode.rawValue.contains(".answer.")
        let explanation: Explanation? = explains ? try? output.decode() : nil
        return EpisodeCompleted(
            episode: episode,
            output: output,
            explanation: explanation,
            transcript: reference,
            usage: Usage(inputTokens: 3, outputTokens: 2, calls: 1),
            performer: "p",
            recorded: false,
            milliseconds: 10
        )
    }

    mutating func choose(_ verdict: Choice.Verdict, reason: String = "r", expires: Int64 = hour) {
        let choice = Choice(
            verdict: verdict,
            person: "chooser",
            identifiedBy: "test",
            reason: reason,
            shown: state.sheet?.digest ?? Digest(of: ""),
            expiresAtMilliseconds: now + expires
        )
        record(.choiceRecorded(ChoiceRecorded(choice: choice, signature: desk?.signature(of: choice, in: state))))
    }

    /// A number of the kind that requests carry, another for each event.
    var nonce: String { String(Digest(of: "\(events.count)").hex.prefix(32)) }

    /// Does one piece of due work; at a choice, chooses the first option.
    ///
    /// - Returns: `false` when there is nothing to do.
    @discardableResult
    mutating func step() -> Bool {
        switch state.agenda() {
        case .perform(let orders):
            for order in orders { begin(order) }
            for order in orders { complete(order.id, simulated.output(of: order.id)) }
        case .iterate(let order):
            if state.iteration?.prompt == nil {
                record(.iterationBegun(IterationBegun(role: order.role, prompt: Self.reference, performer: "p")))
            }
            let text = "{\"done\":\((state.iteration?.number ?? 0) >= 2),\"state\":null}"
            if let event = try? StateAdvanced(
                number: (state.iteration?.number ?? 0) + 1,
                answers: [text],
                votes: [0],
                winner: 0,
                usage: Usage(calls: 1),
                milliseconds: 1
            ) {
                record(.stateAdvanced(event))
            }
        case .requestChoice(let sheet):
            let number = state.isSigned ? nonce : nil
            record(.choiceRequested(ChoiceRequested(sheet: sheet, digest: sheet.digest, nonce: number)))
        case .uphold(let event): record(.choiceUpheld(event))
        case .wait(.choice): choose(.option(state.options.first?.id ?? ""))
        case .checkpoint(let step): record(.checkpointMade(CheckpointMade(step: step, checkpoint: "c\(events.count)")))
        case .fill(let step): if let event = state.filling(of: step, now: now) { record(.stepFilled(event)) }
        case .enact(let step): enact(step)
        case .settle(let step): settle(step)
        case .revert(let steps, let checkpoint, let reason, let note):
            record(.stepsReverted(StepsReverted(steps: steps, checkpoint: checkpoint, reason: reason, note: note)))
        case .settleGoals:
            let outcomes = state.goals.flatMap(\.flattened).compactMap { goal in
                goal.check.map { _ in
                    let settlement = Self.settlement(goal.want, outcome: true)
                    return GoalsSettled.Outcome(goal: goal.id, settlement: settlement)
                }
            }
            record(.goalsSettled(GoalsSettled(outcomes: outcomes)))
        case .finish(let ending): record(.runFinished(ending))
        case .reconcile(let step): reconcile(step)
        case .wait, .nothing: return false
        }
        return true
    }

    /// Does what is due until the agenda says something that is asked for.
    mutating func drive(until isThere: (Work) -> Bool = { $0 == .nothing }) {
        for _ in 0..<200 where !isThere(state.agenda()) { step() }
    }

    mutating func driveToChoice() { drive { $0 == .wait(.choice) } }

    mutating func driveToStep(_ step: StepID) { drive { $0 == .enact(step) } }

    mutating func intend(_ step: StepID, tampering: Action? = nil) throws {
        let granted = try state.authorize(step, now: now)
        record(
            .stepAuthorized(
                StepAuthorized(
                    step: step,
                    attempt: granted.attempt,
                    action: granted.actionDigest,
                    plan: granted.plan,
                    choice: granted.choice,
                    expiresAtMilliseconds: granted.expiresAtMilliseconds,
                    binding: state.isSigned ? granted.binding : nil
                )
            ),
            .stepIntended(StepIntended(step: step, effect: granted.effect, action: tampering ?? granted.action))
        )
    }

    mutating func observe(_ step: StepID, status: Int = 0) {
        let effect = state.enactment.current?.effect ?? Digest(of: "")
        let result = ToolResult(status: status, output: shown[step] ?? "written")
        record(.stepObserved(StepObserved(step: step, effect: effect, result: result, changed: ["x"])))
    }

    private mutating func enact(_ step: StepID) {
        try? intend(step)
        observe(step)
    }

    /// Every note has one line, and the third says so.
    private mutating func settle(_ step: StepID) {
        let forecasts = state.enactment.current?.step.forecasts ?? []
        let settlements = forecasts.map { forecast in
            let output = forecast.check.tool == "notes.count" ? "1" : "third"
            return Self.settlement(
                forecast.statement,
                probability: forecast.probability,
                outcome: forecast.check.expect.isMet(status: 0, output: output)
            )
        }
        let halt = settlements.first { $0.isSurprise(threshold: 0.8) }.map { "expected otherwise: \($0.statement)" }
        record(.stepSettled(StepSettled(step: step, settlements: settlements, halt: halt)))
    }

    /// What is asked of a person waits; what can be found out did not happen.
    mutating func reconcile(_ step: StepID) {
        guard let current = state.enactment.current, let way = state.wayOut(now: now) else { return }
        if case .ask(let why) = way { return record(.reconciliationRequested(question(current, why))) }
        let means = way == .again ? StepReconciled.Means.key : .probe
        let finding = way == .again ? StepReconciled.Finding.again : .absent
        let event = StepReconciled(step: step, effect: current.effect, finding: finding, means: means, note: "n")
        record(.stepReconciled(event))
        if way == .again { observe(step) }
    }

    func question(_ current: Enactment.Current, _ why: String) -> ReconciliationRequested {
        ReconciliationRequested(
            step: current.step.id,
            effect: current.effect,
            action: current.step.action,
            intendedAtMilliseconds: current.sinceMilliseconds,
            why: why
        )
    }

    static func settlement(_ statement: String, probability: Double = 0.9, outcome: Bool?) -> Settlement {
        Settlement(statement: statement, probability: probability, outcome: outcome, expected: "e", observed: "o")
    }
}
