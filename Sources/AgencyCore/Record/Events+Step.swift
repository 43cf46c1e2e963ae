// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A snapshot of the workspace was made.
public struct CheckpointMade: Hashable, Sendable, Codable {
    /// The step after which it was made; `nil` for the one before any step.
    public var step: StepID?
    /// Its name in the checkpoint store.
    public var checkpoint: String

    /// Makes the event.
    public init(
        step: StepID?,
        checkpoint: String
    ) {
        self.step = step
        self.checkpoint = checkpoint
    }
}

/// The holes of a step were filled with what was read, or could not be.
public struct StepFilled: Hashable, Sendable, Codable {
    /// The step.
    public var step: StepID
    /// The action with what was read in its place; `nil` where that has not the shape that it should have.
    public var action: Action?
    /// What the policy says of that action; `nil` where there is none.
    public var ruling: PolicyRuling?
    /// What is wrong with what was read.
    public var fault: String?

    /// Makes the event.
    public init(
        step: StepID,
        action: Action? = nil,
        ruling: PolicyRuling? = nil,
        fault: String? = nil
    ) {
        self.step = step
        self.action = action
        self.ruling = ruling
        self.fault = fault
    }
}

/// A step was permitted.
public struct StepAuthorized: Hashable, Sendable, Codable {
    /// The step.
    public var step: StepID
    /// Which try it is, counted from 1.
    public var attempt: Int
    /// The digest of the exact action.
    public var action: Digest
    /// The digest of the chosen plan.
    public var plan: Digest
    /// The position of the choice in the ledger.
    public var choice: Int
    /// When the permission lapses.
    public var expiresAtMilliseconds: Int64
    /// The digest of everything that the permission is bound to; `nil` in a run whose choices are not signed.
    public var binding: Digest?

    /// Makes the event.
    public init(
        step: StepID,
        attempt: Int,
        action: Digest,
        plan: Digest,
        choice: Int,
        expiresAtMilliseconds: Int64,
        binding: Digest? = nil
    ) {
        self.step = step
        self.attempt = attempt
        self.action = action
        self.plan = plan
        self.choice = choice
        self.expiresAtMilliseconds = expiresAtMilliseconds
        self.binding = binding
    }
}

/// A step is about to act.
public struct StepIntended: Hashable, Sendable, Codable {
    /// The step.
    public var step: StepID
    /// The identity of the effect.
    public var effect: Digest
    /// What it is about to do.
    public var action: Action

    /// Makes the event.
    public init(
        step: StepID,
        effect: Digest,
        action: Action
    ) {
        self.step = step
        self.effect = effect
        self.action = action
    }
}

/// What a step's action showed.
public struct StepObserved: Hashable, Sendable, Codable {
    /// The step.
    public var step: StepID
    /// The identity of the effect.
    public var effect: Digest
    /// What the tool showed.
    public var result: ToolResult
    /// The files that changed.
    public var changed: [String]

    /// Makes the event.
    public init(
        step: StepID,
        effect: Digest,
        result: ToolResult,
        changed: [String]
    ) {
        self.step = step
        self.effect = effect
        self.result = result
        self.changed = changed
    }
}

/// What became of a step's forecasts.
public struct StepSettled: Hashable, Sendable, Codable {
    /// The step.
    public var step: StepID
    /// One for each forecast.
    public var settlements: [Settlement]
    /// Why enactment must halt here; `nil` when it may go on.
    public var halt: String?

    /// Makes the event.
    public init(
        step: StepID,
        settlements: [Settlement],
        halt: String?
    ) {
        self.step = step
        self.settlements = settlements
        self.halt = halt
    }
}

/// Steps were undone by going back to a checkpoint.
public struct StepsReverted: Hashable, Sendable, Codable {
    /// The steps undone, in the order in which they were done.
    public var steps: [StepID]
    /// The checkpoint gone back to.
    public var checkpoint: String
    /// Why.
    public var reason: Reason
    /// Why, in a sentence.
    public var note: String
    /// Who asked, when a person did.
    public var person: String?

    /// Makes the event.
    public init(
        steps: [StepID],
        checkpoint: String,
        reason: Reason,
        note: String,
        person: String? = nil
    ) {
        self.steps = steps
        self.checkpoint = checkpoint
        self.reason = reason
        self.note = note
        self.person = person
    }

    /// Why steps were undone.
    public enum Reason: String, Hashable, Sendable, Codable, CaseIterable {
        /// A forecast was contradicted, or could not be settled.
        case surprise
        /// The action itself failed.
        case failure
        /// The program was interrupted between intent and observation, and the action did not happen or is undone by this.
        case interrupted
        /// A person left open whether the action happened.
        case unknown
        /// The newly chosen plan does not contain them.
        case replaced
        /// A person asked for it.
        case person
    }
}
