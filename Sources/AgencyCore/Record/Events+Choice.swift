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

    /// Makes the event.
    public init(
        sheet: ChoiceSheet,
        digest: Digest
    ) {
        self.sheet = sheet
        self.digest = digest
    }
}

/// A person chose.
public struct ChoiceRecorded: Hashable, Sendable, Codable {
    /// The choice.
    public var choice: Choice

    /// Makes the event.
    public init(
        choice: Choice
    ) {
        self.choice = choice
    }
}

/// A choice ceased to stand.
public struct ChoiceLapsed: Hashable, Sendable, Codable {
    /// Why.
    public var reason: String

    /// Makes the event.
    public init(
        reason: String
    ) {
        self.reason = reason
    }
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
