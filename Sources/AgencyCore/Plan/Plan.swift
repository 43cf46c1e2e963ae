// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// A candidate way to reach the goals.
public struct Proposal: Hashable, Sendable, Codable {
    /// Its name among the options.
    public var id: ProposalID
    /// What it does, in a line.
    public var title: String
    /// Why this way, in a paragraph.
    public var summary: String
    /// What is to be done.
    public var plan: Plan
    /// The episode that produced it, or `nil` when a person wrote it.
    public var episode: EpisodeID?
    /// The option that it was made from, when it is a revision, an edit or a combination.
    public var parent: ProposalID?
    /// What the person is asked about it while it is carried out; `nil` where it is a plan like any other.
    public var asks: String?

    /// Makes a proposal.
    public init(
        id: ProposalID,
        title: String,
        summary: String,
        plan: Plan,
        episode: EpisodeID? = nil,
        parent: ProposalID? = nil,
        asks: String? = nil
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.plan = plan
        self.episode = episode
        self.parent = parent
        self.asks = asks
    }
}

/// A graph of steps, with what it takes for granted.
public struct Plan: Hashable, Sendable, Codable {
    /// The steps.
    public var steps: [Step]
    /// What must be true for the plan to work and is not checked by it.
    public var assumptions: [String]

    /// Makes a plan.
    public init(steps: [Step], assumptions: [String] = []) {
        self.steps = steps
        self.assumptions = assumptions
    }

    /// The step of a name.
    public func step(_ id: StepID) -> Step? { steps.first { $0.id == id } }

    /// The digest of its canonical form.
    public var digest: Digest { (try? Digest(encoding: self)) ?? Digest(of: "") }

    /// The steps in an order that respects what each comes after, and otherwise the order in which they are written.
    ///
    /// - Returns: `nil` when the steps wait for one another in a circle.
    public var ordered: [Step]? {
        var remaining = steps
        var placed: Set<StepID> = []
        var result: [Step] = []
        while !remaining.isEmpty {
            guard let index = remaining.firstIndex(where: { placed.isSuperset(of: $0.after) }) else { return nil }
            let step = remaining.remove(at: index)
            placed.insert(step.id)
            result.append(step)
        }
        return result
    }
}

/// One step of a plan: what it is for, what it does, and what will then be seen.
public struct Step: Hashable, Sendable, Codable {
    /// Its name, unique in the plan.
    public var id: StepID
    /// What it is for, in a sentence.
    public var intent: String
    /// What it does.
    public var action: Action
    /// What will be observed afterwards, with probabilities.
    public var forecasts: [Forecast]
    /// Whether it can be undone.
    public var reversibility: Reversibility
    /// How much is at stake.
    public var stakes: Stakes
    /// The steps that must be done before it.
    public var after: [StepID]
    /// The arguments that are not known yet: what is read when the plan is carried out fills them; `nil` where there are none.
    public var holes: [Hole]?

    /// Makes a step.
    public init(
        id: StepID,
        intent: String,
        action: Action,
        forecasts: [Forecast] = [],
        reversibility: Reversibility = .reversible,
        stakes: Stakes = .low,
        after: [StepID] = [],
        holes: [Hole]? = nil
    ) {
        self.id = id
        self.intent = intent
        self.action = action
        self.forecasts = forecasts
        self.reversibility = reversibility
        self.stakes = stakes
        self.after = after
        self.holes = holes
    }

    /// Whether a step can be undone.
    public enum Reversibility: String, Hashable, Sendable, Codable, CaseIterable {
        /// Going back to the checkpoint undoes it.
        case reversible
        /// Another step can make up for it.
        case compensable
        /// Nothing undoes it.
        case irreversible
    }
}

/// One call of one tool, complete with its arguments.
public struct Action: Hashable, Sendable, Codable {
    /// The tool.
    public var tool: ToolName
    /// Its arguments.
    public var arguments: JSONValue

    /// Makes an action.
    public init(tool: ToolName, arguments: JSONValue) {
        self.tool = tool
        self.arguments = arguments
    }

    /// The digest of its canonical form.
    public var digest: Digest { Digest(of: ["tool": .string(tool.rawValue), "arguments": arguments]) }
}

/// A probability filed before the fact, on a statement that a check can settle.
public struct Forecast: Hashable, Sendable, Codable {
    /// What is claimed, in a sentence.
    public var statement: String
    /// How it is settled.
    public var check: Check
    /// How likely it is to be true, between 0 and 1.
    public var probability: Double

    /// Makes a forecast.
    public init(statement: String, check: Check, probability: Double) {
        self.statement = statement
        self.check = check
        self.probability = probability
    }
}

/// What became of a forecast.
public struct Settlement: Hashable, Sendable, Codable {
    /// The statement.
    public var statement: String
    /// The probability that was filed.
    public var probability: Double
    /// Whether it turned out true; `nil` when the look could not tell.
    public var outcome: Bool?
    /// What was expected, in words.
    public var expected: String
    /// What was seen, cut to a readable length.
    public var observed: String

    /// Makes a settlement.
    public init(statement: String, probability: Double, outcome: Bool?, expected: String, observed: String) {
        self.statement = statement
        self.probability = probability
        self.outcome = outcome
        self.expected = expected
        self.observed = observed
    }

    /// The squared distance between probability and outcome; 0 is perfect, 1 is as wrong as can be.
    ///
    /// > Source: G. W. Brier, Verification of forecasts expressed in terms of probability, 1950.
    public var brierScore: Double? {
        outcome.map { ($0 ? 1 - probability : probability) * ($0 ? 1 - probability : probability) }
    }

    /// Whether what was seen had been given a probability below `1 - threshold`, or nothing could be seen at all.
    public func isSurprise(threshold: Double) -> Bool {
        improbability >= threshold
    }

    /// How improbable what was seen had been held to be, between 0 and 1; 1 where nothing could be seen.
    public var improbability: Double { outcome.map { $0 ? 1 - probability : probability } ?? 1 }
}
