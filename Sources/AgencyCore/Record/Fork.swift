// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Where a run that began as a fork left the run that it shares its past with, and how.
///
/// The record of the fork holds the shared events itself, byte for byte and at the same positions; the first alone is its
/// own, for it names the run and says this. What was shown, chosen and authorised in the shared past was so in the name of
/// the other run, and permits nothing in this one.
public struct Fork: Hashable, Sendable, Codable {
    /// The run that the past is shared with.
    public var run: RunID
    /// The position of the last event that is shared.
    public var sequence: Int
    /// The hash of that event in the other run's chain, by which the past can be told to be the same.
    public var head: Digest
    /// The roles that other profiles play from there, by the name of the role.
    public var performers: [String: ProfileName]
    /// Who forked it.
    public var person: String
    /// How the person was identified.
    public var identifiedBy: String
    /// Why.
    public var reason: String
    /// When, in milliseconds since 1970 UTC.
    public var atMilliseconds: Int64
    /// The keys whose signatures choices need from there on; `nil` for those of the shared past.
    public var desks: [DeskKey]?

    /// Makes the account of a fork.
    public init(
        run: RunID,
        sequence: Int,
        head: Digest,
        performers: [String: ProfileName] = [:],
        person: String,
        identifiedBy: String,
        reason: String,
        atMilliseconds: Int64,
        desks: [DeskKey]? = nil
    ) {
        self.run = run
        self.sequence = sequence
        self.head = head
        self.performers = performers
        self.person = person
        self.identifiedBy = identifiedBy
        self.reason = reason
        self.atMilliseconds = atMilliseconds
        self.desks = desks
    }
}
