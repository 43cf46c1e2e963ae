// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// The hashes of which a Merkle tree over a record is made.
///
/// ```
/// leaf(input)       = SHA-256(0x00 ‖ input)
/// node(left, right) = SHA-256(0x01 ‖ left ‖ right)
/// empty tree        = SHA-256()
/// ```
///
/// The input of an entry's leaf is the 32 bytes of its hash in the chain, which binds its run, its place, everything before
/// it and the digest of its bytes.
///
/// > Source: RFC 9162 §2.1.1 <https://www.rfc-editor.org/rfc/rfc9162#section-2.1.1>.
public enum MerkleHash {
    /// The root of a tree without leaves.
    public static let empty = Digest(of: [UInt8]())

    /// Computes the hash of a leaf.
    public static func leaf(_ input: [UInt8]) -> Digest { Digest(of: [0x00] + input) }

    /// Computes the leaf of an entry from its hash in the chain.
    public static func leaf(_ chainHash: Digest) -> Digest { leaf(chainHash.octets) }

    /// Computes the hash of a node from those of its children.
    public static func node(_ left: Digest, _ right: Digest) -> Digest {
        var input: [UInt8] = []
        input.reserveCapacity(65)
        input.append(0x01)
        input += left.octets
        input += right.octets
        return Digest(of: input)
    }
}
