// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Where a run's record ends: what an appender has to know, and what an outsider keeps to detect a rewritten record.
public struct Head: Sendable, Hashable, Codable {
    /// The place of the last entry, or -1 when there is none.
    public let sequence: Int
    /// The hash of the last entry, or the genesis hash of the run when there is none.
    public let hash: Digest

    /// Makes a head.
    public init(sequence: Int, hash: Digest) {
        self.sequence = sequence
        self.hash = hash
    }

    /// Makes the head of a run that has no entries yet.
    public init(emptyRun run: RunID) {
        self.init(sequence: -1, hash: HashChain.genesis(of: run))
    }

    /// Makes the head that an entry becomes when it is the last one.
    public init(_ entry: Entry) {
        self.init(sequence: entry.sequence, hash: entry.hash)
    }

    /// Whether the run has no entries.
    public var isEmpty: Bool { sequence < 0 }
}
