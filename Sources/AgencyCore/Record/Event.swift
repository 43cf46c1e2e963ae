// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// Something that happened in a run; the ledger holds these and nothing else.
public indirect enum Event: Hashable, Sendable {
    /// A brief was taken up by an architecture.
    case runStarted(RunStarted)
    /// An episode was begun.
    case episodeStarted(EpisodeStarted)
    /// An episode produced a valid output.
    case episodeCompleted(EpisodeCompleted)
    /// An episode ended without one.
    case episodeFailed(EpisodeFailed)
    /// A long work was begun, or goes on with another prompt or performer.
    case iterationBegun(IterationBegun)
    /// An episode took a long work one step on.
    case stateAdvanced(StateAdvanced)
    /// An episode of a long work ended without an answer that counts.
    case advanceFailed(AdvanceFailed)
    /// A person asked for failed episodes to be tried again.
    case episodesReopened(EpisodesReopened)
    /// A person added an option: an edit or a combination.
    case optionAdded(OptionAdded)
    /// The options were put before the person.
    case choiceRequested(ChoiceRequested)
    /// What the records of earlier runs say of those who judge.
    case recordsShown(RecordsShown)
    /// A person chose.
    case choiceRecorded(ChoiceRecorded)
    /// A choice goes on standing for a revised plan that does nothing else.
    case choiceUpheld(ChoiceUpheld)
    /// A choice ceased to stand.
    case choiceLapsed(ChoiceLapsed)
    /// A person said what became of something that was forecast.
    case outcomeFiled(OutcomeFiled)
    /// Nobody chose in time.
    case choiceOverdue(ChoiceOverdue)
    /// A person asked the explainer a question.
    case questionAsked(QuestionAsked)
    /// A person rewrote the goals.
    case goalsEdited(GoalsEdited)
    /// A person withdrew a mandate.
    case mandateRevoked(MandateRevoked)
    /// The record shows that choices may be made by rule.
    case mandateProposed(MandateProposed)
    /// A person lets them be.
    case mandateGranted(MandateGranted)
    /// That ends.
    case mandateWithdrawn(MandateWithdrawn)
    /// A person paused the run.
    case runPaused(PersonActed)
    /// A person let the run go on.
    case runContinued(PersonActed)
    /// A person stopped the run for good.
    case runStopped(PersonActed)
    /// A snapshot of the workspace was made.
    case checkpointMade(CheckpointMade)
    /// The holes of a step were filled with what was read, or could not be.
    case stepFilled(StepFilled)
    /// A step was permitted.
    case stepAuthorized(StepAuthorized)
    /// A step is about to act.
    case stepIntended(StepIntended)
    /// What a step's action showed.
    case stepObserved(StepObserved)
    /// A person was asked whether a step's action happened.
    case reconciliationRequested(ReconciliationRequested)
    /// It was found out what became of a step's action.
    case stepReconciled(StepReconciled)
    /// What became of a step's forecasts.
    case stepSettled(StepSettled)
    /// Steps were undone by going back to a checkpoint.
    case stepsReverted(StepsReverted)
    /// What became of the goals.
    case goalsSettled(GoalsSettled)
    /// The run ended.
    case runFinished(RunFinished)
    /// A worker took the run.
    case runClaimed(RunClaimed)
    /// A worker that had lost the run came back with a result.
    case lateResult(LateResult)
    /// An event of a kind that this version does not know, kept as it is.
    case unrecognized(type: String, body: JSONValue)
}
