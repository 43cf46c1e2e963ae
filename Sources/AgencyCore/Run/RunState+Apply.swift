// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension RunState {
    /// Takes the next event.
    ///
    /// Events must come in the order of their positions; one that is out of order is an anomaly and changes nothing.
    public mutating func apply(_ recorded: RecordedEvent) {
        guard recorded.sequence == sequence + 1 else {
            return anomalies.append("event \(recorded.sequence) came after event \(sequence)")
        }
        sequence = recorded.sequence
        updatedAtMilliseconds = recorded.atMilliseconds
        // What the event before has permitted is taken up by this one or by none.
        if case .stepIntended = recorded.event {} else { permittedEffect = nil }
        defer {
            if !pasts.isEmpty { leavePasts() }
            renewSheet(after: recorded.event)
        }
        if case .runStarted(let event) = recorded.event { return start(event, at: recorded.atMilliseconds) }
        guard started != nil else { return note("came before the run was started", recorded) }
        switch recorded.event {
        case .runStarted, .unrecognized: break
        case .episodeStarted(let event): begin(event, recorded)
        case .episodeCompleted(let event): complete(event, recorded)
        case .episodeFailed(let event): fail(event, recorded)
        case .episodesReopened(let event):
            for id in event.episodes where episodes[id]?.isOver == true { episodes[id]?.status = .reopened }
            iteration?.failure = nil
        case .iterationBegun, .stateAdvanced, .advanceFailed: iterate(recorded)
        case .optionAdded(let event): add(event, recorded)
        case .choiceRequested(let event): show(event, recorded)
        case .choiceRecorded(let event): record(event, recorded)
        case .choiceUpheld(let event): uphold(event, recorded)
        case .choiceLapsed: lapse()
        case .choiceOverdue(let event): give(up: event, recorded)
        case .questionAsked(let event):
            guard currentStage?.word == "choose", questions.count < Limits.questions else {
                return note("asks where no question can be answered", recorded)
            }
            questions.append(Question(number: event.number, text: event.question, person: event.person))
        case .goalsEdited(let event):
            guard status == .running || status == .paused, !isGivenUp else {
                return note("edits the goals of a run that is over", recorded)
            }
            edit(event)
        case .mandateRevoked(let event): revoke(event, recorded)
        case .outcomeFiled(let event): file(event, recorded)
        case .recordsShown(let event): show(event, recorded)
        case .mandateProposed(let event): propose(event, recorded)
        case .mandateGranted(let event): grant(event, recorded)
        case .mandateWithdrawn(let event): withdraw(event)
        case .runPaused: if status == .running { status = .paused }
        case .runContinued: if status == .paused { status = .running }
        case .runStopped: if status != .finished { status = .stopped }
        case .runClaimed(let event):
            guard event.epoch > claim?.epoch ?? 0 else {
                return note("claims the run with a lease that was lost before", recorded)
            }
            claim = event
        case .lateResult(let event):
            lateResults.append(event)
            spend(event.usage, milliseconds: 0)
        case .checkpointMade, .stepFilled, .stepAuthorized, .stepIntended, .stepObserved, .stepSettled, .stepsReverted:
            enact(recorded)
        case .reconciliationRequested(let event): request(event, recorded)
        case .stepReconciled(let event): reconcile(event, recorded)
        case .goalsSettled(let event):
            guard agenda() == .settleGoals else {
                return note("settles goals before the plan is carried out", recorded)
            }
            settle(event)
        case .runFinished(let event):
            guard case .finish(let due) = agenda(), due.outcome == event.outcome else {
                return note("ends a run that is not at its end", recorded)
            }
            finished = event
            status = .finished
        }
        advance()
    }

    /// Moves on past every stage that is complete.
    mutating func advance() {
        // Nothing can be complete while an episode is under way; this keeps a stage of thousands linear.
        guard underWay == 0 else { return }
        while let current = currentStage {
            switch current {
            case .propose:
                // Without a single proposal there is nothing to go on with; the agenda says so.
                guard dueOrders().isEmpty, !options.isEmpty else { return }
            case .critique, .evaluate, .explain, .probe:
                guard dueOrders().isEmpty else { return }
            case .iterate:
                guard iteration?.isDone == true else { return }
            case .choose:
                guard let choice, case .option = choice.choice.verdict else { return }
            case .enact: return
            case .update:
                guard halt == nil else { return }
            }
            stage += 1
        }
    }

    mutating func note(_ what: String, _ recorded: RecordedEvent) {
        anomalies.append("event \(recorded.sequence) (\(recorded.event.type)) \(what)")
    }

    private mutating func start(_ event: RunStarted, at milliseconds: Int64) {
        guard started == nil, sequence == 0 else { return anomalies.append("event \(sequence) starts the run again") }
        started = event
        startedAtMilliseconds = milliseconds
        goals = event.brief.goals
        pasts = event.forks ?? []
        status = .running
    }

    private mutating func begin(_ event: EpisodeStarted, _ recorded: RecordedEvent) {
        guard isDue(event.order) || dueAnswer() == event.order else {
            return note("begins an episode that is not due", recorded)
        }
        let earlier = episodes[event.order.id]
        if earlier == nil { episodeOrder.append(event.order.id) }
        if earlier?.status != .started { underWay += 1 }
        episodes[event.order.id] = EpisodeRecord(
            order: event.order,
            status: .started,
            prompt: event.prompt,
            performer: event.performer,
            startedAtMilliseconds: recorded.atMilliseconds,
            askedAgain: (earlier?.askedAgain ?? 0) + (earlier?.status == .started ? 1 : 0)
        )
    }

    private mutating func complete(_ event: EpisodeCompleted, _ recorded: RecordedEvent) {
        guard var record = episodes[event.episode], record.status == .started else {
            return note("completes an episode that is not under way", recorded)
        }
        record.status = .completed
        underWay -= 1
        record.transcript = event.transcript
        record.usage = event.usage
        record.performer = event.performer
        record.isRecorded = event.recorded
        record.milliseconds = event.milliseconds
        record.ballot = event.ballot
        episodes[event.episode] = record
        spend(event.usage, milliseconds: event.milliseconds)
        do {
            try absorb(event, of: record.order)
        } catch {
            note("has an output that cannot be read: \(error)", recorded)
        }
    }

    private mutating func fail(_ event: EpisodeFailed, _ recorded: RecordedEvent) {
        guard var record = episodes[event.episode], record.status == .started else {
            return note("ends an episode that is not under way", recorded)
        }
        record.status = .failed(code: event.code, message: event.message)
        underWay -= 1
        record.transcript = event.transcript
        record.usage = event.usage
        record.milliseconds = event.milliseconds
        record.ballot = event.ballot
        episodes[event.episode] = record
        spend(event.usage, milliseconds: event.milliseconds)
        if record.order.task == .answer, let open = questions.firstIndex(where: { $0.answer == nil && !$0.failed }) {
            questions[open].failed = true
        }
    }

    mutating func spend(_ usage: Usage, milliseconds: Int) {
        spent += usage
        spentMilliseconds = spentMilliseconds.saturatingPlus(max(0, milliseconds))
    }

    private mutating func edit(_ event: GoalsEdited) {
        goals = event.goals
        goalOutcomes = []
        renewJudgement()
    }

    /// Judges the options that stand once more, because what they are judged by has changed.
    private mutating func renewJudgement() {
        guard let flow = architecture?.flow, stage >= judgementStage else { return }
        let wasEnacting = flow.indices.contains(stage) && flow[stage].word == "enact"
        if wasEnacting, let chosen = enactment.proposal, let proposal = proposals[chosen] { options = [proposal] }
        // Between the halt and its revision there is nothing to judge yet; the reviser sees the new goals.
        if flow.indices.contains(stage), flow[stage].word == "update" { return }
        cycle += 1
        choice = nil
        choiceDeadline = nil
        sheet = nil
        basis = nil
        explanation = nil
        stage = judgementStage
        // A judgement by the goals as they were must not pass for one by the goals as they are.
        evaluations.removeAll { one in options.contains { $0.id == one.proposal } }
        overtake()
    }

    /// Ends the episodes under way, whose outputs would be about something that no longer stands.
    private mutating func overtake() {
        // Most edits find nothing under way; a long run need not be gone through for them.
        guard underWay > 0 else { return }
        for (id, record) in episodes where record.status == .started {
            episodes[id]?.status = .failed(
                code: "overtaken",
                message: "the goals were rewritten while it was under way"
            )
        }
        underWay = 0
    }

    /// The first stage at which the options are judged: where a revised plan enters the flow.
    var judgementStage: Int {
        let flow = architecture?.flow ?? []
        return flow.firstIndex { $0.word == "evaluate" } ?? flow.firstIndex { $0.word == "choose" } ?? flow.count
    }
}
