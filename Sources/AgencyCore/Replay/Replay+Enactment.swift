// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Replay {
    /// Compares a permission; the time of asking is not on the record, so only what it rests on is compared.
    mutating func authorize(_ event: StepAuthorized, _ recorded: RecordedEvent) {
        let was = "step \(event.step) was authorised (try \(event.attempt), by the choice at \(event.choice))"
        let work = state.agenda()
        do throws(AuthorizationRefusal) {
            let time = min(recorded.atMilliseconds, event.expiresAtMilliseconds.saturatingMinusOne)
            let granted = try state.permit(event.step, now: time)
            let attempt = granted.attempt
            let choice = granted.choice
            let isSame =
                attempt == event.attempt && granted.actionDigest == event.action && granted.plan == event.plan
                && choice == event.choice && granted.expiresAtMilliseconds == event.expiresAtMilliseconds
                && (event.binding == nil || granted.binding == event.binding)
            permitted = Permitted(step: event.step, effect: granted.effect, action: granted.actionDigest)
            decide(
                recorded,
                isSame && work == .enact(event.step),
                was: was,
                now: "\(work.words) (try \(attempt), by the choice at \(choice))"
            )
        } catch {
            decide(recorded, false, was: was, now: "it is refused: \(error)")
        }
    }

    /// Compares what filled a step; what the policy says now is a decision too.
    mutating func fill(_ event: StepFilled, _ recorded: RecordedEvent) {
        let work = state.agenda()
        let now = state.filling(of: event.step, now: recorded.atMilliseconds)
        func words(_ event: StepFilled?) -> String {
            guard let event else { return work.words }
            let action = event.action.map { ", action \($0.digest.short)" } ?? ""
            return "filling step \(event.step): \(event.ruling?.summary ?? event.fault ?? "nothing")\(action)"
        }
        let isSame = now?.action?.digest == event.action?.digest && now?.ruling?.summary == event.ruling?.summary
        decide(recorded, now != nil && isSame, was: words(event), now: words(now))
        if isSame, let was = event.fault ?? event.ruling?.words, let now = now?.fault ?? now?.ruling?.words {
            word(recorded, was, now)
        }
    }

    mutating func intend(_ event: StepIntended, _ recorded: RecordedEvent) {
        let effect = permitted?.effect
        decide(
            recorded,
            permitted == Permitted(step: event.step, effect: event.effect, action: event.action.digest),
            was: "effect \(event.effect.short) of step \(event.step) was intended",
            now: effect.map { "effect \($0.short) is" } ?? "nothing was authorised just before"
        )
    }

    mutating func lapse(_ event: ChoiceLapsed, _ recorded: RecordedEvent) {
        let work = state.agenda()
        let step: StepID
        switch work {
        case .enact(let next), .reconcile(let next): step = next
        default: return decide(recorded, false, was: "the choice lapsed: \(event.reason)", now: work.words)
        }
        if let found = event.found {
            // What was found is the world's word; that it is not what was shown is decided.
            return decide(
                recorded,
                found != state.targets(of: step),
                was: "the choice lapsed: \(event.reason)",
                now: "step \(step) finds what was shown"
            )
        }
        do throws(AuthorizationRefusal) {
            if case .reconcile = work {
                _ = try state.permitAgain(step, now: recorded.atMilliseconds)
            } else {
                _ = try state.permit(step, now: recorded.atMilliseconds)
            }
            decide(recorded, false, was: "the choice lapsed: \(event.reason)", now: "step \(step) is authorised")
        } catch {
            decide(
                recorded,
                error.isLapsed,
                was: "the choice lapsed: \(event.reason)",
                now: "it stands, and step \(step) is refused: \(error)"
            )
            if error.isLapsed { word(recorded, event.reason, error.description) }
        }
    }

    mutating func settle(_ event: StepSettled, _ recorded: RecordedEvent) {
        guard let current = state.enactment.current, case .observed(let result) = current.phase,
            current.step.id == event.step
        else {
            let work = state.agenda()
            return decide(recorded, false, was: "step \(event.step) was settled", now: work.words)
        }
        let asked = current.step.forecasts.map { Asked($0.statement, $0.probability, $0.check.expect.words) }
        let settled = event.settlements.map { Asked($0.statement, $0.probability, $0.expected) }
        decide(
            recorded,
            asked == settled,
            was: "\(settled.count) forecasts of step \(event.step) were settled",
            now: "other forecasts are: \(asked.map(\.statement).joined(separator: "; "))"
        )
        let halt = state.haltReason(result, event.settlements)
        decide(
            recorded,
            (halt == nil) == (event.halt == nil),
            was: event.halt.map { "enactment halts at step \(event.step): \($0)" } ?? "enactment goes on",
            now: halt.map { "it halts: \($0)" } ?? "it goes on"
        )
        if let was = event.halt, let halt { word(recorded, was, halt) }
    }

    mutating func revert(_ event: StepsReverted, _ recorded: RecordedEvent) {
        let work = state.agenda()
        let was = "\(event.steps.map(\.rawValue).joined(separator: ", ")) were undone (\(event.reason.rawValue))"
        guard case .revert(let steps, let checkpoint, let reason, let note) = work else {
            // The fold still takes what was undone by the rules of before tools declared the class of their effects.
            return decide(recorded, state.isDue(event), was: was, now: work.words)
        }
        decide(
            recorded,
            steps == event.steps && checkpoint == event.checkpoint && reason == event.reason,
            was: "\(was), back to \(event.checkpoint.prefix(12))",
            now: "\(work.words), back to \(checkpoint.prefix(12))"
        )
        word(recorded, event.note, note)
    }

    mutating func settle(_ event: GoalsSettled, _ recorded: RecordedEvent) {
        let work = state.agenda()
        let probability = state.goalProbability
        let goals = state.goals.flatMap(\.flattened).filter { $0.check != nil }
        let asked = goals.map { Asked($0.id.rawValue, probability, $0.check?.expect.words ?? "") }
        let settled = event.outcomes.map { Asked($0.goal.rawValue, $0.settlement.probability, $0.settlement.expected) }
        decide(
            recorded,
            work == .settleGoals && asked == settled,
            was: "the goals were settled: \(settled.map(\.statement).joined(separator: ", "))",
            now: work == .settleGoals ? "others are: \(asked.map(\.statement).joined(separator: ", "))" : work.words
        )
    }

    /// What a settlement answers.
    private struct Asked: Hashable {
        var statement: String
        var probability: Double
        var expected: String

        init(_ statement: String, _ probability: Double, _ expected: String) {
            self.statement = statement
            self.probability = probability
            self.expected = expected
        }
    }
}

extension Int64 {
    fileprivate var saturatingMinusOne: Int64 { self == .min ? .min : self - 1 }
}
