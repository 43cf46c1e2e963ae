// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Whose forecasts are counted together: a role, as it was told to work, played by one performer, on one kind of task.
public struct RecordKey: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The role; a person who wrote a plan has that of the option.
    public var role: String
    /// Who performed, as they name themselves: the model with its version, or the person.
    public var performer: String
    /// The first digits of the digest of what the role is told; empty for a person.
    public var prompt: String
    /// What is done: the word of the task.
    public var task: String
    /// On what kind of work: the architecture that carries it.
    public var work: String

    /// Makes a key.
    public init(role: String, performer: String, prompt: String, task: String, work: String) {
        (self.role, self.performer, self.prompt, self.task, self.work) = (role, performer, prompt, task, work)
    }

    /// The same row of words for the same key, and another for any other: no part has a line end in it.
    public var description: String {
        [work, role, task, performer, prompt].map { $0.replacing("\n", with: " ") }.joined(separator: "\n")
    }

    /// Orders by kind of work, role, task, performer and prompt.
    public static func < (left: RecordKey, right: RecordKey) -> Bool { left.description < right.description }

    /// Whether another key is of the same performer, told the same, on the same kind of work: whatever the task.
    public func isPlayed(as other: RecordKey) -> Bool {
        role == other.role && performer == other.performer && prompt == other.prompt && work == other.work
    }

    /// Whether another key plays the same part: what came before it, or is like it.
    public func plays(as other: RecordKey) -> Bool { role == other.role && task == other.task && work == other.work }
}

extension Role {
    /// The digest of what the role is told and given, whoever performs it and whatever it may cost.
    public var prompt: Digest {
        var told = self
        told.performer = nil
        told.budget = Budget()
        told.vote = nil
        told.repairs = 0
        return (try? Digest(encoding: told)) ?? Digest(of: "")
    }
}
