// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A person was asked whether an action happened, because nothing else can tell.
public struct ReconciliationRequested: Hashable, Sendable, Codable {
    /// The step.
    public var step: StepID
    /// The identity of the effect.
    public var effect: Digest
    /// What was to be done.
    public var action: Action
    /// When it was to be done, in milliseconds since 1970 UTC.
    public var intendedAtMilliseconds: Int64
    /// Why nobody knows.
    public var why: String

    /// Makes the event.
    public init(step: StepID, effect: Digest, action: Action, intendedAtMilliseconds: Int64, why: String) {
        self.step = step
        self.effect = effect
        self.action = action
        self.intendedAtMilliseconds = intendedAtMilliseconds
        self.why = why
    }
}

/// It was found out, or decided, what became of an action of which nobody knew.
public struct StepReconciled: Hashable, Sendable, Codable {
    /// The step.
    public var step: StepID
    /// The identity of the effect.
    public var effect: Digest
    /// What was found.
    public var finding: Finding
    /// By what.
    public var means: Means
    /// What is known of what it did, when it happened.
    public var result: ToolResult?
    /// The files that changed, when it happened.
    public var changed: [String]
    /// Why, in a sentence; of a person, the reason.
    public var note: String
    /// Who said so, when a person did.
    public var person: String?
    /// How the person was identified.
    public var identifiedBy: String?

    /// Makes the event.
    public init(
        step: StepID,
        effect: Digest,
        finding: Finding,
        means: Means,
        result: ToolResult? = nil,
        changed: [String] = [],
        note: String,
        person: String? = nil,
        identifiedBy: String? = nil
    ) {
        self.step = step
        self.effect = effect
        self.finding = finding
        self.means = means
        self.result = result
        self.changed = changed
        self.note = note
        self.person = person
        self.identifiedBy = identifiedBy
    }

    /// What was found.
    public enum Finding: String, Hashable, Sendable, Codable, CaseIterable {
        /// It happened.
        case happened
        /// It did not happen; the step is due again.
        case absent = "did-not-happen"
        /// Nobody will find out; enactment halts here.
        case left
        /// It does not matter: the same is sent again under the same key, which its target recognises.
        case again
    }

    /// By what it was found.
    public enum Means: String, Hashable, Sendable, Codable, CaseIterable {
        /// The target recognises the key.
        case key
        /// The tool's probe.
        case probe
        /// The tool, which had sent nothing.
        case tool
        /// A person.
        case person
    }
}
