// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// The right edge of a Merkle tree: all that is needed to add leaves and to know the root.
///
/// It holds one hash for every full subtree, at most 63, so that a tree of any size needs no memory to speak of.
///
/// > Source: the compact range of a tree from its first leaf, after RFC 9162 §2.1.2
/// > <https://www.rfc-editor.org/rfc/rfc9162#section-2.1.2>.
public struct MerkleFrontier: Sendable, Hashable {
    /// How many leaves the tree has.
    public private(set) var size: Int
    /// The roots of the full subtrees, from the left, the largest first: one for each bit of the size that is set.
    public private(set) var subtrees: [Digest]

    /// Makes the edge of a tree without leaves.
    public init() {
        size = 0
        subtrees = []
    }

    /// Takes up an edge that was kept.
    ///
    /// - Returns: `nil` when there are not as many hashes as a tree of that size has full subtrees.
    public init?(size: Int, subtrees: [Digest]) {
        guard size >= 0, size.nonzeroBitCount == subtrees.count else { return nil }
        self.size = size
        self.subtrees = subtrees
    }

    /// Adds a leaf, by its hash.
    ///
    /// - Complexity: O(log *n*) at most, and one hash on average.
    public mutating func append(leaf: Digest) {
        var hash = leaf
        // A carry, as in adding 1 to the size: every full subtree that gets a twin becomes the left half of one.
        for _ in 0..<(~size).trailingZeroBitCount { hash = MerkleHash.node(subtrees.removeLast(), hash) }
        subtrees.append(hash)
        size += 1
    }

    /// The root of the tree.
    public var root: Digest {
        guard var root = subtrees.last else { return MerkleHash.empty }
        for left in subtrees.dropLast().reversed() { root = MerkleHash.node(left, root) }
        return root
    }
}
