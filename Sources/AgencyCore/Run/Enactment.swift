// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The carrying out of the chosen plan, step by step.
public struct Enactment: Hashable, Sendable {
    /// The proposal that is carried out.
    public internal(set) var proposal: ProposalID?
    /// Its plan, exactly as chosen.
    public internal(set) var plan: Plan?
    /// The checkpoint from before any step.
    public internal(set) var base: String?
    /// The steps that are done, each with the checkpoint made after it.
    public internal(set) var done: [DoneStep] = []
    /// The step that is under way.
    public internal(set) var current: Current?
    /// Every try of every step, in order.
    public internal(set) var trials: [StepTrial] = []

    /// A step that is done.
    public struct DoneStep: Hashable, Sendable {
        /// The step.
        public var step: Step
        /// The checkpoint made after it.
        public var checkpoint: String
    }

    /// The step that is under way.
    public struct Current: Hashable, Sendable {
        /// The step.
        public var step: Step
        /// The identity of its effect.
        public var effect: Digest
        /// How far it is.
        public var phase: Phase

        /// How far a step is.
        public enum Phase: Hashable, Sendable {
            /// It is about to act, or has acted and nobody knows.
            case intended
            /// What the action showed is known.
            case observed(ToolResult)
            /// The forecasts are settled; the text says why enactment must halt.
            case settled(halt: String?)
        }
    }

    /// The checkpoint that the workspace should be at while no step is under way.
    public var checkpoint: String? { done.last?.checkpoint ?? base }

    /// How many of the done steps the chosen plan begins with, unchanged in what they do.
    var kept: Int {
        guard let ordered = plan?.ordered else { return 0 }
        // By digest: comparing strings would take differently composed letters, two files to a disk, for the same.
        return zip(done, ordered).prefix { $0.step.id == $1.id && $0.step.action.digest == $1.action.digest }.count
    }

    /// The next step to be done, once the done ones are those that the plan begins with.
    public var next: Step? {
        guard let ordered = plan?.ordered, ordered.count > done.count else { return nil }
        return ordered[done.count]
    }

    /// How often a step was tried.
    public func attempts(of step: StepID) -> Int { trials.count { $0.step.id == step } }
}

/// One try of one step.
public struct StepTrial: Hashable, Sendable {
    /// The step as it was chosen.
    public var step: Step
    /// Which try it is, counted from 1.
    public var attempt: Int
    /// When it was to act, in milliseconds since 1970 UTC.
    public var atMilliseconds: Int64
    /// What the action showed.
    public var result: ToolResult?
    /// The files that it changed.
    public var changed: [String] = []
    /// What became of its forecasts.
    public var settlements: [Settlement] = []
    /// Why enactment halted on it.
    public var halt: String?
    /// The checkpoint made after it.
    public var checkpoint: String?
    /// How it was undone.
    public var reverted: StepsReverted?
}
