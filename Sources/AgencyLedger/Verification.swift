// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What a verification of one run's record found.
public struct Verification: Sendable, Hashable {
    /// The run.
    public let run: RunID
    /// How many entries were checked.
    public let entriesChecked: Int
    /// How many different artefacts were looked up and checked.
    public let artefactsChecked: Int
    /// The faults in order, at most ``ChainCheck/maximumFaults``; the first names the first bad event.
    public let faults: [ChainFault]
    /// How many artefacts are known to have been taken out, and are not here.
    public let artefactsRedacted: Int
    /// The root of the Merkle tree over the entries, where checkpoints were asked about.
    public let root: Digest?
    /// The newest of the given checkpoints that the record passes through.
    public let checkpoint: Checkpoint?
    /// Where the record ends; handed to somebody outside, it lets them detect a later rewrite.
    public let head: Head

    /// Whether nothing is wrong.
    public var isSound: Bool { faults.isEmpty }

    /// Makes a report.
    public init(
        run: RunID,
        entriesChecked: Int,
        artefactsChecked: Int,
        faults: [ChainFault],
        head: Head,
        artefactsRedacted: Int = 0,
        root: Digest? = nil,
        checkpoint: Checkpoint? = nil
    ) {
        self.run = run
        self.entriesChecked = entriesChecked
        self.artefactsChecked = artefactsChecked
        self.faults = faults
        self.head = head
        self.artefactsRedacted = artefactsRedacted
        self.root = root
        self.checkpoint = checkpoint
    }
}
