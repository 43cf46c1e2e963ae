// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Replay {
    /// Compares one event with what is decided before it.
    ///
    /// This is the one place where a new kind of event says what of it is decided by the core. What people, performers,
    /// tools and the clock contribute is not; that the fold takes it is checked for every event by the caller.
    mutating func compare<Failure: Error>(
        _ recorded: RecordedEvent,
        _ lookup: PromptLookup<Failure>
    ) async throws(Failure) {
        switch recorded.event {
        case .runStarted(let event): start(event, recorded)
        case .episodeStarted(let event):
            begin(event, recorded)
            return try await comparePrompt(of: event, recorded, lookup)
        case .episodeCompleted(let event): accept(event, recorded)
        case .iterationBegun(let event): return try await begin(event, recorded, lookup)
        case .stateAdvanced(let event): advance(event, recorded)
        case .choiceRequested(let event): show(event, recorded)
        case .choiceUpheld(let event):
            let work = state.agenda()
            decide(
                recorded,
                work == .uphold(event),
                was: "the choice at \(event.choice) was let stand for \(event.proposal)",
                now: work.words
            )
        case .choiceLapsed(let event): lapse(event, recorded)
        case .choiceOverdue(let event):
            let work = state.agenda()
            let isOver = state.isOverdue(at: recorded.atMilliseconds)
            decide(
                recorded,
                work == .wait(.choice) && state.choiceDeadline == event.deadlineMilliseconds && isOver,
                was: "nobody had chosen in time",
                now: work == .wait(.choice) ? "there is time" : work.words
            )
        case .checkpointMade(let event):
            let work = state.agenda()
            decide(
                recorded,
                work == .checkpoint(event.step),
                was: event.step.map { "the checkpoint after step \($0) was made" } ?? "the first checkpoint was made",
                now: work.words
            )
        case .stepFilled(let event): fill(event, recorded)
        case .stepAuthorized(let event): authorize(event, recorded)
        case .stepIntended(let event): intend(event, recorded)
        case .reconciliationRequested(let event): ask(event, recorded)
        case .stepReconciled(let event): reconcile(event, recorded)
        case .stepSettled(let event): settle(event, recorded)
        case .stepsReverted(let event): if event.reason != .person { revert(event, recorded) }
        case .goalsSettled(let event): settle(event, recorded)
        case .runFinished(let event): finish(event, recorded)
        // What performers and tools said.
        case .episodeFailed, .advanceFailed, .stepObserved: break
        // What people did.
        case .episodesReopened, .optionAdded, .choiceRecorded, .questionAsked, .goalsEdited, .mandateRevoked,
            .outcomeFiled, .recordsShown, .mandateProposed, .mandateGranted, .mandateWithdrawn,
            .runPaused, .runContinued,
            .runStopped:
            break
        // What workers said of themselves.
        case .runClaimed, .lateResult: break
        case .unrecognized: countUnrecognized()
        }
        due = nil
        if case .stepAuthorized = recorded.event {} else { permitted = nil }
    }

    private mutating func start(_ event: RunStarted, _ recorded: RecordedEvent) {
        let fault = event.architecture.faults(tools: event.tools.isEmpty ? nil : event.tools).first
        decide(
            recorded,
            fault == nil,
            was: "the architecture could be used",
            now: "it is refused: \(fault.map(\.description) ?? "")"
        )
    }

    private mutating func begin(_ event: EpisodeStarted, _ recorded: RecordedEvent) {
        // Episodes are begun in batches of which only the first is compared with a new list of what is due.
        if due?.contains(event.order) != true { due = Set(state.agenda().orders) }
        let isDue = due?.remove(event.order) != nil
        let now = isDue ? "" : state.agenda().words
        decide(recorded, isDue, was: "episode \(event.order.id) was begun", now: now)
    }

    private mutating func accept(_ event: EpisodeCompleted, _ recorded: RecordedEvent) {
        let known = inputs.removeValue(forKey: event.episode)
        guard let order = state.episodes[event.episode]?.order, let role = state.architecture?.role(order.role) else {
            return
        }
        let tools = state.started?.tools ?? []
        let shape = order.task.outputSchema(role: role, tools: tools, question: state.probeQuestion(of: order))
            .validate(event.output)
        let faults =
            shape.isEmpty ? order.faults(in: event.output, role: role, tools: tools, options: state.options) : shape
        decide(
            recorded,
            faults.isEmpty,
            was: "the output of \(order.id) was taken",
            now: "it is refused: \(faults.first.map(\.description) ?? "")"
        )
        guard let known, let written = try? event.output.decode(Explanation.self) else { return }
        let checked = written.checked(against: known)
        guard event.explanation != checked else { return }
        let was = event.explanation?.counts()
        let now = checked.counts()
        diverge(
            .decision,
            recorded,
            recorded: was.map { "\($0.verified) claims verified, \($0.asserted) asserted" } ?? "no account",
            now: "\(now.verified) claims verified, \(now.asserted) asserted"
        )
    }

    private mutating func show(_ event: ChoiceRequested, _ recorded: RecordedEvent) {
        let work = state.agenda()
        guard case .requestChoice(let sheet) = work else {
            return decide(recorded, false, was: "the options were put before the person", now: work.words)
        }
        decide(
            recorded,
            sheet.shows(event.sheet) && event.sheet.digest == event.digest,
            was: "sheet \(event.digest.short) was put before the person",
            now: "sheet \(sheet.digest.short) is, with \(sheet.difference(from: event.sheet))"
        )
    }

    private mutating func finish(_ event: RunFinished, _ recorded: RecordedEvent) {
        let work = state.agenda()
        guard case .finish(let end) = work, end.outcome == event.outcome else {
            return decide(recorded, false, was: "the run ended: \(event.outcome.rawValue)", now: work.words)
        }
        decide(recorded, true, was: "", now: "")
        word(recorded, event.summary, end.summary)
    }
}

extension Work {
    /// The episodes that are to be performed.
    fileprivate var orders: [EpisodeOrder] { if case .perform(let orders) = self { orders } else { [] } }
}

extension ChoiceSheet {
    fileprivate func difference(from other: ChoiceSheet) -> String {
        var parts: [String] = []
        if run != other.run { parts.append("another run") }
        if cycle != other.cycle { parts.append("another cycle") }
        if architecture != other.architecture { parts.append("another architecture") }
        if goals != other.goals { parts.append("other goals") }
        if options != other.options { parts.append("other options") }
        if judgement != other.judgement { parts.append("other judgements") }
        if tools != other.tools { parts.append("other tools") }
        if policy != other.policy { parts.append("another policy") }
        if revision != other.revision { parts.append("another revision") }
        return parts.isEmpty ? "another digest" : parts.joined(separator: ", ")
    }
}
