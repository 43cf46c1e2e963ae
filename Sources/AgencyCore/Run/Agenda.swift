// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What is due in a run.
public indirect enum Work: Hashable, Sendable {
    /// Perform these episodes; they do not depend on one another.
    case perform([EpisodeOrder])
    /// Perform the episode that takes a long work one step on.
    case iterate(EpisodeOrder)
    /// Put the options before the person.
    case requestChoice(ChoiceSheet)
    /// Record that the choice that was made goes on standing for the revised plan.
    case uphold(ChoiceUpheld)
    /// Make the checkpoint after a step, or the one before any.
    case checkpoint(StepID?)
    /// Go back to a checkpoint, undoing these steps.
    case revert(steps: [StepID], checkpoint: String, reason: StepsReverted.Reason, note: String)
    /// Fill the holes of the step with what was read: ``RunState/filling(of:now:)`` says how.
    case fill(StepID)
    /// Authorise the step, record the intent, act, and record what was seen.
    case enact(StepID)
    /// Find out whether the step's action happened: ``RunState/wayOut(now:)`` says how.
    case reconcile(StepID)
    /// Settle the step's forecasts.
    case settle(StepID)
    /// Settle the goals.
    case settleGoals
    /// Record the end.
    case finish(RunFinished)
    /// Nothing can be done until something happens.
    case wait(Waiting)
    /// The run is over.
    case nothing

    /// What a run waits for.
    public enum Waiting: Hashable, Sendable {
        /// A person's choice.
        case choice
        /// A person's word on whether a step's action happened.
        case reconcile(StepID)
        /// A person to let it go on.
        case paused
        /// A person to have failed episodes tried again, or to stop it.
        case stalled(String)
    }
}

extension RunState {
    /// Says what is due.
    public func agenda() -> Work {
        switch status {
        case .notStarted, .stopped, .finished: return .nothing
        case .paused: return .wait(.paused)
        case .running: break
        }
        if let current = enactment.current, let work = clearing(current) { return work }
        guard let current = currentStage else {
            if let endOfProbe { return .finish(endOfProbe) }
            if let iteration, options.isEmpty {
                if goalOutcomes.isEmpty, goals.contains(where: { $0.flattened.contains { $0.check != nil } }) {
                    return .settleGoals
                }
                if let halt { return .finish(RunFinished(outcome: .unmet, summary: halt.why)) }
                let episodes = iteration.number == 1 ? "1 episode" : "\(iteration.number.grouped) episodes"
                return .finish(RunFinished(outcome: .done, summary: "the work was done in \(episodes)"))
            }
            let chosen = enactment.proposal?.rawValue ?? "an option"
            return .finish(RunFinished(outcome: .chosen, summary: "\(chosen) was chosen; nothing was to be enacted"))
        }
        switch current {
        case .propose, .critique, .evaluate, .explain, .update, .probe:
            let due = dueOrders()
            return due.isEmpty ? .wait(.stalled(stallReason)) : .perform(due)
        case .iterate(let role, let atMost): return iterating(role, atMost: atMost)
        case .choose: return choosing()
        case .enact: return enacting()
        }
    }

    private var stallReason: String {
        let failures = episodeOrder.compactMap { id -> String? in
            guard case .failed(let code, let message)? = episodes[id]?.status else { return nil }
            return "\(id): \(code): \(message)"
        }
        return "no episode of stage “\(currentStage?.word ?? "?")” succeeded"
            + (failures.last.map { "; last: \($0)" } ?? "")
    }

    private func choosing() -> Work {
        if !isGivenUp, let answer = dueAnswer() { return .perform([answer]) }
        if isDeclined {
            // What was begun before comes to an end first, so that the workspace is as the record says.
            if let current = enactment.current { return finishing(current) }
            let summary = choice.map { "\($0.choice.person) chose none" } ?? "nobody chose in time"
            return .finish(RunFinished(outcome: .declined, summary: summary))
        }
        if let upheld = dueUpholding { return .uphold(upheld) }
        let due = currentSheet
        return sheet?.shows(due) == true ? .wait(.choice) : .requestChoice(due)
    }

    /// Whether the person will have nothing of what was put before them.
    var isDeclined: Bool {
        currentStage?.word == "choose" && (isGivenUp || choice?.choice.verdict == Choice.Verdict.none)
    }

    private func enacting() -> Work {
        if let halt {
            // Only reached when no revision is left: otherwise the run is at its update stage.
            let outcome: RunFinished.Outcome = halt.step == nil ? .unmet : .halted
            return .finish(RunFinished(outcome: outcome, summary: halt.why))
        }
        guard let base = enactment.base else { return .checkpoint(nil) }
        if let current = enactment.current { return finishing(current) }
        if enactment.done.count > enactment.kept {
            let undone = enactment.done[enactment.kept...].map(\.step.id)
            let checkpoint = enactment.kept > 0 ? enactment.done[enactment.kept - 1].checkpoint : base
            let note =
                "the chosen plan does \(undone.map(\.rawValue).joined(separator: ", ")) differently or not at all"
            return .revert(steps: undone, checkpoint: checkpoint, reason: .replaced, note: note)
        }
        if let next = enactment.next { return enactment.isOpen(next) ? .fill(next.id) : .enact(next.id) }
        if goalOutcomes.isEmpty, goals.contains(where: { $0.flattened.contains { $0.check != nil } }) {
            return .settleGoals
        }
        let checks = goalOutcomes.count == 1 ? "1 check passed" : "all \(goalOutcomes.count) checks passed"
        let steps = enactment.done.count == 1 ? "1 step" : "\(enactment.done.count) steps"
        return .finish(RunFinished(outcome: .done, summary: "\(steps) enacted, \(checks)"))
    }

    /// What has to be done about an action of which nobody knows whether it happened, before anything else is.
    private func clearing(_ current: Enactment.Current) -> Work? {
        let step = current.step.id
        func goBack(_ reason: StepsReverted.Reason, _ note: String) -> Work {
            .revert(steps: [step], checkpoint: enactment.checkpoint ?? "", reason: reason, note: note)
        }
        switch current.phase {
        case .intended:
            // Inside the workspace nothing is in doubt; what else stands before the step goes first, as it always has.
            guard effects(of: current.step).staysInWorkspace else { return .reconcile(step) }
            guard currentStage?.word == "enact" || isDeclined else { return nil }
            let what = "the program was interrupted while \(step) acted"
            return goBack(.interrupted, "\(what); going back makes it not have happened")
        case .asked: return .wait(.reconcile(step))
        case .absent(let note): return goBack(.interrupted, note)
        case .left(let note): return goBack(.unknown, note)
        case .observed, .settled: return nil
        }
    }

    private func finishing(_ current: Enactment.Current) -> Work {
        let checkpoint = enactment.checkpoint ?? ""
        let step = current.step.id
        switch current.phase {
        case .intended, .asked, .absent, .left: return .reconcile(step)
        case .observed: return .settle(step)
        case .settled(nil): return .checkpoint(step)
        case .settled(let halt?):
            let trial = enactment.trials.last
            // An action may fail as forecast to be able to; where a forecast was contradicted too, that is the news.
            let isFailure =
                trial?.result?.isSuccess == false && trial?.settlements.contains { $0.outcome == false } != true
            return .revert(steps: [step], checkpoint: checkpoint, reason: isFailure ? .failure : .surprise, note: halt)
        }
    }
}
