// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Event {
    /// The stored word for this kind of event; never changes.
    public var type: String {
        switch self {
        case .runStarted: "run_started"
        case .episodeStarted: "episode_started"
        case .episodeCompleted: "episode_completed"
        case .episodeFailed: "episode_failed"
        case .iterationBegun: "iteration_begun"
        case .stateAdvanced: "state_advanced"
        case .advanceFailed: "advance_failed"
        case .episodesReopened: "episodes_reopened"
        case .optionAdded: "option_added"
        case .choiceRequested: "choice_requested"
        case .recordsShown: "records_shown"
        case .choiceRecorded: "choice_recorded"
        case .choiceUpheld: "choice_upheld"
        case .choiceLapsed: "choice_lapsed"
        case .choiceOverdue: "choice_overdue"
        case .outcomeFiled: "outcome_filed"
        case .questionAsked: "question_asked"
        case .goalsEdited: "goals_edited"
        case .mandateRevoked: "mandate_revoked"
        case .mandateWithdrawn: "mandate_withdrawn"
        case .mandateGranted: "mandate_granted"
        case .mandateProposed: "mandate_proposed"
        case .runPaused: "run_paused"
        case .runContinued: "run_continued"
        case .runStopped: "run_stopped"
        case .checkpointMade: "checkpoint_made"
        case .stepFilled: "step_filled"
        case .stepAuthorized: "step_authorized"
        case .stepIntended: "step_intended"
        case .stepObserved: "step_observed"
        case .reconciliationRequested: "reconciliation_requested"
        case .stepReconciled: "step_reconciled"
        case .stepSettled: "step_settled"
        case .stepsReverted: "steps_reverted"
        case .goalsSettled: "goals_settled"
        case .runFinished: "run_finished"
        case .runClaimed: "run_claimed"
        case .lateResult: "late_result"
        case .unrecognized(let type, _): type
        }
    }

    /// The body as it is stored.
    func body() throws -> JSONValue {
        switch self {
        case .runStarted(let body): try JSONValue(encoding: body)
        case .episodeStarted(let body): try JSONValue(encoding: body)
        case .episodeCompleted(let body): try JSONValue(encoding: body)
        case .episodeFailed(let body): try JSONValue(encoding: body)
        case .iterationBegun(let body): try JSONValue(encoding: body)
        case .stateAdvanced(let body): body.json
        case .advanceFailed(let body): try JSONValue(encoding: body)
        case .episodesReopened(let body): try JSONValue(encoding: body)
        case .optionAdded(let body): try JSONValue(encoding: body)
        case .choiceRequested(let body): try JSONValue(encoding: body)
        case .recordsShown(let body): try JSONValue(encoding: body)
        case .choiceRecorded(let body): try JSONValue(encoding: body)
        case .choiceUpheld(let body): try JSONValue(encoding: body)
        case .choiceLapsed(let body): try JSONValue(encoding: body)
        case .choiceOverdue(let body): try JSONValue(encoding: body)
        case .outcomeFiled(let body): try JSONValue(encoding: body)
        case .questionAsked(let body): try JSONValue(encoding: body)
        case .goalsEdited(let body): try JSONValue(encoding: body)
        case .mandateRevoked(let body): try JSONValue(encoding: body)
        case .mandateWithdrawn(let body): try JSONValue(encoding: body)
        case .mandateGranted(let body): try JSONValue(encoding: body)
        case .mandateProposed(let body): try JSONValue(encoding: body)
        case .runPaused(let body): try JSONValue(encoding: body)
        case .runContinued(let body): try JSONValue(encoding: body)
        case .runStopped(let body): try JSONValue(encoding: body)
        case .checkpointMade(let body): try JSONValue(encoding: body)
        case .stepFilled(let body): try JSONValue(encoding: body)
        case .stepAuthorized(let body): try JSONValue(encoding: body)
        case .stepIntended(let body): try JSONValue(encoding: body)
        case .stepObserved(let body): try JSONValue(encoding: body)
        case .reconciliationRequested(let body): try JSONValue(encoding: body)
        case .stepReconciled(let body): try JSONValue(encoding: body)
        case .stepSettled(let body): try JSONValue(encoding: body)
        case .stepsReverted(let body): try JSONValue(encoding: body)
        case .goalsSettled(let body): try JSONValue(encoding: body)
        case .runFinished(let body): try JSONValue(encoding: body)
        case .runClaimed(let body): try JSONValue(encoding: body)
        case .lateResult(let body): try JSONValue(encoding: body)
        case .unrecognized(_, let body): body
        }
    }

    /// Reads an event by its stored word: one look-up, no trial decoding.
    init(type: String, body: JSONValue) throws {
        switch type {
        case "run_started": self = .runStarted(try body.decode())
        case "episode_started": self = .episodeStarted(try body.decode())
        case "episode_completed": self = .episodeCompleted(try body.decode())
        case "episode_failed": self = .episodeFailed(try body.decode())
        case "iteration_begun": self = .iterationBegun(try body.decode())
        case "state_advanced": self = .stateAdvanced(try StateAdvanced(json: body))
        case "advance_failed": self = .advanceFailed(try body.decode())
        case "episodes_reopened": self = .episodesReopened(try body.decode())
        case "option_added": self = .optionAdded(try body.decode())
        case "choice_requested": self = .choiceRequested(try body.decode())
        case "records_shown": self = .recordsShown(try body.decode())
        case "choice_recorded": self = .choiceRecorded(try body.decode())
        case "choice_upheld": self = .choiceUpheld(try body.decode())
        case "choice_lapsed": self = .choiceLapsed(try body.decode())
        case "choice_overdue": self = .choiceOverdue(try body.decode())
        case "outcome_filed": self = .outcomeFiled(try body.decode())
        case "question_asked": self = .questionAsked(try body.decode())
        case "goals_edited": self = .goalsEdited(try body.decode())
        case "mandate_revoked": self = .mandateRevoked(try body.decode())
        case "mandate_withdrawn": self = .mandateWithdrawn(try body.decode())
        case "mandate_granted": self = .mandateGranted(try body.decode())
        case "mandate_proposed": self = .mandateProposed(try body.decode())
        case "run_paused": self = .runPaused(try body.decode())
        case "run_continued": self = .runContinued(try body.decode())
        case "run_stopped": self = .runStopped(try body.decode())
        case "checkpoint_made": self = .checkpointMade(try body.decode())
        case "step_filled": self = .stepFilled(try body.decode())
        case "step_authorized": self = .stepAuthorized(try body.decode())
        case "step_intended": self = .stepIntended(try body.decode())
        case "step_observed": self = .stepObserved(try body.decode())
        case "reconciliation_requested": self = .reconciliationRequested(try body.decode())
        case "step_reconciled": self = .stepReconciled(try body.decode())
        case "step_settled": self = .stepSettled(try body.decode())
        case "steps_reverted": self = .stepsReverted(try body.decode())
        case "goals_settled": self = .goalsSettled(try body.decode())
        case "run_finished": self = .runFinished(try body.decode())
        case "run_claimed": self = .runClaimed(try body.decode())
        case "late_result": self = .lateResult(try body.decode())
        default: self = .unrecognized(type: type, body: body)
        }
    }
}
