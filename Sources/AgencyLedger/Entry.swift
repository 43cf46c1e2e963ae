// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// One event as the ledger holds it: its bytes, its place and its link in the chain.
public struct Entry: Sendable, Hashable {
    /// The run that it belongs to.
    public let run: RunID
    /// Its place in the run, counted from 0.
    public let sequence: Int
    /// The hash of the entry before it, or the genesis hash of the run.
    public let previous: Digest
    /// The hash of all of the above and the bytes, as ``HashChain`` defines it.
    public let hash: Digest
    /// The event, exactly as it was stored.
    public let bytes: [UInt8]

    /// Makes an entry from stored fields, without checking them; ``HashChain/verify(_:of:against:)`` does.
    public init(run: RunID, sequence: Int, previous: Digest, hash: Digest, bytes: [UInt8]) {
        self.run = run
        self.sequence = sequence
        self.previous = previous
        self.hash = hash
        self.bytes = bytes
    }
}
