// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A brief was taken up by an architecture.
public struct RunStarted: Hashable, Sendable, Codable {
    /// The run.
    public var run: RunID
    /// What is asked for.
    public var brief: Brief
    /// Who does what.
    public var architecture: Architecture
    /// Who performs, in words, by the name of the profile.
    public var performers: [String: String]
    /// The tools there are.
    public var tools: [ToolManifest]
    /// The directory that is worked on.
    public var workspace: String?
    /// Who started it.
    public var person: String
    /// The forks by which it came about, the oldest first; `nil` for a run that was started anew.
    public var forks: [Fork]?
    /// How durable an episode of a long work is before the next begins; `nil` for in full.
    public var durability: Durability?
    /// How the architecture was checked; `nil` where there was nothing to tell.
    public var check: CheckRecord?
    /// The keys whose signatures choices need; `nil` for a run whose choices are not signed.
    public var desks: [DeskKey]?
    /// The policy that calls are decided by; `nil` for the standard one of a run that was started without.
    public var policy: Policy?

    /// Makes the event.
    public init(
        run: RunID,
        brief: Brief,
        architecture: Architecture,
        performers: [String: String],
        tools: [ToolManifest],
        workspace: String? = nil,
        person: String,
        forks: [Fork]? = nil,
        durability: Durability? = nil,
        check: CheckRecord? = nil,
        desks: [DeskKey]? = nil,
        policy: Policy? = nil
    ) {
        self.run = run
        self.brief = brief
        self.architecture = architecture
        self.performers = performers
        self.tools = tools
        self.workspace = workspace
        self.person = person
        self.forks = forks
        self.durability = durability
        self.check = check
        self.desks = desks
        self.policy = policy
    }
}

/// A person did something to a run as a whole.
public struct PersonActed: Hashable, Sendable, Codable {
    /// Who.
    public var person: String
    /// How the person was identified.
    public var identifiedBy: String
    /// Why.
    public var reason: String

    /// Makes the event.
    public init(
        person: String,
        identifiedBy: String,
        reason: String = ""
    ) {
        self.person = person
        self.identifiedBy = identifiedBy
        self.reason = reason
    }
}

/// A person withdrew a mandate.
public struct MandateRevoked: Hashable, Sendable, Codable {
    /// The mandate.
    public var mandate: String
    /// Who.
    public var person: String
    /// How the person was identified.
    public var identifiedBy: String
    /// Why.
    public var reason: String

    /// Makes the event.
    public init(mandate: String, person: String, identifiedBy: String, reason: String) {
        self.mandate = mandate
        self.person = person
        self.identifiedBy = identifiedBy
        self.reason = reason
    }
}

/// A person rewrote the goals.
public struct GoalsEdited: Hashable, Sendable, Codable {
    /// The goals from now on.
    public var goals: [Goal]
    /// Who.
    public var person: String
    /// How the person was identified.
    public var identifiedBy: String
    /// Why.
    public var reason: String

    /// Makes the event.
    public init(
        goals: [Goal],
        person: String,
        identifiedBy: String,
        reason: String
    ) {
        self.goals = goals
        self.person = person
        self.identifiedBy = identifiedBy
        self.reason = reason
    }
}

/// What became of the goals after enactment.
public struct GoalsSettled: Hashable, Sendable, Codable {
    /// One for each goal with a check.
    public var outcomes: [Outcome]

    /// Makes the event.
    public init(
        outcomes: [Outcome]
    ) {
        self.outcomes = outcomes
    }

    /// What became of one goal.
    public struct Outcome: Hashable, Sendable, Codable {
        /// The goal.
        public var goal: GoalID
        /// What its check showed.
        public var settlement: Settlement

        /// Makes an outcome.
        public init(goal: GoalID, settlement: Settlement) {
            self.goal = goal
            self.settlement = settlement
        }
    }
}

/// The run ended.
public struct RunFinished: Hashable, Sendable, Codable {
    /// How.
    public var outcome: Outcome
    /// How, in a sentence.
    public var summary: String

    /// Makes the event.
    public init(
        outcome: Outcome,
        summary: String
    ) {
        self.outcome = outcome
        self.summary = summary
    }

    /// How a run ended.
    public enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        /// The chosen plan was enacted and every goal's check passed.
        case done
        /// A person chose an option, and the architecture enacts nothing.
        case chosen
        /// A person chose none.
        case declined
        /// Enactment halted and no revision was left; the workspace is at the last good checkpoint.
        case halted
        /// The plan was enacted, a goal's check failed, and no revision was left.
        case unmet
    }
}
