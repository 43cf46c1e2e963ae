// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What the first line of an exported run says of it.
public struct ExportHeader: Sendable, Hashable {
    /// The word by which an exported run is known.
    public static let format = "openagency-run"
    /// The version of the form that this program writes.
    public static let version = 1

    /// The run.
    public let run: RunID
    /// How many events there are.
    public let events: Int
    /// The hash of the first event: the identity of the log.
    public let log: Digest
    /// The hash of the last event.
    public let head: Digest
    /// The root of the Merkle tree over the events.
    public let root: Digest
    /// A signed checkpoint of the run, at this or an earlier event.
    public let checkpoint: SignedNote?

    /// Makes a header.
    public init(run: RunID, events: Int, log: Digest, head: Digest, root: Digest, checkpoint: SignedNote?) {
        self.run = run
        self.events = events
        self.log = log
        self.head = head
        self.root = root
        self.checkpoint = checkpoint
    }
}
