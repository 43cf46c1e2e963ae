// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A person added an option.
public struct OptionAdded: Hashable, Sendable, Codable {
    /// The option.
    public var proposal: Proposal
    /// Who.
    public var person: String
    /// Why.
    public var reason: String

    /// Makes the event.
    public init(
        proposal: Proposal,
        person: String,
        reason: String
    ) {
        self.proposal = proposal
        self.person = person
        self.reason = reason
    }
}

/// The options were put before the person.
public struct ChoiceRequested: Hashable, Sendable, Codable {
    /// What is put before the person.
    public var sheet: ChoiceSheet
    /// Its digest.
    public var digest: Digest
    /// The number that a signed choice uses up; `nil` in a run whose choices are not signed.
    public var nonce: String?
    /// What the steps find in the workspace, whose digest is on the sheet; `nil` where nothing was looked at.
    public var targets: [StepTarget]?

    /// Makes the event.
    public init(
        sheet: ChoiceSheet,
        digest: Digest,
        nonce: String? = nil,
        targets: [StepTarget]? = nil
    ) {
        self.sheet = sheet
        self.digest = digest
        self.nonce = nonce
        self.targets = targets
    }
}

/// A person chose.
public struct ChoiceRecorded: Hashable, Sendable, Codable {
    /// The choice.
    public var choice: Choice
    /// The desk's signature; `nil` in a run whose choices are not signed.
    public var signature: ChoiceSignature?

    /// Makes the event.
    public init(
        choice: Choice,
        signature: ChoiceSignature? = nil
    ) {
        self.choice = choice
        self.signature = signature
    }
}

/// A choice goes on standing for a revised plan, which does nothing that was not chosen.
public struct ChoiceUpheld: Hashable, Sendable, Codable {
    /// The position of the choice in the ledger.
    public var choice: Int
    /// The revised proposal.
    public var proposal: ProposalID
    /// The digest of its plan.
    public var plan: Digest
    /// The digest of the plan that was chosen, of which it is the beginning.
    public var chosen: Digest

    /// Makes the event.
    public init(choice: Int, proposal: ProposalID, plan: Digest, chosen: Digest) {
        self.choice = choice
        self.proposal = proposal
        self.plan = plan
        self.chosen = chosen
    }
}

/// A choice ceased to stand.
public struct ChoiceLapsed: Hashable, Sendable, Codable {
    /// Why.
    public var reason: String
    /// What a step finds in the workspace, where that is no longer what was found when the options were shown.
    public var found: [ActionTarget]?

    /// Makes the event.
    public init(
        reason: String,
        found: [ActionTarget]? = nil
    ) {
        self.reason = reason
        self.found = found
    }
}

/// Nobody chose in the time that there was, so that nothing is done.
public struct ChoiceOverdue: Hashable, Sendable, Codable {
    /// Until when there was time, in milliseconds since 1970 UTC.
    public var deadlineMilliseconds: Int64

    /// Makes the event.
    public init(deadlineMilliseconds: Int64) { self.deadlineMilliseconds = deadlineMilliseconds }
}

/// A person asked the explainer a question.
public struct QuestionAsked: Hashable, Sendable, Codable {
    /// Which question of the run this is, counted from 1.
    public var number: Int
    /// The question.
    public var question: String
    /// Who asked.
    public var person: String

    /// Makes the event.
    public init(
        number: Int,
        question: String,
        person: String
    ) {
        self.number = number
        self.question = question
        self.person = person
    }
}
