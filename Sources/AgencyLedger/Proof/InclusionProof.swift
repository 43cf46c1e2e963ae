// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What shows that a tree has a certain leaf at a certain place.
///
/// > Source: RFC 9162 §2.1.3 <https://www.rfc-editor.org/rfc/rfc9162#section-2.1.3>.
public struct InclusionProof: Sendable, Hashable, Codable {
    /// The place of the leaf, counted from 0.
    public let index: Int
    /// How many leaves the tree has.
    public let size: Int
    /// The hashes beside the way from the leaf to the root.
    public let path: [Digest]

    /// Makes a proof from its parts, which ``holds(leaf:root:)`` checks.
    public init(index: Int, size: Int, path: [Digest]) {
        self.index = index
        self.size = size
        self.path = path
    }

    /// Whether the leaf is at its place in the tree that has this root.
    public func holds(leaf: Digest, root: Digest) -> Bool {
        guard index >= 0, index < size else { return false }
        var node = index
        var last = size - 1
        var hash = leaf
        for sibling in path {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = MerkleHash.node(sibling, hash)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                hash = MerkleHash.node(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == root
    }
}
