// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// A named function in an architecture: what it is for, what it may read, what it must produce, and within which limits.
public struct Role: Hashable, Sendable, Codable {
    /// Its name, unique in the architecture.
    public var name: RoleName
    /// What sort of work it does.
    public var kind: Kind
    /// The profile of who performs it; a role of kind `choose` or `enact` has none.
    public var performer: ProfileName?
    /// What it is told to do.
    public var instructions: String
    /// Settings of the scene, one for each parallel episode in turn; diversity between proposers comes from here.
    public var narratives: [String]
    /// The only inputs that its episodes receive.
    public var reads: [Input]
    /// Read-only tools that its episodes may call.
    public var tools: [ToolName]
    /// The most that one episode may consume.
    public var budget: Budget
    /// For evaluating roles: what each score is about.
    public var criteria: [String]
    /// A partial result that each episode completes or continues.
    public var sketch: String?
    /// How often an output that does not fit is sent back before the episode fails.
    public var repairs: Int
    /// How its performer's errors are corrected by sampling each episode several times; `nil` for once.
    public var vote: VotePolicy?
    /// For advancing roles: the shape of the state; `nil` for any.
    public var state: JSONSchema?
    /// For roles that make plans: whether steps may have holes that what is read later fills; `nil` for not.
    public var holes: Bool?

    /// Makes a role.
    public init(
        name: RoleName,
        kind: Kind,
        performer: ProfileName? = nil,
        instructions: String = "",
        narratives: [String] = [],
        reads: [Input] = [],
        tools: [ToolName] = [],
        budget: Budget = Budget(),
        criteria: [String] = [],
        sketch: String? = nil,
        repairs: Int = Role.usualRepairs,
        vote: VotePolicy? = nil,
        state: JSONSchema? = nil,
        holes: Bool? = nil
    ) {
        self.name = name
        self.kind = kind
        self.performer = performer
        self.instructions = instructions
        self.narratives = narratives
        self.reads = reads
        self.tools = tools
        self.budget = budget
        self.criteria = criteria
        self.sketch = sketch
        self.repairs = repairs
        self.vote = vote
        self.state = state
        self.holes = holes
    }

    /// The repairs of a role that does not say.
    public static let usualRepairs = 2

    /// What sort of work a role does.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Offers a plan.
        case propose
        /// Finds faults in a proposal, for its proposer to mend.
        case critique
        /// Scores a proposal and forecasts its success.
        case evaluate
        /// Evaluates by looking for the way in which a proposal fails or does harm.
        case redTeam = "red-team"
        /// Gives the account of the options that a person decides from.
        case explain
        /// Accepts or rejects one sampled answer of a role that is voted on.
        case verify
        /// Takes a long work one small step on, from the state that it has reached.
        case advance
        /// Carries out chosen steps; never an episode.
        case enact
        /// Changes a plan in the light of what was observed.
        case update

        /// Whether episodes of this kind produce an evaluation.
        public var evaluates: Bool { self == .evaluate || self == .redTeam }
    }

    /// Something that an episode may be given.
    public enum Input: String, Hashable, Sendable, Codable, CaseIterable {
        /// The brief: document, goals, constraints, stakes.
        case brief
        /// The tools that steps may use, with their parameters.
        case actions
        /// The names of the files in the workspace.
        case tree = "workspace.tree"
        /// The proposal that the episode is about.
        case proposal
        /// The critique of that proposal.
        case critique
        /// All options that stand.
        case proposals
        /// All evaluations of the options that stand.
        case evaluations
        /// What happened in enactment so far: steps, forecasts, outcomes.
        case observations
        /// Why the person sent the work back.
        case reason
        /// What the person asks.
        case question
        /// What is compared: the changes of a revised plan against the one before.
        case changes
        /// The sampled answer that is to be accepted or rejected.
        case output
    }
}
