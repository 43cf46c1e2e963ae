// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What shows that a tree begins with all the leaves of an earlier one, in their order.
///
/// > Source: RFC 9162 §2.1.4 <https://www.rfc-editor.org/rfc/rfc9162#section-2.1.4>.
public struct ConsistencyProof: Sendable, Hashable, Codable {
    /// How many leaves the earlier tree has.
    public let first: Int
    /// How many leaves the later tree has.
    public let second: Int
    /// The hashes from which both roots can be computed.
    public let path: [Digest]

    /// Makes a proof from its parts, which ``holds(firstRoot:secondRoot:)`` checks.
    public init(first: Int, second: Int, path: [Digest]) {
        self.first = first
        self.second = second
        self.path = path
    }

    /// Whether the tree with the second root goes on from the one with the first.
    ///
    /// An empty tree has no proof: every tree goes on from it, and to accept that would vouch for nothing.
    public func holds(firstRoot: Digest, secondRoot: Digest) -> Bool {
        guard first > 0, first <= second else { return false }
        if first == second { return path.isEmpty && firstRoot == secondRoot }
        // A path that is empty proves nothing about two trees of different sizes.
        guard !path.isEmpty else { return false }
        var node = first - 1
        var last = second - 1
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var rest = path[...]
        // An earlier tree whose size is a power of two is itself a full subtree of the later one.
        let isPowerOfTwo = first & (first - 1) == 0
        guard let seed = isPowerOfTwo ? firstRoot : rest.popFirst() else { return false }
        var left = seed
        var right = seed
        for hash in rest {
            guard last != 0 else { return false }
            if node & 1 == 1 || node == last {
                left = MerkleHash.node(hash, left)
                right = MerkleHash.node(hash, right)
                while node & 1 == 0, node != 0 {
                    node >>= 1
                    last >>= 1
                }
            } else {
                right = MerkleHash.node(right, hash)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && left == firstRoot && right == secondRoot
    }
}
