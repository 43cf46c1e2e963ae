// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// A check of a run's record against checkpoints that were kept elsewhere, fed entry by entry.
public struct CheckpointCheck: Sendable {
    private let checkpoints: [Checkpoint]
    private var next = 0
    private var lastGood = 0
    private var isRewritten = false

    /// The tree over the entries so far.
    public private(set) var frontier = MerkleFrontier()
    /// What is wrong so far.
    public private(set) var faults: [ChainFault] = []
    /// The newest checkpoint that the record has passed through.
    public private(set) var passed: Checkpoint?

    /// Begins a check at the first entry.
    ///
    /// - Parameters:
    ///   - run: The run that is checked: the verifier's own word for it.
    ///   - checkpoints: Checkpoints whose signatures have been verified, in any order.
    public init(run: RunID, against checkpoints: [Checkpoint]) {
        self.checkpoints = checkpoints.filter { $0.run == run }.sorted { $0.size < $1.size }
        if let stranger = checkpoints.first(where: { $0.run != run }) {
            record(0, .otherLog, "is of run \(run), and the checkpoint is of run \(stranger.run)")
        }
        for (left, right) in zip(self.checkpoints, self.checkpoints.dropFirst())
        where left.size == right.size && left.root != right.root && left.log == right.log {
            let message = "was vouched for in two ways: two checkpoints of \(left.size) events have different roots"
            record(left.size - 1, .splitView, message)
        }
    }

    /// Takes the next entry, by its hash in the chain.
    public mutating func visit(_ hash: Digest) {
        frontier.append(leaf: MerkleHash.leaf(hash))
        if frontier.size == 1, let stranger = checkpoints.first(where: { $0.log != hash }) {
            record(
                0,
                .otherLog,
                "is not the first event of the log that the checkpoint of \(stranger.time) speaks of: the checkpoint is "
                    + "another log's, or this record was written anew from its beginning"
            )
            isRewritten = true
        }
        while next < checkpoints.count, checkpoints[next].size == frontier.size {
            judge(checkpoints[next], hash)
            next += 1
        }
    }

    /// Ends the check: the record has to reach the newest checkpoint.
    public mutating func finish() {
        guard let newest = checkpoints.last, newest.size > frontier.size else { return }
        record(
            frontier.size,
            .cut,
            "is missing: the checkpoint of \(newest.time) speaks of \(newest.size) events; the record was cut, or an older "
                + "copy was put in its place"
        )
    }

    private mutating func judge(_ checkpoint: Checkpoint, _ hash: Digest) {
        guard !isRewritten else { return }
        guard checkpoint.root == frontier.root, checkpoint.head == hash else {
            isRewritten = true
            let last = checkpoint.size - 1
            let place = lastGood == last ? "is not the one" : "or one after it, up to event \(last), is not the one"
            record(
                lastGood,
                .rewritten,
                "\(place) that the checkpoint of \(checkpoint.time) speaks of: the record was rewritten after it was signed"
            )
            return
        }
        lastGood = checkpoint.size
        passed = checkpoint
    }

    private mutating func record(_ sequence: Int, _ kind: ChainFault.Kind, _ message: String) {
        guard faults.count < ChainCheck.maximumFaults else { return }
        faults.append(ChainFault(sequence: sequence, kind: kind, message: message))
    }
}
