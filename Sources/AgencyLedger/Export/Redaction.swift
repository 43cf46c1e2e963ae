// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What is taken out of an exported run; its length and its digest stay, so that every proof still holds.
///
/// A short or guessable text can be found from its digest by trying.
public struct Redaction: Sendable, Hashable {
    /// The members of events whose artefacts are taken out: `prompt`, `transcript`.
    public var members: Set<String>
    /// The places of the events whose bytes are taken out.
    public var events: Set<Int>

    /// Makes a redaction.
    public init(members: Set<String> = [], events: Set<Int> = []) {
        self.members = members
        self.events = events
    }

    /// Nothing is taken out.
    public static let none = Redaction()
}
