// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyLedger

/// Why work on a run broke off, or could not begin, on this machine.
///
/// The record says nothing of it, as nothing came of it; it is over when something does.
public struct WorkTrouble: Sendable, Hashable, Codable {
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

extension RunRow {
    /// Why nothing came of the last try to go on with it; what happened since has put an end to it.
    func trouble(_ known: WorkTrouble.Source) -> WorkTrouble? {
        guard isDue, let trouble = known(run), trouble.atMilliseconds >= updatedAtMilliseconds else { return nil }
        return trouble
    }
}
