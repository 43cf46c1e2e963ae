// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// The tree as RFC 9162 defines it, written down without any thought of speed.
enum MerkleReference {
    static func root(_ leaves: ArraySlice<Digest>) -> Digest {
        switch leaves.count {
        case 0: return Digest(of: [UInt8]())
        case 1: return leaves[leaves.startIndex]
        default:
            let middle = leaves.startIndex + split(leaves.count)
            return Digest(of: [0x01] + root(leaves[..<middle]).octets + root(leaves[middle...]).octets)
        }
    }

    static func inclusion(_ index: Int, _ leaves: ArraySlice<Digest>) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        let k = split(leaves.count)
        let middle = leaves.startIndex + k
        return index < k
            ? inclusion(index, leaves[..<middle]) + [root(leaves[middle...])]
            : inclusion(index - k, leaves[middle...]) + [root(leaves[..<middle])]
    }

    static func consistency(_ first: Int, _ leaves: ArraySlice<Digest>, isWhole: Bool = true) -> [Digest] {
        if first == leaves.count { return isWhole ? [] : [root(leaves)] }
        let k = split(leaves.count)
        let middle = leaves.startIndex + k
        return first <= k
            ? consistency(first, leaves[..<middle], isWhole: isWhole) + [root(leaves[middle...])]
            : consistency(first - k, leaves[middle...], isWhole: false) + [root(leaves[..<middle])]
    }

    static func split(_ count: Int) -> Int {
        var k = 1
        while k * 2 < count { k *= 2 }
        return k
    }

    /// Leaves that all differ.
    static func leaves(_ count: Int) -> [Digest] { (0..<count).map { MerkleHash.leaf(Array("leaf \($0)".utf8)) } }

    static func inclusionProof(_ index: Int, _ leaves: [Digest]) -> InclusionProof? {
        guard var maker = ProofMaker(inclusionOf: index, size: leaves.count) else { return nil }
        for leaf in leaves { maker.append(leaf: leaf) }
        return maker.path.map { InclusionProof(index: index, size: leaves.count, path: $0) }
    }

    static func consistencyProof(_ first: Int, _ leaves: [Digest]) -> ConsistencyProof? {
        guard var maker = ProofMaker(consistencyOf: first, size: leaves.count) else { return nil }
        for leaf in leaves { maker.append(leaf: leaf) }
        return maker.path.map { ConsistencyProof(first: first, second: leaves.count, path: $0) }
    }
}

extension Digest {
    /// The digest with one bit turned over.
    func flipped(_ bit: Int) -> Digest {
        var octets = octets
        octets[bit / 8] ^= 1 << (bit % 8)
        return Digest(octets: octets) ?? self
    }
}
