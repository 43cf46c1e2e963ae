// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import Synchronization

/// A store that signs a checkpoint of a run's record whenever something has happened that matters, and keeps it on a shelf.
///
/// It signs at milestones and every so many events, but only what is as durable as can be: after a relaxed append it waits
/// for the next full one, so that a crash never makes a sound record look as if it had been cut. What keeps it from
/// signing is reported and does not keep the record from going on; the next checkpoint covers what this one would have.
public final class CheckpointingLedgerStore: WrappingLedgerStore {
    /// How many events there are from one checkpoint to the next, if no milestone comes first.
    public static let usualInterval = 1000

    /// Where everything is kept.
    public let store: any LedgerStore
    private let signer: any CheckpointSigner
    private let shelf: @Sendable (RunID) -> CheckpointShelf
    private let interval: Int
    private let now: @Sendable () -> Int64
    private let isMilestone: @Sendable ([UInt8]) -> Bool
    private let report: @Sendable (RunID, any Error) -> Void
    private let trees: Mutex<[RunID: Tree]> = Mutex([:])

    /// The tree over a record up to some event.
    private struct Tree: Sendable {
        var log: Digest
        var head: Head
        var edge: MerkleFrontier
        var isDue = false
    }

    /// Makes a store over another.
    ///
    /// - Parameters:
    ///   - store: Where everything is kept.
    ///   - signer: Who signs.
    ///   - shelf: Where the checkpoints of a run are kept.
    ///   - interval: How many events there are from one checkpoint to the next.
    ///   - now: The time in milliseconds since 1970 UTC.
    ///   - isMilestone: Whether an event is one after which a checkpoint is made: a choice, the end of a run.
    ///   - report: Is told what kept a checkpoint from being made.
    public init(
        _ store: any LedgerStore,
        signer: any CheckpointSigner,
        shelf: @escaping @Sendable (RunID) -> CheckpointShelf,
        every interval: Int = CheckpointingLedgerStore.usualInterval,
        now: @escaping @Sendable () -> Int64 = InMemoryLedgerStore.wallClock,
        isMilestone: @escaping @Sendable ([UInt8]) -> Bool,
        report: @escaping @Sendable (RunID, any Error) -> Void
    ) {
        self.store = store
        self.signer = signer
        self.shelf = shelf
        self.interval = max(1, interval)
        self.now = now
        self.isMilestone = isMilestone
        self.report = report
    }

