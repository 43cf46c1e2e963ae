// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyJudgment
import AgencySchema

/// The carrying out of the chosen plan, step by step.
public struct Enactment: Hashable, Sendable, Codable {
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
    /// What fills the holes of steps, while it stands.
    public internal(set) var fillings: [Filling] = []
    /// The bets against the forecasts of the chosen plan, where the architecture wants that test.
    public internal(set) var surprise: SurpriseTest?

    /// What fills the holes of a step.
    public struct Filling: Hashable, Sendable, Codable {
        /// The digest of the step as it was chosen.
        public var chosen: Digest
        /// The steps whose results fill it.
        public var sources: [StepID]
        /// The action, complete.
        public var action: Action
        /// The mandate under which it was not asked about.
        public var mandate: String?
        /// When it ceases to stand, in milliseconds since 1970 UTC; `nil` for with the choice.
        public var expiresAtMilliseconds: Int64?
    }

    /// A step that is done.
    public struct DoneStep: Hashable, Sendable, Codable {
        /// The step.
        public var step: Step
        /// The checkpoint made after it.
        public var checkpoint: String
    }

    /// The step that is under way.
    public struct Current: Hashable, Sendable, Codable {
        /// The step.
        public var step: Step
        /// The identity of its effect.
        public var effect: Digest
        /// How far it is.
        public var phase: Phase
        /// When it was first to act, in milliseconds since 1970 UTC.
        public var sinceMilliseconds: Int64
        /// The position in the ledger of its intent: whoever acts on another intent of the same effect comes too late.
        public var intent: Int

        /// Whether what the action showed can still be told: a late answer is better than a person's guess.
        public var isOpen: Bool {
            switch phase {
            case .intended, .asked: true
            case .absent, .left, .observed, .settled: false
            }
        }

        /// How far a step is.
        public enum Phase: Hashable, Sendable, Codable {
            /// It is about to act, or has acted and nobody knows.
            case intended
            /// A person has been asked whether it happened, by the event at this position.
            case asked(question: Int)
            /// It did not happen; the workspace is to be put back before it is tried again.
            case absent(String)
            /// A person has left open whether it happened; the workspace is to be put back and enactment halts.
            case left(String)
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
        guard let ordered else { return 0 }
        // By digest: comparing strings would take differently composed letters, two files to a disk, for the same.
        return zip(done, ordered).prefix { $0.step.id == $1.id && $0.step.action.digest == $1.action.digest }.count
    }

    /// The next step to be done, once the done ones are those that the plan begins with.
    public var next: Step? {
        guard let ordered, ordered.count > done.count else { return nil }
        return ordered[done.count]
    }

    /// The steps of the plan in their order, with what is known of their holes filled in.
    var ordered: [Step]? { plan.flatMap(ordered) }

    func ordered(_ plan: Plan) -> [Step]? { plan.ordered?.map(filled) }

    /// What fills the holes of a step; `nil` where it has none, or they are not filled.
    func filling(of step: Step) -> Filling? {
        guard step.holes != nil, !fillings.isEmpty, let digest = try? Digest(encoding: step) else { return nil }
        return fillings.last { $0.chosen == digest }
    }

    private func filled(_ step: Step) -> Step { filling(of: step).map { step.completed($0.action) } ?? step }

    /// Whether a step as ``next`` gives it still has an argument that is not known.
    func isOpen(_ step: Step) -> Bool { step.open.contains { step.action.arguments[$0] == nil } }

    /// How often a step was tried, interrupted tries included.
    public func attempts(of step: StepID) -> Int { trials.count { $0.step.id == step } }

    /// How often a step was tried on purpose: a try that a crash broke off is taken up again, and is the same one.
    public func deliberateAttempts(of step: StepID) -> Int {
        trials.count { $0.step.id == step && $0.reverted?.reason != .interrupted }
    }
}

/// One try of one step.
public struct StepTrial: Hashable, Sendable, Codable {
    /// The step as it was chosen.
    public var step: Step
    /// Which try it is, counted from 1.
    public var attempt: Int
    /// The identity of its effect.
    public var effect: Digest
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
    /// What was found out, or decided, about whether it happened, in order.
    public var reconciliations: [StepReconciled] = []
    /// The question to a person whether it happened.
    public var question: ReconciliationRequested?

    /// What is known of its effect.
    public var effectState: EffectState {
        if let result { return result.isSuccess ? .done : .failed }
        switch reconciliations.last?.finding {
        case .absent: return .undone
        case .left: return .unknown
        case .happened, .again, nil: break
        }
        if question != nil { return .unknown }
        return reverted == nil ? .intended : .undone
    }
}

/// What is known of an effect.
public enum EffectState: String, Hashable, Sendable, Codable, CaseIterable {
    /// It is about to happen, or has happened and nobody has said so yet.
    case intended
    /// It has happened.
    case done
    /// It was tried and the tool says that it failed.
    case failed
    /// Nobody knows whether it happened; a person is asked, or has left it open.
    case unknown
    /// It did not happen, or was undone before anybody knew.
    case undone
}
