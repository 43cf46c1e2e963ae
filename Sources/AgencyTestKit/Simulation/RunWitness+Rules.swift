// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// The invariants, each as a predicate over the record before an event, the event, and what has come about in the world.
///
/// They are written from the promises, not from the fold: where they and the fold disagree, one of them is wrong.
extension RunWitness {
    func faults(of recorded: RecordedEvent, before: RunState) -> [String] {
        var faults = ending(recorded.event, before)
        switch recorded.event {
        case .episodeStarted, .stepAuthorized, .choiceRequested:
            if before.status != .running { faults.append("the run is \(before.status.rawValue)") }
        case .episodeCompleted(let body): faults += begun(body.episode)
        case .episodeFailed(let body): faults += begun(body.episode)
        case .choiceRecorded(let body): faults += self.faults(of: body.choice, at: recorded.atMilliseconds, before)
        case .stepIntended(let body): faults += self.faults(of: body, at: recorded.atMilliseconds, before)
        case .stepObserved(let body):
            if intent(of: body.effect) == nil { faults.append("nothing was intended with that effect") }
            if body.result.isSuccess, !isOutside(body.effect), !standsNow.contains(body.effect) {
                faults.append("the effect that was observed has not come about")
            }
        case .stepSettled(let body):
            let observed = last { event -> StepID? in
                switch event {
                case .stepObserved(let one): one.step
                case .stepReconciled(let one) where one.finding == .happened: one.step
                default: nil
                }
            }
            if observed?.body != body.step { faults.append("the step was not observed before") }
        case .checkpointMade(let body):
            let settled = last { if case .stepSettled(let one) = $0 { one } else { nil } }
            if let step = body.step, settled?.body.step != step || settled?.body.halt != nil {
                faults.append("the step was not settled, or halted")
            }
        case .stateAdvanced(let body): faults += self.faults(of: body, before)
        case .runFinished(let body): faults += self.faults(of: body, before)
        default: break
        }
        return faults
    }

    /// What may still happen in a run that is over.
    private func ending(_ event: Event, _ before: RunState) -> [String] {
        switch (before.status, event) {
        case (_, .runClaimed), (_, .lateResult): []
        case (.finished, .stepsReverted(let body)) where body.reason == .person: []
        case (.finished, _): ["the run has ended"]
        case (.stopped, .episodeCompleted), (.stopped, .episodeFailed), (.stopped, .stepObserved): []
        case (.stopped, .stepsReverted(let body)) where body.reason == .person: []
        case (.stopped, _): ["the run was stopped"]
        default: []
        }
    }

    private func begun(_ episode: EpisodeID) -> [String] {
        for event in events.reversed() {
            switch event.event {
            case .episodeStarted(let body) where body.order.id == episode: return []
            case .episodeCompleted(let body) where body.episode == episode: return ["the episode is over"]
            case .episodeFailed(let body) where body.episode == episode: return ["the episode is over"]
            default: continue
            }
        }
        return ["the episode was not begun"]
    }

    /// A choice counts only from the sheet that was put before people last, while it stands, once.
    private func faults(of choice: Choice, at time: Int64, _ before: RunState) -> [String] {
        var faults: [String] = []
        let requested = last { if case .choiceRequested(let body) = $0 { body } else { nil } }
        guard let requested else { return ["nothing was put before anybody"] }
        if requested.body.digest != choice.shown || requested.body.sheet.digest != choice.shown {
            faults.append("it was made from another sheet than the last")
        }
        for event in events[(requested.place + 1)...] {
            switch event.event {
            case .choiceRecorded, .choiceLapsed, .choiceOverdue, .goalsEdited, .optionAdded, .questionAsked:
                faults.append("the sheet did not stand any more after event \(event.sequence) (\(event.event.type))")
            default: continue
            }
        }
        if case .option(let id) = choice.verdict, !requested.body.sheet.options.contains(where: { $0.proposal == id }) {
            faults.append("the option was not on the sheet")
        }
        if choice.expiresAtMilliseconds <= time { faults.append("it had lapsed before it was recorded") }
        if before.isOverdue(at: time) { faults.append("the time that there was to choose was over") }
        if before.status != .running { faults.append("the run is \(before.status.rawValue)") }
        return faults
    }

