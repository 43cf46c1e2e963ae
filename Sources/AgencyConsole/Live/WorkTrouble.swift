// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Why work on a run broke off, or could not begin, on this machine.
public struct WorkTrouble: Sendable, Hashable {
    /// Why, in a worker's words.
    public var why: String
    /// When, in milliseconds since 1970 UTC.
    public var atMilliseconds: Int64

    /// Makes it.
    public init(why: String, atMilliseconds: Int64) {
        self.why = why
        self.atMilliseconds = atMilliseconds
    }

    /// Tells of the trouble with a run; `nil` where none is known.
    public typealias Source = @Sendable (RunID) -> WorkTrouble?
}
