// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// An episode that is due: which role is to be performed, on what.
public struct EpisodeOrder: Hashable, Sendable, Codable {
    /// Its name.
    public var id: EpisodeID
    /// The role.
    public var role: RoleName
    /// What it is to do.
    public var task: Task
    /// The proposal that it is about, if it is about one.
    public var subject: ProposalID?
    /// Which of the role's narratives sets its scene.
    public var narrative: Int
    /// Which question it answers, if it is a probe.
    public var probe: Asked?

    /// Makes an order.
    public init(
        id: EpisodeID,
        role: RoleName,
        task: Task,
        subject: ProposalID? = nil,
        narrative: Int = 0,
        probe: Asked? = nil
    ) {
        self.id = id
        self.role = role
        self.task = task
        self.subject = subject
        self.narrative = narrative
        self.probe = probe
    }

    /// Which question is put, and which time it is.
    public struct Asked: Hashable, Sendable, Codable {
        /// The name of the question.
        public var question: String
        /// Which time it is put, counted from 1.
        public var time: Int

        /// Makes it.
        public init(question: String, time: Int) { (self.question, self.time) = (question, time) }
    }

    /// What an episode is to do.
    public enum Task: String, Hashable, Sendable, Codable, CaseIterable {
        /// Write a proposal.
        case propose
        /// Criticise a proposal.
        case critique
        /// Mend one's own proposal.
        case refine
        /// Evaluate a proposal.
        case evaluate
        /// Explain the options.
        case explain
        /// Answer a person's question about them.
        case answer
        /// Revise the plan after a halt.
        case revise
        /// Accept or reject a sampled answer; ordered by an episode that is voted on, never by a stage.
        case verify
        /// Take a long work one step on.
        case advance
        /// Answer a fixed question.
        case probe
    }
}
