// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension LedgerStore {
    /// Proves that an event stands at its place in the record that a checkpoint speaks of.
    ///
    /// The record is read once, up to the checkpoint, in memory for one page; no signature is checked.
    ///
    /// - Parameters:
    ///   - place: The number of the event.
    ///   - note: The checkpoint.
    ///   - isRedacted: Whether the event's bytes are left out, and only their digest is shown.
    /// - Returns: The proof.
    /// - Throws: ``ProofError`` with `.unusable` when the checkpoint does not reach the event, `.mismatch` when the record
    ///   contradicts the checkpoint, `.malformed` for a note that is none; ``LedgerError`` as
    ///   ``replay(_:pageSize:upTo:visit:)`` does.
    public func proof(ofEvent place: Int, under note: SignedNote, isRedacted: Bool = false) async throws -> EventProof {
        let checkpoint = try Checkpoint(note.text)
        guard var maker = ProofMaker(inclusionOf: place, size: checkpoint.size) else {
            throw ProofError(
                .unusable,
                "there is no event \(place) in the checkpoint of \(checkpoint.size) events of run \(checkpoint.run)"
            )
        }
        var found: Entry?
        try await walk(to: [checkpoint], &maker) { if $0.sequence == place { found = $0 } }
        guard let found, let path = maker.path else { throw Self.short(checkpoint) }
        let inclusion = InclusionProof(index: place, size: checkpoint.size, path: path)
        return EventProof(found, isRedacted: isRedacted, inclusion: inclusion, note: note)
    }

    /// Proves that the record of a checkpoint goes on from that of an earlier one.
    ///
    /// - Returns: The proof.
    /// - Throws: ``ProofError`` with `.unusable` when the first is not the earlier one, `.mismatch` when the record
    ///   contradicts either, `.malformed` for a note that is none; ``LedgerError`` as
    ///   ``replay(_:pageSize:upTo:visit:)`` does.
    public func proof(from first: SignedNote, to second: SignedNote) async throws -> GrowthProof {
        let (early, late) = (try Checkpoint(first.text), try Checkpoint(second.text))
        guard early.run == late.run else {
            throw ProofError(.mismatch, "the checkpoints are of run \(early.run) and of run \(late.run)")
        }
        guard var maker = ProofMaker(consistencyOf: early.size, size: late.size) else {
            throw ProofError(
                .unusable,
                "run \(late.run) has \(late.size) events, and the checkpoint that it is to go on from \(early.size)"
            )
        }
        try await walk(to: [early, late], &maker) { _ in }
        guard let path = maker.path else { throw Self.short(late) }
        return GrowthProof(first: first, second: second, path: path)
    }

    private func walk(
        to checkpoints: [Checkpoint],
        _ maker: inout ProofMaker,
        visit: (Entry) -> Void
    ) async throws {
        guard let newest = checkpoints.last else { return }
        var check = CheckpointCheck(run: newest.run, against: checkpoints)
        _ = try await replay(newest.run, upTo: newest.size) { entry in
            check.visit(entry.hash)
            maker.append(leaf: MerkleHash.leaf(entry.hash))
            visit(entry)
        }
        check.finish()
        if let fault = check.faults.first {
            throw ProofError(.mismatch, "nothing is proved of run \(newest.run): \(fault)")
        }
    }

    private static func short(_ checkpoint: Checkpoint) -> ProofError {
        ProofError(.mismatch, "run \(checkpoint.run) has fewer than the \(checkpoint.size) events of the checkpoint")
    }
}
