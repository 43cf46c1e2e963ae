// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What is put before the person: every option, exactly as it would be enacted.
public struct ChoiceSheet: Hashable, Sendable, Codable {
    /// The run.
    public var run: RunID
    /// Which time of asking this is, counted from 0.
    public var cycle: Int
    /// The digest of the architecture.
    public var architecture: Digest
    /// The digest of the goals and constraints as they stood.
    public var goals: Digest
    /// The options, with the digest of each plan.
    public var options: [Option]
    /// The digests of all evaluations, objections, dissents and claims that were shown with them.
    public var judgement: Digest
    /// The digest of the manifests of the tools; `nil` in a run whose choices are not signed.
    public var tools: Digest?
    /// The digest of the policy that calls are decided by; `nil` where there is none.
    public var policy: Digest?
    /// How often the plan had been revised; `nil` in a run whose choices are not signed.
    public var revision: Int?
    /// The digest of what the steps find in the workspace; `nil` where nothing was looked at.
    public var targets: Digest?

    /// Makes a sheet.
    public init(
        run: RunID,
        cycle: Int,
        architecture: Digest,
        goals: Digest,
        options: [Option],
        judgement: Digest,
        tools: Digest? = nil,
        policy: Digest? = nil,
        revision: Int? = nil,
        targets: Digest? = nil
    ) {
        self.run = run
        self.cycle = cycle
        self.architecture = architecture
        self.goals = goals
        self.options = options
        self.judgement = judgement
        self.tools = tools
        self.policy = policy
        self.revision = revision
        self.targets = targets
    }

    /// One option of a sheet.
    public struct Option: Hashable, Sendable, Codable {
        /// The proposal.
        public var proposal: ProposalID
        /// The digest of its plan: every tool, argument, forecast and order.
        public var plan: Digest

        /// Makes an option.
        public init(proposal: ProposalID, plan: Digest) {
            self.proposal = proposal
            self.plan = plan
        }
    }

    /// The digest that a choice is bound to.
    public var digest: Digest { (try? Digest(encoding: self)) ?? Digest(of: "") }

    /// The same with what was found in the workspace.
    public func with(_ targets: [StepTarget]?) -> ChoiceSheet {
        var sheet = self
        sheet.targets = targets.flatMap { try? Digest(encoding: $0) }
        return sheet
    }

    /// Whether it shows the same as another, whatever was found in the workspace, of which the ledger knows nothing.
    public func shows(_ other: ChoiceSheet) -> Bool { with(nil) == other.with(nil) }
}

/// A person's selection, bound to exactly what was shown.
public struct Choice: Hashable, Sendable, Codable {
    /// What was selected.
    public var verdict: Verdict
    /// Who chose.
    public var person: String
    /// How the person was identified: `terminal session of uid 1000`.
    public var identifiedBy: String
    /// Why.
    public var reason: String
    /// The digest of the sheet that was on screen.
    public var shown: Digest
    /// When the choice lapses, in milliseconds since 1970 UTC.
    public var expiresAtMilliseconds: Int64
    /// The name of the mandate under which it was made by rule; `nil` where a person made it.
    public var mandate: String?

    /// Makes a choice.
    public init(
        verdict: Verdict,
        person: String,
        identifiedBy: String,
        reason: String,
        shown: Digest,
        expiresAtMilliseconds: Int64,
        mandate: String? = nil
    ) {
        self.verdict = verdict
        self.person = person
        self.identifiedBy = identifiedBy
        self.reason = reason
        self.shown = shown
        self.expiresAtMilliseconds = expiresAtMilliseconds
        self.mandate = mandate
    }

    /// What a person can decide.
    public enum Verdict: Hashable, Sendable {
        /// Enact this option.
        case option(ProposalID)
        /// Work on it again; the reason says what is missing.
        case sendBack
        /// Do none of it.
        case none
    }
}

extension Choice.Verdict: Codable {
    private enum Keys: String, CodingKey { case verdict, option }

    /// Reads an object with its word under `verdict`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        switch try container.decode(String.self, forKey: .verdict) {
        case "option": self = .option(try container.decode(ProposalID.self, forKey: .option))
        case "send-back": self = .sendBack
        case "none": self = .none
        case let word:
            throw DecodingError.dataCorruptedError(
                forKey: .verdict,
                in: container,
                debugDescription: "no verdict is called “\(word)”"
            )
        }
    }

    /// Writes an object with its word under `verdict`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        switch self {
        case .option(let proposal):
            try container.encode("option", forKey: .verdict)
            try container.encode(proposal, forKey: .option)
        case .sendBack: try container.encode("send-back", forKey: .verdict)
        case .none: try container.encode("none", forKey: .verdict)
        }
    }
}
