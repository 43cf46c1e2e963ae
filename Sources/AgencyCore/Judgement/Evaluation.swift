// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What one evaluating role says of one proposal.
public struct Evaluation: Hashable, Sendable, Codable {
    /// The role.
    public var role: RoleName
    /// The proposal.
    public var proposal: ProposalID
    /// The episode that produced it.
    public var episode: EpisodeID
    /// A score for each of the role's criteria.
    public var scores: [Score]
    /// How likely the plan is to reach the goals as written; `nil` when not determined.
    public var probability: Double?
    /// The faults found.
    public var objections: [Objection]
    /// The verdict in a few sentences.
    public var summary: String

    /// Makes an evaluation.
    public init(
        role: RoleName,
        proposal: ProposalID,
        episode: EpisodeID,
        scores: [Score],
        probability: Double?,
        objections: [Objection],
        summary: String
    ) {
        self.role = role
        self.proposal = proposal
        self.episode = episode
        self.scores = scores
        self.probability = probability
        self.objections = objections
        self.summary = summary
    }

    /// One criterion's score.
    public struct Score: Hashable, Sendable, Codable {
        /// The criterion.
        public var criterion: String
        /// From 0, worst, to 10, best; `nil` when not determined.
        public var value: Double?
        /// Why.
        public var reason: String

        /// Makes a score.
        public init(criterion: String, value: Double?, reason: String) {
            self.criterion = criterion
            self.value = value
            self.reason = reason
        }
    }
}

/// A specific fault found in a proposal.
public struct Objection: Hashable, Sendable, Codable {
    /// How bad it is.
    public var severity: Severity
    /// What is wrong, in a sentence.
    public var statement: String
    /// What shows it.
    public var evidence: String
    /// The step that it is about, if it is about one.
    public var step: StepID?

    /// Makes an objection.
    public init(severity: Severity, statement: String, evidence: String, step: StepID? = nil) {
        self.severity = severity
        self.statement = statement
        self.evidence = evidence
        self.step = step
    }

    /// How bad a fault is.
    public enum Severity: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
        /// Worth mending.
        case minor
        /// Likely to do harm or to miss a goal.
        case serious
        /// The plan must not be enacted as it is.
        case blocking

        /// Orders from minor to blocking.
        public static func < (left: Severity, right: Severity) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }
}

/// What a critic says of a proposal, for its proposer to mend.
public struct Critique: Hashable, Sendable, Codable {
    /// The faults found; none when the proposal can stand as it is.
    public var objections: [Objection]
    /// What would make it better.
    public var suggestions: [String]

    /// Makes a critique.
    public init(objections: [Objection], suggestions: [String]) {
        self.objections = objections
        self.suggestions = suggestions
    }
}

/// A formal disagreement by a role, which nobody can suppress and which is shown at the choice.
public struct Dissent: Hashable, Sendable, Codable {
    /// The role that disagrees.
    public var role: RoleName
    /// The episode in which it said so.
    public var episode: EpisodeID
    /// With what, and why.
    public var statement: String

    /// Makes a dissent.
    public init(role: RoleName, episode: EpisodeID, statement: String) {
        self.role = role
        self.episode = episode
        self.statement = statement
    }
}
