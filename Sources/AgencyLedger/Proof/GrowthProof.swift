// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What shows, without the record, that a signed record goes on from an earlier one: nothing was cut and nothing rewritten.
public struct GrowthProof: Sendable, Hashable {
    /// The earlier checkpoint.
    public let first: SignedNote
    /// The later one.
    public let second: SignedNote
    /// The hashes from which both roots can be computed.
    public let path: [Digest]

    /// What a proof was found to show.
    public struct Finding: Sendable, Hashable {
        /// The earlier checkpoint.
        public let first: Checkpoint
        /// The later one.
        public let second: Checkpoint
    }

    /// Makes a proof from its parts, which ``verified(by:)`` checks.
    public init(first: SignedNote, second: SignedNote, path: [Digest]) {
        self.first = first
        self.second = second
        self.path = path
    }

    /// Checks both signatures, and that one record goes on from the other.
    ///
    /// - Parameter keys: The keys that the verifier holds.
    /// - Returns: The two checkpoints, to be compared with those that the verifier kept.
    /// - Throws: ``ProofError``: as ``Checkpoint/init(_:signedByOneOf:)`` does; `.mismatch` when the later record is not
    ///   that of the earlier with more events, which means that one of the two was rewritten.
    public func verified(by keys: [VerifierKey]) throws(ProofError) -> Finding {
        let first = try Checkpoint(first, signedByOneOf: keys)
        let second = try Checkpoint(second, signedByOneOf: keys)
        guard first.run == second.run, first.log == second.log else {
            throw ProofError(.mismatch, "the two checkpoints are of different runs, or of different logs of one run")
        }
        guard first.size <= second.size else {
            throw ProofError(.mismatch, "the checkpoint of \(first.size) events is not the earlier one")
        }
        let proof = ConsistencyProof(first: first.size, second: second.size, path: path)
        guard proof.holds(firstRoot: first.root, secondRoot: second.root),
            first.size < second.size || first.head == second.head
        else {
            throw ProofError(
                .mismatch,
                "this does not show that the record of \(second.size) events goes on from that of \(first.size)"
            )
        }
        return Finding(first: first, second: second)
    }
}
