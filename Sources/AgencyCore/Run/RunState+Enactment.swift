// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension RunState {
    mutating func enact(_ recorded: RecordedEvent) {
        switch recorded.event {
        case .checkpointMade(let event): checkpoint(event, recorded)
        case .stepFilled(let event): fill(event, recorded)
        case .stepAuthorized(let event): authorize(event, recorded)
        case .stepIntended(let event): intend(event, recorded)
        case .stepObserved(let event):
            guard let current = enactment.current, current.effect == event.effect, current.isOpen else {
                return note("observes an effect that was not intended", recorded)
            }
            enactment.current?.phase = .observed(event.result)
            updateTrial {
                $0.result = event.result
                $0.changed = event.changed
            }
        case .stepSettled(let event):
            guard enactment.current?.step.id == event.step, case .observed = enactment.current?.phase else {
                return note("settles a step that was not observed", recorded)
            }
            enactment.current?.phase = .settled(halt: event.halt)
            enactment.surprise = surprise(after: event.settlements)
            updateTrial {
                $0.settlements = event.settlements
                $0.halt = event.halt
            }
        case .stepsReverted(let event):
            guard event.reason == .person ? !isInDoubt : isDue(event) else {
                return note("undoes steps that are not to be undone", recorded)
            }
            revert(event)
        default: break
        }
    }

    /// Takes note of a permission, if it is the very one that the choice gives; only the next event can use it.
    private mutating func authorize(_ event: StepAuthorized, _ recorded: RecordedEvent) {
        guard isSigned else { return }
        do throws(AuthorizationRefusal) {
            let granted = try permit(event.step, now: recorded.atMilliseconds)
            guard agenda() == .enact(event.step), granted.attempt == event.attempt,
                granted.actionDigest == event.action, granted.plan == event.plan, granted.choice == event.choice,
                granted.expiresAtMilliseconds == event.expiresAtMilliseconds, granted.binding == event.binding
            else { return note("permits something other than what was chosen", recorded) }
            permittedEffect = granted.effect
        } catch {
            note("permits what is not permitted: \(error)", recorded)
        }
    }

    private mutating func checkpoint(_ event: CheckpointMade, _ recorded: RecordedEvent) {
        guard let id = event.step else {
            if enactment.base == nil { enactment.base = event.checkpoint }
            return
        }
        guard let current = enactment.current, current.step.id == id, current.phase == .settled(halt: nil) else {
            return note("keeps a step that has not been settled", recorded)
        }
        enactment.done.append(Enactment.DoneStep(step: current.step, checkpoint: event.checkpoint))
        updateTrial { $0.checkpoint = event.checkpoint }
        enactment.current = nil
    }

    private mutating func intend(_ event: StepIntended, _ recorded: RecordedEvent) {
        guard agenda() == .enact(event.step), choice != nil, let step = enactment.next,
            step.action.digest == event.action.digest
        else { return note("intends a step that is not due", recorded) }
        let permitted = permittedEffect
        permittedEffect = nil
        guard !isSigned || permitted == event.effect else {
            return note("intends an effect that the event before has not permitted", recorded)
        }
        let at = recorded.atMilliseconds
        // A key is counted from the first time that it was sent, whatever came between.
        let first = enactment.trials.first { $0.effect == event.effect }?.atMilliseconds ?? at
        enactment.current = Enactment.Current(
            step: step,
            effect: event.effect,
            phase: .intended,
            sinceMilliseconds: first,
            intent: recorded.sequence
        )
        let attempt = enactment.attempts(of: step.id) + 1
        enactment.trials.append(StepTrial(step: step, attempt: attempt, effect: event.effect, atMilliseconds: at))
    }

    mutating func updateTrial(_ change: (inout StepTrial) -> Void) {
        guard let last = enactment.trials.indices.last else { return }
        change(&enactment.trials[last])
    }

    func isDue(_ event: StepsReverted) -> Bool {
        if case .revert(let steps, _, let reason, _) = agenda() {
            return steps == event.steps && reason == event.reason
        }
        // Before tools declared what can be done about their effects, every interrupted step was undone.
        guard let current = enactment.current, current.phase == .intended, event.reason == .interrupted else {
            return false
        }
        return event.steps == [current.step.id] && manifest(of: current.step)?.repeatability == nil
    }

    private mutating func revert(_ event: StepsReverted) {
        let halted = enactment.current.flatMap { current -> (StepID, String)? in
            if case .settled(let halt?) = current.phase { (current.step.id, halt) } else { nil }
        }
        enactment.current = nil
        enactment.done.removeAll { event.steps.contains($0.step.id) }
        enactment.fillings.removeAll { event.steps.contains(where: $0.sources.contains) }
        for index in enactment.trials.indices where enactment.trials[index].reverted == nil {
            if event.steps.contains(enactment.trials[index].step.id) { enactment.trials[index].reverted = event }
        }
        switch event.reason {
        case .surprise, .failure, .unknown: stop(at: halted?.0 ?? event.steps.last, halted?.1 ?? event.note)
        case .interrupted, .replaced: break
        case .person:
            goalOutcomes = []
            if status != .finished { lapse() }
        }
    }

    mutating func settle(_ event: GoalsSettled) {
        goalOutcomes = event.outcomes
        let missed = event.outcomes.filter { $0.settlement.outcome != true }
        if !missed.isEmpty { stop(at: nil, "not reached: " + missed.map(\.goal.rawValue).joined(separator: ", ")) }
    }

    /// Halts enactment; a revision is due if the architecture has one left.
    mutating func stop(at step: StepID?, _ why: String) {
        // Nobody wants a revision of what was declined.
        guard !isDeclined else { return }
        halt = Halt(step: step, why: why)
        if let update = updateStage, updatesUsed < update.atMost {
            choice = nil
            stage = update.index
        }
    }

    /// Permits the next step of the chosen plan, if the choice still stands.
    ///
    /// - Parameters:
    ///   - step: The step that is due.
    ///   - now: The time, in milliseconds since 1970 UTC.
    /// - Returns: The permission, for one act.
    /// - Throws: ``AuthorizationRefusal``; `isLapsed` tells that the person must be asked again.
    public func authorize(_ step: StepID, now: Int64) throws(AuthorizationRefusal) -> Authorization {
        try requireOwnPresent()
        try requireRuling(on: step, now: now)
        return try permit(step, now: now)
    }

    /// Permits a step in the name of whichever run the present event belongs to; for replaying a shared past.
    func permit(_ step: StepID, now: Int64) throws(AuthorizationRefusal) -> Authorization {
        let (choice, plan) = try standingChoice(now: now)
        guard enactment.current == nil, enactment.done.count == enactment.kept, let next = enactment.next,
            next.id == step, !enactment.isOpen(next)
        else { throw AuthorizationRefusal("step \(step) is not the one that is due", isLapsed: false) }
        let end = try fillingEnd(of: step, now: now)
        return permission(next, attempt: enactment.deliberateAttempts(of: step) + 1, choice, plan, until: end)
    }

    /// Permits the action of the step that is under way once more, under the same identity, because doing it again cannot
    /// bring its effect about twice.
    ///
    /// - Parameters:
    ///   - step: The step whose intent has no observation.
    ///   - now: The time, in milliseconds since 1970 UTC.
    /// - Returns: The permission, for one act.
    /// - Throws: ``AuthorizationRefusal`` as ``authorize(_:now:)`` does, and when the class of the tool's effects does not
    ///   allow it or the time for which the target knows the key is over.
    public func authorizeAgain(_ step: StepID, now: Int64) throws(AuthorizationRefusal) -> Authorization {
        try requireOwnPresent()
        return try permitAgain(step, now: now)
    }

    /// Permits an action once more in the name of whichever run the present event belongs to; for replaying a shared past.
    func permitAgain(_ step: StepID, now: Int64) throws(AuthorizationRefusal) -> Authorization {
        let (choice, plan) = try standingChoice(now: now)
        guard let current = enactment.current, current.step.id == step, current.phase == .intended,
            enactment.done.count == enactment.kept, let next = enactment.next, next.id == step,
            next.action.digest == current.step.action.digest
        else { throw AuthorizationRefusal("step \(step) is not the one that is under way", isLapsed: false) }
        guard isRepeatable(current, at: now) else {
            throw AuthorizationRefusal("the action of step \(step) cannot be sent again", isLapsed: false)
        }
        // Recording that it is sent again may take its time: the permission ends when the target forgets the key.
        let granted = permission(
            next,
            attempt: enactment.deliberateAttempts(of: step),
            choice,
            plan,
            until: keyEnd(of: current)
        )
        guard granted.effect == current.effect else {
            throw AuthorizationRefusal("step \(step) would be another effect", isLapsed: false)
        }
        return granted
    }

    private func requireOwnPresent() throws(AuthorizationRefusal) {
        guard !isInSharedPast else {
            throw AuthorizationRefusal("what another run was permitted permits nothing here", isLapsed: false)
        }
    }

    private func permission(
        _ step: Step,
        attempt: Int,
        _ choice: StandingChoice,
        _ plan: Digest,
        until end: Int64 = .max
    ) -> Authorization {
        Authorization(
            run: identity,
            step: step.id,
            attempt: attempt,
            action: step.action,
            actionDigest: step.action.digest,
            plan: plan,
            choice: choice.sequence,
            expiresAtMilliseconds: min(end, expiry(of: choice)),
            scope: scope(of: step)
        )
    }

    /// The choice that stands now, with the digest of the plan that was chosen.
    private func standingChoice(now: Int64) throws(AuthorizationRefusal) -> (StandingChoice, Digest) {
        guard status == .running else { throw AuthorizationRefusal("the run is \(status.rawValue)", isLapsed: false) }
        if let upheld = try upheldChoice(now: now) { return upheld }
        guard let choice, case .option(let id) = choice.choice.verdict, let sheet else {
            throw AuthorizationRefusal("no choice stands", isLapsed: true)
        }
        guard choice.choice.shown == sheet.digest, sheet.shows(currentSheet) else {
            throw AuthorizationRefusal("what was chosen is no longer what stands", isLapsed: true)
        }
        // Once more, whoever wrote down that it stands: a kept state may have been tampered with.
        for standing in votes + [choice] {
            if let fault = fault(of: standing.choice, standing.signature, on: sheet) {
                throw AuthorizationRefusal("the choice at \(standing.sequence) \(fault)", isLapsed: true)
            }
        }
        // A clock that jumped backwards does not make a choice valid again: it is at least as late as the last event.
        guard max(now, updatedAtMilliseconds) < expiry(of: choice) else {
            throw AuthorizationRefusal("the choice has expired", isLapsed: true)
        }
        guard let plan = enactment.plan, enactment.proposal == id,
            sheet.options.contains(where: { $0.proposal == id && $0.plan == plan.digest })
        else { throw AuthorizationRefusal("the plan is not the one that was on the sheet", isLapsed: true) }
        return (choice, plan.digest)
    }
}

/// Why a step is not permitted.
public struct AuthorizationRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why, in a sentence.
    public var description: String
    /// Whether the choice no longer stands, so that the person must be asked again.
    public var isLapsed: Bool

    init(_ description: String, isLapsed: Bool) {
        self.description = description
        self.isLapsed = isLapsed
    }
}
