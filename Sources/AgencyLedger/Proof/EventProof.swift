// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What shows, without the record, that an event stands at its place in a record that somebody has signed.
public struct EventProof: Sendable, Hashable {
    /// The hash of the event before it, or that of an empty run.
    public let previous: Digest
    /// How many bytes the event has.
    public let length: Int
    /// The digest of its bytes.
    public let digest: Digest
    /// The bytes, unless they were left out.
    public let bytes: [UInt8]?
    /// The way from the event to the root.
    public let inclusion: InclusionProof
    /// The signed checkpoint that names the root.
    public let note: SignedNote

    /// What a proof was found to show.
    public struct Finding: Sendable, Hashable {
        /// The hash of the event in the chain.
        public let hash: Digest
        /// The checkpoint that vouches for it.
        public let checkpoint: Checkpoint
    }

    /// Makes a proof from its parts, which ``verified(by:)`` checks.
    ///
    /// - Parameters:
    ///   - entry: The event.
    ///   - isRedacted: Whether its bytes are left out, and only their digest is shown.
    ///   - inclusion: The way from the event to the root.
    ///   - note: The signed checkpoint that names the root.
    public init(_ entry: Entry, isRedacted: Bool = false, inclusion: InclusionProof, note: SignedNote) {
        self.init(
            previous: entry.previous,
            content: isRedacted || entry.bytes.count > ExportContent.maximumInline
                ? .redacted(length: entry.bytes.count, digest: Digest(of: entry.bytes)) : .whole(entry.bytes),
            inclusion: inclusion,
            note: note
        )
    }

    init(previous: Digest, content: ExportContent, inclusion: InclusionProof, note: SignedNote) {
        self.previous = previous
        self.inclusion = inclusion
        self.note = note
        switch content {
        case .whole(let bytes): (length, digest, self.bytes) = (bytes.count, Digest(of: bytes), bytes)
        case .redacted(let length, let digest): (self.length, self.digest, bytes) = (length, digest, nil)
        // Only an export has room for these.
        case .pieces(_, let length): (self.length, digest, bytes) = (length, MerkleHash.empty, nil)
        }
    }

    /// Checks the signature, and the way from the event to what was signed.
    ///
    /// - Parameter keys: The keys that the verifier holds.
    /// - Returns: The checkpoint that vouches for the event, and the event's hash.
    /// - Throws: ``ProofError``: as ``Checkpoint/init(_:signedByOneOf:)`` does; `.mismatch` when the event is not in the
    ///   record that was signed.
    public func verified(by keys: [VerifierKey]) throws(ProofError) -> Finding {
        let checkpoint = try Checkpoint(note, signedByOneOf: keys)
        let place = inclusion.index
        guard inclusion.size == checkpoint.size, (0..<checkpoint.size).contains(place) else {
            throw ProofError(.mismatch, "there is no event \(place) in the checkpoint of \(checkpoint.size) events")
        }
        let hash = HashChain.hash(
            run: checkpoint.run,
            sequence: place,
            previous: previous,
            length: length,
            digest: digest
        )
        guard inclusion.holds(leaf: MerkleHash.leaf(hash), root: checkpoint.root),
            place > 0 || (hash == checkpoint.log && previous == HashChain.genesis(of: checkpoint.run)),
            place < checkpoint.size - 1 || hash == checkpoint.head
        else {
            throw ProofError(
                .mismatch,
                "this is not event \(place) of the record that the checkpoint of \(checkpoint.time) speaks of"
            )
        }
        return Finding(hash: hash, checkpoint: checkpoint)
    }
}
