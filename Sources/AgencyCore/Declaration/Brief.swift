// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// What a person asks for.
public struct Brief: Hashable, Sendable, Codable {
    /// Its name.
    public var name: String
    /// Its title.
    public var title: String
    /// The goals, as a tree.
    public var goals: [Goal]
    /// What must hold whatever is done.
    public var constraints: [String]
    /// How much is at stake.
    public var stakes: Stakes
    /// The most that the whole run may consume.
    public var resources: Budget
    /// The document, as Markdown.
    public var document: String
    /// Where a long work begins: the state that its first episode is given.
    public var state: JSONValue?
    /// What may be done without a question while the plan is carried out; `nil` for nothing.
    public var mandates: [Mandate]?
    /// What a probed role is asked; `nil` for nothing.
    public var questions: [ProbeQuestion]?

    /// Makes a brief.
    public init(
        name: String,
        title: String,
        goals: [Goal],
        constraints: [String] = [],
        stakes: Stakes = .moderate,
        resources: Budget = Budget(),
        document: String = "",
        state: JSONValue? = nil,
        mandates: [Mandate]? = nil,
        questions: [ProbeQuestion]? = nil
    ) {
        self.name = name
        self.title = title
        self.goals = goals
        self.constraints = constraints
        self.stakes = stakes
        self.resources = resources
        self.document = document
        self.state = state
        self.mandates = mandates
        self.questions = questions
    }
}

/// How much is at stake.
public enum Stakes: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// A mistake costs minutes.
    case low
    /// A mistake costs hours.
    case moderate
    /// A mistake costs days, money or trust.
    case high

    /// Orders from low to high.
    public static func < (left: Stakes, right: Stakes) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

/// An explicit desired state with a checkable criterion; goals form a tree.
public struct Goal: Hashable, Sendable, Codable {
    /// Its name, unique in the tree.
    public var id: GoalID
    /// The desired state, in a sentence.
    public var want: String
    /// How to tell whether it is reached; `nil` for a goal that is reached when all below it are.
    public var check: Check?
    /// The goals that it consists of.
    public var goals: [Goal]

    /// Makes a goal.
    public init(id: GoalID, want: String, check: Check? = nil, goals: [Goal] = []) {
        self.id = id
        self.want = want
        self.check = check
        self.goals = goals
    }

    /// This goal and all below it, from the top.
    public var flattened: [Goal] { [self] + goals.flatMap(\.flattened) }
}
