// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension Event {
    /// What happened, in a line for the table of events.
    var line: String {
        switch self {
        case .runStarted(let event):
            "\(event.person) started “\(event.brief.title)” with architecture \(event.architecture.name)"
        case .episodeStarted(let event): "\(event.order.id) by \(event.performer)"
        case .episodeCompleted(let event):
            "\(event.episode): \(event.usage.tokens.grouped) tokens, \(event.usage.money)"
                + (event.recorded ? ", recorded answers" : "") + (event.ballot.map { "; \($0.line)" } ?? "")
        case .episodeFailed(let event): "\(event.episode): \(event.code): \(event.message)"
        case .iterationBegun(let event): "\(event.role) by \(event.performer)"
        case .stateAdvanced(let event):
            "step \(event.number.grouped): \(event.votes.count.counted("answer")), \(event.usage.tokens.grouped) tokens"
        case .advanceFailed(let event): "step \(event.number.grouped): \(event.code): \(event.message)"
        case .episodesReopened(let event):
            "\(event.person) has \(event.episodes.map(\.rawValue).inWords) tried again"
        case .optionAdded(let event): "\(event.person) added \(event.proposal.id): \(event.reason)"
        case .choiceRequested(let event):
            "\(event.sheet.options.map(\.proposal.rawValue).inWords) shown, sheet \(event.digest.short)"
        case .choiceRecorded(let event): "\(event.choice.person) \(event.choice.verdict.words): \(event.choice.reason)"
        case .choiceUpheld(let event):
            "\(event.proposal) only leaves out steps of what was chosen at event \(event.choice)"
        case .choiceLapsed(let event): event.reason
        case .recordsShown(let event):
            "\(event.settled.counted("judged option")) of \(event.runs.counted("run")) settled; "
                + event.options.map { "\($0.proposal) \($0.probability.percent)" }.inWords
        case .outcomeFiled(let event):
            "\(event.person) says that it \(event.outcome ? "came" : "did not come") true that \(event.subject): \(event.reason)"
        case .choiceOverdue(let event): "nobody had chosen by \(UTC.text(milliseconds: event.deadlineMilliseconds))"
        case .questionAsked(let event): "\(event.person) asked: \(event.question)"
        case .goalsEdited(let event): "\(event.person): \(event.reason)"
        case .mandateRevoked(let event): "\(event.person) withdrew \(event.mandate): \(event.reason)"
        case .mandateProposed(let event):
            "choices of \(event.work) may be made by rule, if a person grants it. \(event.evidence.words)"
        case .mandateGranted(let event): "\(event.granted.words) \(event.reason)"
        case .mandateWithdrawn(let event):
            "mandate \(event.mandate.prefix(8)) has ended\(event.person.map { " by \($0)" } ?? ""): \(event.reason)"
        case .runPaused(let event), .runContinued(let event), .runStopped(let event):
            event.person + (event.reason.isEmpty ? "" : ": \(event.reason)")
        case .checkpointMade(let event): "\(event.step.map { "after \($0)" } ?? "before any step"): \(event.checkpoint)"
        default: stepLine
        }
    }

    /// What happened, in words, for people: `run paused`.
    var title: String { type.replacing("_", with: " ") }

    private var stepLine: String {
        switch self {
        case .stepAuthorized(let event):
            "\(event.step), try \(event.attempt), by choice \(event.choice), action \(event.action.short)"
        case .stepFilled(let event): "\(event.step): \(event.words)"
        case .stepIntended(let event): "\(event.step): \(event.action.tool)"
        case .stepObserved(let event):
            "\(event.step): status \(event.result.status), \(event.changed.count.counted("file")) changed"
        case .reconciliationRequested(let event): "did \(event.step) (\(event.action.tool)) happen? \(event.why)"
        case .stepReconciled(let event):
            "\(event.step): \(event.finding.words), by \(event.person ?? event.means.words): \(event.note)"
        case .stepSettled(let event):
            "\(event.step): \(event.settlements.count { $0.outcome == true }) of "
                + "\(event.settlements.count.counted("forecast")) true" + (event.halt.map { "; halt: \($0)" } ?? "")
        case .stepsReverted(let event):
            "\(event.steps.map(\.rawValue).inWords) undone, \(event.reason.title): \(event.note)"
        case .goalsSettled(let event):
            "\(event.outcomes.count { $0.settlement.outcome == true }) of \(event.outcomes.count.counted("check")) passed"
        case .runFinished(let event): "\(event.outcome.rawValue): \(event.summary)"
        case .runClaimed(let event): "by \(event.worker), claim \(event.epoch)"
        case .lateResult(let event):
            "\(event.episode?.rawValue ?? event.step?.rawValue ?? "?") by \(event.worker), claim \(event.epoch): refused"
        case .unrecognized: "kept, not understood"
        default: ""
        }
    }
}

extension StepReconciled.Finding {
    /// What was found, in words.
    var words: String {
        switch self {
        case .happened: "it happened"
        case .absent: "it did not happen"
        case .left: "it is left open whether it happened"
        case .again: "sent again under the same key"
        }
    }
}

extension StepReconciled.Means {
    /// By what it was found, in words.
    var words: String {
        switch self {
        case .key: "its key"
        case .probe: "its probe"
        case .tool: "its tool"
        case .person: "a person"
        }
    }
}

extension RecordedEvent {
    /// What happened, in a line in which everything can be seen.
    public var visibleLine: String { Escape.terminal(event.line.cut(to: 300)) }
}
