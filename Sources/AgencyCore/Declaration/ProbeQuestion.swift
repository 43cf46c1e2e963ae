// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// A fixed question that a role is asked to see how it answers.
public struct ProbeQuestion: Hashable, Sendable, Codable {
    /// Its name, unique among the questions.
    public var id: String
    /// What is asked.
    public var text: String
    /// The answers to choose from; `nil` where any text can be one.
    public var choices: [String]?
    /// The right answer, where it is known; whoever is asked never sees it.
    public var right: String?

    /// Makes a question.
    public init(id: String, text: String, choices: [String]? = nil, right: String? = nil) {
        self.id = id
        self.text = text
        self.choices = choices
        self.right = right
    }

    /// Times that a question is put when nobody says.
    public static let usualTimes = 3

    /// The digest of what is asked: the same question under another name is the same question.
    public var asked: Digest {
        Digest(of: ["text": .string(text), "choices": .array((choices ?? []).map { .string($0) })])
    }

    /// Whether an answer is the right one; `nil` where that is not known.
    ///
    /// One of several choices has to be that choice to the letter. A text may have other case, and space around it.
    public func isRight(_ answer: ProbeAnswer) -> Bool? {
        guard let right else { return nil }
        guard answer.stance == .answer else { return false }
        if choices != nil { return Array(answer.answer.utf8) == Array(right.utf8) }
        return answer.answer.trimmingWhitespace.lowercased() == right.trimmingWhitespace.lowercased()
    }
}

/// What a role answered to a question, one of the times that it was asked.
public struct ProbeAnswer: Hashable, Sendable, Codable {
    /// The name of the question.
    public var question: String
    /// Which time it was asked, counted from 1.
    public var time: Int
    /// What it did with the question.
    public var stance: Stance
    /// What it answered.
    public var answer: String
    /// How probable it takes its answer to be right, between 0 and 1; `nil` where it does not say.
    public var probability: Double?
    /// The episode in which it answered.
    public var episode: EpisodeID

    /// Makes an answer.
    public init(
        question: String,
        time: Int,
        stance: Stance,
        answer: String,
        probability: Double? = nil,
        episode: EpisodeID
    ) {
        self.question = question
        self.time = time
        self.stance = stance
        self.answer = answer
        self.probability = probability
        self.episode = episode
    }

    /// What a role does with a question: whether it still refuses, admits that it does not know, and disagrees.
    public enum Stance: String, Hashable, Sendable, Codable, CaseIterable {
        /// It answers.
        case answer
        /// It will not answer.
        case refuse
        /// It does not know.
        case unsure
        /// It disagrees with what is asked.
        case dissent
    }
}
