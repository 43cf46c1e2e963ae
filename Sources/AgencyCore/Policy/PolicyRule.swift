// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// What the policy looks for in a call.
public enum PolicyRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// The plan that was chosen has no such call.
    case notInPlan = "not-in-plan"
    /// The plan has the call with other arguments.
    case differs = "differs-from-plan"
    /// Its turn has not come.
    case outOfOrder = "out-of-order"
    /// It has been carried out as often as the plan says.
    case usedUp = "used-up"
    /// It stands under a condition that does not hold.
    case notTaken = "branch-not-taken"
    /// A value comes from a result that nothing has read.
    case unread = "unread-result"
    /// No manifest describes the tool.
    case unknownTool = "unknown-tool"
    /// The manifest of the tool may not be loaded.
    case notLoaded = "not-loaded"
    /// The arguments do not have the shape that the tool declares.
    case badArguments = "bad-arguments"
    /// What fills a typed hole is not of its type.
    case wrongShape = "wrong-shape"
    /// A loop has no bound.
    case unbounded = "unbounded"
    /// A value that nobody may read would leave.
    case secretLeaves = "secret-leaves"
    /// No person has chosen the plan.
    case notChosen = "not-chosen"
    /// The step itself was taken from untrusted text.
    case untrustedPlan = "untrusted-plan"
    /// Who is reached is said to be named in the brief, and is not.
    case notInBrief = "not-in-brief"
    /// An argument that decides something derives from untrusted text.
    case untrustedAuthority = "untrusted-authority"
    /// Whether or how often something is destroyed or paid depends on untrusted text.
    case untrustedBranch = "untrusted-branch"
    /// Text that leaves derives from untrusted text and carries a contact that the person has not named.
    case foreignContact = "foreign-contact"
    /// Text that leaves derives from untrusted text and holds what people do not see.
    case hiddenText = "hidden-text"
    /// Private content would reach somebody whom the person has not named.
    case privateLeaves = "private-leaves"

    /// What it leads to unless a policy says otherwise.
    public var usual: PolicyDecision {
        switch self {
        case .notInPlan, .differs, .outOfOrder, .usedUp, .notTaken, .unread: .cannotArise
        case .unknownTool, .notLoaded, .badArguments, .wrongShape, .unbounded, .secretLeaves: .refused
        case .notChosen, .untrustedPlan, .notInBrief, .untrustedAuthority, .untrustedBranch, .foreignContact,
            .hiddenText,
            .privateLeaves:
            .asks
        }
    }

    /// Whether a policy may decide otherwise.
    public var isOpen: Bool { usual == .asks && self != .notChosen }

    /// Whether a mandate may answer the question.
    var isMandatable: Bool { self == .untrustedAuthority || self == .untrustedBranch }
}

/// Why a call is not simply allowed.
public struct PolicyReason: Hashable, Sendable, Codable {
    /// The rule.
    public var rule: PolicyRule
    /// What the rule leads to.
    public var decision: PolicyDecision
    /// The argument, by its path.
    public var argument: FieldPath?
    /// The value that it would have.
    public var value: JSONValue?
    /// The results and fields that the value comes from, those that are not trusted.
    public var sources: [ValueSource]?
    /// Why, in a sentence.
    public var why: String
    /// The earlier call at which the very same question is asked; it is put to the person once.
    public var askedAt: CallID?

    /// Makes a reason.
    public init(
        rule: PolicyRule,
        decision: PolicyDecision,
        argument: FieldPath? = nil,
        value: JSONValue? = nil,
        sources: [ValueSource]? = nil,
        why: String,
        askedAt: CallID? = nil
    ) {
        self.rule = rule
        self.decision = decision
        self.argument = argument
        self.value = value
        self.sources = sources
        self.why = why
        self.askedAt = askedAt
    }
}

/// A field of a result that a value comes from.
public struct ValueSource: Hashable, Sendable, Codable {
    /// The result.
    public var result: ResultID
    /// The field.
    public var field: FieldPath
    /// Who could have written it.
    public var writers: [Writer]

    /// Makes a source.
    public init(result: ResultID, field: FieldPath, writers: [Writer]) {
        self.result = result
        self.field = field
        self.writers = writers
    }

    /// The source for people: `r1 (sender)`.
    public var words: String { field.tokens.isEmpty ? "\(result)" : "\(result) (\(field))" }
}
