// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A place where this version of the program decides something other than what a record says was decided.
public struct Divergence: Hashable, Sendable, Codable, CustomStringConvertible {
    /// What kind of thing differs.
    public var kind: Kind
    /// The position of the event in the record.
    public var sequence: Int
    /// The stored word for the kind of event.
    public var type: String
    /// What the record says, in words.
    public var recorded: String
    /// What is decided now, in words.
    public var now: String

    /// Makes a divergence.
    public init(_ kind: Kind, at sequence: Int, type: String, recorded: String, now: String) {
        self.kind = kind
        self.sequence = sequence
        self.type = type
        self.recorded = recorded
        self.now = now
    }

    /// What kind of thing differs.
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// What is done, permitted, undone or concluded.
        case decision
        /// The words that a performer is given for the same episode.
        case prompt
        /// The words in which the same decision is put for people.
        case wording
    }

    /// `event 12 (step_settled): recorded: went on; now: halts`.
    public var description: String { "event \(sequence) (\(type)): recorded: \(recorded); now: \(now)" }
}
