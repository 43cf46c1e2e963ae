// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// What becomes of one attempted call, and why.
public struct PolicyRuling: Hashable, Sendable, Codable {
    /// The call.
    public var call: CallID
    /// The step of the plan that it carries out; `nil` where the plan has none.
    public var step: StepID?
    /// The tool.
    public var tool: ToolName
    /// What becomes of it.
    public var decision: PolicyDecision
    /// Why it is not simply allowed; empty where it is.
    public var reasons: [PolicyReason]
    /// The mandate that answers what would have been asked.
    public var mandate: String?
    /// What is known of each argument.
    public var labels: [String: Label]
    /// Whether it changes something or is noticed elsewhere.
    public var isConsequential: Bool

    private enum CodingKeys: String, CodingKey {
        case call, step, tool, decision, reasons, mandate, labels, isConsequential = "consequential"
    }

    /// Writes an object, its labels in the order of their paths: on a ledger the same ruling is the same bytes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(call, forKey: .call)
        try container.encodeIfPresent(step, forKey: .step)
        try container.encode(tool, forKey: .tool)
        try container.encode(decision, forKey: .decision)
        try container.encode(reasons, forKey: .reasons)
        try container.encodeIfPresent(mandate, forKey: .mandate)
        var sorted: JSONObject = [:]
        for (path, label) in labels.sorted(by: { $0.key < $1.key }) { sorted[path] = try JSONValue(encoding: label) }
        try container.encode(JSONValue.object(sorted), forKey: .labels)
        try container.encode(isConsequential, forKey: .isConsequential)
    }
}

/// What is known of an answer.
public struct AnswerRuling: Hashable, Sendable, Codable {
    /// The answer.
    public var id: String
    /// What is known of it.
    public var label: Label
    /// Whether some of what it was made from is not trusted.
    public var leansOnUntrusted: Bool
    /// The results and fields that are not trusted and that it was made from.
    public var sources: [ValueSource]
}

/// What becomes of everything that was tried in one undertaking.
public struct PolicyAccount: Hashable, Sendable, Codable {
    /// The policy.
    public var policy: String
    /// Its version.
    public var version: Int
    /// Its digest.
    public var digest: Digest
    /// The calls, in order.
    public var calls: [PolicyRuling]
    /// The answers.
    public var answers: [AnswerRuling]
    /// The tools whose manifests may not be loaded, and why.
    public var notLoaded: [String: String]
    /// How much was done without a question.
    public var autonomy: Autonomy

    private enum CodingKeys: String, CodingKey {
        case policy, version, digest, calls, answers, notLoaded = "not-loaded", autonomy
    }
}

/// The share of what mattered that was done without a question.
///
/// > Source: the measure of Prudentia (arXiv:2602.11416).
public struct Autonomy: Hashable, Sendable, Codable {
    /// Calls with consequences that were allowed, with or without a question.
    public var consequential: Int
    /// Those of them that were done without a question after the choice of the plan.
    public var unasked: Int
    /// The questions, each counted once.
    public var questions: Int

    /// Makes an account.
    public init(consequential: Int, unasked: Int, questions: Int) {
        self.consequential = consequential
        self.unasked = unasked
        self.questions = questions
    }

    /// The share, between 0 and 1; `nil` where nothing mattered.
    public var share: Double? { consequential == 0 ? nil : Double(unasked) / Double(consequential) }

    private enum Keys: CodingKey { case consequential, unasked, questions, share }

    /// Reads an object.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        self.init(
            consequential: try container.decode(Int.self, forKey: .consequential),
            unasked: try container.decode(Int.self, forKey: .unasked),
            questions: try container.decode(Int.self, forKey: .questions)
        )
    }

    /// Writes an object with the share.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(consequential, forKey: .consequential)
        try container.encode(unasked, forKey: .unasked)
        try container.encode(questions, forKey: .questions)
        try container.encodeIfPresent(share, forKey: .share)
    }
}