    /// Appends, and signs a checkpoint if one is due.
    ///
    /// - Throws: what the store throws; never because of a checkpoint.
    public func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        let entries = try await store.append(
            events,
            artefacts: artefacts,
            to: run,
            after: head,
            row: row,
            durability: durability
        )
        guard let last = entries.last else { return entries }
        let isOver = (head.sequence + 1) / interval < (last.sequence + 1) / interval
        let isDue = follow(entries, of: run, after: head, isDue: isOver || events.contains(where: isMilestone))
        if isDue, durability == .full {
            do {
                _ = try await checkpoint(of: run)
            } catch {
                report(run, error)
            }
        }
        return entries
    }

    /// Signs and keeps a checkpoint of a run as it stands.
    ///
    /// - Returns: The note; the one that is kept when nothing has happened since.
    /// - Throws: ``LedgerError`` with `.notFound` for a run without events, `.corrupt` when the record does not go on from
    ///   the last checkpoint (nothing is signed: verify the run against the checkpoints that are kept); ``ProofError`` when
    ///   the checkpoint cannot be kept; what the signer throws.
    public func checkpoint(of run: RunID) async throws -> SignedNote {
        let tree = try await grown(try start(of: run), run)
        let shelf = shelf(run)
        if let kept = try? shelf.note(at: tree.edge.size),
            let checkpoint = try? Checkpoint(kept, signedByOneOf: [signer.verifierKey]),
            checkpoint.root == tree.edge.root, checkpoint.run == run
        {
            settle(tree, run)
            return kept
        }
        let checkpoint = Checkpoint(
            log: tree.log,
            run: run,
            size: tree.edge.size,
            root: tree.edge.root,
            head: tree.head.hash,
            atMilliseconds: now()
        )
        let note = try signer.sign(checkpoint.text)
        try shelf.keep(note, checkpoint, edge: tree.edge)
        settle(tree, run)
        return note
    }

    /// Takes appended entries into the tree, if it is at hand and they follow.
    ///
    /// - Returns: Whether a checkpoint is due.
    private func follow(_ entries: [Entry], of run: RunID, after head: Head, isDue: Bool) -> Bool {
        trees.withLock { trees in
            if head.isEmpty, let first = entries.first {
                trees[run] = Tree(log: first.hash, head: head, edge: MerkleFrontier())
            }
            guard var tree = trees[run] else { return isDue }
            tree.isDue = tree.isDue || isDue
            // If somebody else has appended, the rest is read when it is time to sign.
            if tree.head == head {
                for entry in entries { tree.edge.append(leaf: MerkleHash.leaf(entry.hash)) }
                if let last = entries.last { tree.head = Head(last) }
            }
            trees[run] = tree
            return tree.isDue
        }
    }

    /// What is known of the tree: from memory, else from the shelf, else nothing.
    private func start(of run: RunID) throws -> Tree? {
        if let tree = trees.withLock({ $0[run] }) { return tree }
        guard let kept = try shelf(run).lastEdge(signedBy: signer.verifierKey), kept.checkpoint.run == run else {
            return nil
        }
        let head = Head(sequence: kept.checkpoint.size - 1, hash: kept.checkpoint.head)
        return Tree(log: kept.checkpoint.log, head: head, edge: kept.edge)
    }

    /// The tree with everything that the store has.
    private func grown(_ start: Tree?, _ run: RunID) async throws -> Tree {
        if let start {
            let place = start.head.sequence
            let stored = try await store.entries(of: run, from: place, limit: 1).first
            guard stored?.sequence == place, stored?.hash == start.head.hash else {
                throw LedgerError(
                    .corrupt,
                    "the record of run \(run) does not go on from its last checkpoint of \(place + 1) events; it was cut "
                        + "or rewritten, and no checkpoint is signed: run agency verify \(run)",
                    run: run,
                    sequence: place
                )
            }
        }
        var tree = start
        while true {
            let page = try await store.entries(of: run, from: tree?.edge.size ?? 0, limit: 512)
            for entry in page {
                var next = tree ?? Tree(log: entry.hash, head: Head(emptyRun: run), edge: MerkleFrontier())
                try Self.require(entry, after: next.head, run)
                next.edge.append(leaf: MerkleHash.leaf(entry.hash))
                next.head = Head(entry)
                tree = next
            }
            if page.isEmpty { break }
        }
        guard let tree else {
            throw LedgerError(.notFound, "run \(run) has no events, and so no checkpoint", run: run)
        }
        return tree
    }

    private static func require(_ entry: Entry, after head: Head, _ run: RunID) throws {
        let hash = HashChain.hash(run: run, sequence: entry.sequence, previous: entry.previous, bytes: entry.bytes)
        guard entry.sequence == head.sequence + 1, entry.previous == head.hash, entry.hash == hash else {
            throw LedgerError(
                .corrupt,
                "event \(head.sequence + 1) of run \(run) does not follow the one before it; no checkpoint is signed: run "
                    + "agency verify \(run)",
                run: run,
                sequence: head.sequence + 1
            )
        }
    }

    private func settle(_ signed: Tree, _ run: RunID) {
        trees.withLock { trees in
            // Whoever appended meanwhile has come further, and may have reached a milestone of its own.
            if let known = trees[run], known.edge.size > signed.edge.size { return }
            var settled = signed
            settled.isDue = false
            trees[run] = settled
        }
    }
}