    /// An intent follows its authorisation, which follows a choice that stands and was bound to that very plan and action.
    private func faults(of intent: StepIntended, at time: Int64, _ before: RunState) -> [String] {
        guard case .stepAuthorized(let permit)? = events.last?.event, permit.step == intent.step else {
            return ["it does not follow an authorisation of the step"]
        }
        var faults: [String] = []
        if permit.action != intent.action.digest { faults.append("it is about another action than was authorised") }
        if let earlier = self.intent(of: intent.effect), !isClosed(earlier, intent) {
            faults.append("the effect was intended before, and what became of it is not known")
        }
        guard events.indices.contains(permit.choice),
            case .choiceRecorded(let chosen) = events[permit.choice].event,
            case .option(let option) = chosen.choice.verdict
        else { return faults + ["the authorisation does not rest on a choice of an option"] }
        let sheet = events[..<permit.choice].reversed().lazy.compactMap { event -> ChoiceSheet? in
            if case .choiceRequested(let body) = event.event, body.digest == chosen.choice.shown {
                body.sheet
            } else {
                nil
            }
        }.first
        guard let shown = sheet?.options.first(where: { $0.proposal == option }) else {
            return faults + ["the choice does not rest on anything that was shown"]
        }
        if shown.plan != permit.plan { faults.append("the plan is not the one that was chosen") }
        guard let plan = before.proposals[option]?.plan, plan.digest == permit.plan,
            let step = plan.step(intent.step), isChosen(intent.action, for: step, since: permit.choice)
        else { return faults + ["the action is not in the plan that was chosen"] }
        for event in events[(permit.choice + 1)...] {
            switch event.event {
            case .choiceRecorded, .choiceLapsed, .goalsEdited, .optionAdded, .choiceRequested:
                faults.append("the choice did not stand any more after event \(event.sequence) (\(event.event.type))")
            case .stepsReverted(let body) where body.reason != .interrupted && body.reason != .replaced:
                faults.append("the choice did not stand any more after event \(event.sequence) (\(body.reason))")
            default: continue
            }
        }
        if time >= permit.expiresAtMilliseconds { faults.append("the choice had lapsed") }
        if permit.expiresAtMilliseconds != chosen.choice.expiresAtMilliseconds {
            faults.append("the permission lapses at another time than the choice")
        }
        if before.status != .running { faults.append("the run is \(before.status.rawValue)") }
        return faults
    }

    /// Whether an action is that of a step as it was chosen, with nothing but its holes filled, and those by what was read.
    private func isChosen(_ action: Action, for step: Step, since choice: Int) -> Bool {
        guard let holes = step.holes else { return step.action.digest == action.digest }
        var arguments = action.arguments.object ?? [:]
        let filled = events.reversed().first { event in
            if case .stepFilled(let body) = event.event { body.step == step.id } else { false }
        }
        guard let filled, filled.sequence > choice, case .stepFilled(let body) = filled.event,
            body.ruling?.decision == .allowed, body.action?.digest == action.digest
        else { return false }
        for hole in holes {
            guard let value = arguments[hole.argument], hole.shape.validate(value).isEmpty else { return false }
            arguments[hole.argument] = nil
        }
        return Action(tool: action.tool, arguments: .object(arguments)).digest == step.action.digest
    }

    /// The end that everything was done is right only where everything was done.
    private func faults(of ending: RunFinished, _ before: RunState) -> [String] {
        guard ending.outcome == .done else { return [] }
        if let iteration = before.iteration { return iteration.isDone ? [] : ["the work is not done"] }
        var faults: [String] = []
        let done = before.enactment.done.map(\.step)
        let planned = before.enactment.plan?.ordered ?? []
        if done.count != planned.count
            || !zip(done, planned).allSatisfy({ isChosen($0.action, for: $1, since: 0) })
        {
            faults.append("not every step of the chosen plan is done")
        }
        if before.goalOutcomes.contains(where: { $0.settlement.outcome != true }) { faults.append("a goal is missed") }
        if standing.count != done.count { faults.append("\(standing.count) effects for \(done.count) steps") }
        return faults
    }

    /// The effects that should be in the workspace: of the steps that are done, in order.
    var standing: [Digest] {
        var standing: [(step: StepID, effect: Digest, isDone: Bool)] = []
        for event in events {
            switch event.event {
            case .stepIntended(let body): standing.append((body.step, body.effect, false))
            case .checkpointMade(let body):
                guard let step = body.step, let index = standing.lastIndex(where: { $0.step == step }) else { continue }
                standing[index].isDone = true
            case .stepsReverted(let body): standing.removeAll { body.steps.contains($0.step) }
            default: continue
            }
        }
        return standing.filter(\.isDone).map(\.effect)
    }

    /// Whether it was found out what became of an intent, or it was undone.
    private func isClosed(_ place: Int, _ intent: StepIntended) -> Bool {
        events[(place + 1)...].contains { event in
            switch event.event {
            case .stepsReverted(let body): body.steps.contains(intent.step)
            case .stepReconciled(let body): body.effect == intent.effect && body.finding == .absent
            default: false
            }
        }
    }

    /// The place of the last intent of an effect.
    private func intent(of effect: Digest) -> Int? {
        events.lastIndex { if case .stepIntended(let body) = $0.event { body.effect == effect } else { false } }
    }

    /// What is wrong with acting now.
    func faults(of act: Act, _ known: Known, _ isDurable: (Int) -> Bool) -> [String] {
        guard let place = intent(of: act.effect), case .stepIntended(let intent) = events[place].event else {
            return ["it acts without an intent on the record"]
        }
        var faults: [String] = []
        if !isDurable(place) { faults.append("it acts on an intent that a crash could take back") }
        if intent.step != act.step || intent.action.digest != act.action {
            faults.append("it acts otherwise than intended")
        }
        if known.isOutside ? known.mayHaveHappened && !known.isRecognised : standsNow.contains(act.effect) {
            faults.append("it acts a second time")
        }
        if let claim = state.claim, claim.worker != act.by {
            faults.append("it acts though \(claim.worker) has the run")
        }
        if act.now >= act.expires { faults.append("it acts after the choice has lapsed") }
        for event in events[(place + 1)...] {
            switch event.event {
            case .stepObserved(let body) where body.effect == act.effect: faults.append("it acts after the observation")
            case .stepsReverted(let body) where body.steps.contains(act.step):
                faults.append("it acts on what was undone")
            default: continue
            }
        }
        return faults
    }
}
