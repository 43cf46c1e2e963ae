// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Testing

@Suite struct MerkleTests {
    static let largest = 130
    let leaves = MerkleReference.leaves(largest)

    @Test func `the root of every size is that of the definition, also after the edge was kept`() throws {
        var frontier = MerkleFrontier()
        for size in 0...Self.largest {
            #expect(frontier.size == size)
            #expect(frontier.root == MerkleReference.root(leaves[..<size]))
            frontier = try #require(MerkleFrontier(size: frontier.size, subtrees: frontier.subtrees))
            if size < Self.largest { frontier.append(leaf: leaves[size]) }
        }
        #expect(MerkleFrontier(size: 3, subtrees: [leaves[0]]) == nil)
        #expect(MerkleFrontier(size: -1, subtrees: leaves) == nil)
    }

    @Test func `every inclusion proof is that of the definition and holds for its leaf only`() throws {
        for size in 1...Self.largest {
            let tree = Array(leaves[..<size])
            let root = MerkleReference.root(tree[...])
            for index in 0..<size {
                let proof = try #require(MerkleReference.inclusionProof(index, tree))
                #expect(proof.path == MerkleReference.inclusion(index, tree[...]))
                guard proof.holds(leaf: tree[index], root: root) else {
                    Issue.record("\(index) of \(size) is refused")
                    continue
                }
                if size > 1 { #expect(!proof.holds(leaf: tree[(index + 1) % size], root: root)) }
                for wrong in [index - 1, index + 1, size - 1 - index] where wrong != index {
                    let moved = InclusionProof(index: wrong, size: size, path: proof.path)
                    #expect(!moved.holds(leaf: tree[index], root: root), "\(index) of \(size) as \(wrong)")
                }
            }
        }
    }

    @Test func `every consistency proof is that of the definition and holds for its roots only`() throws {
        let roots = (0...Self.largest).map { MerkleReference.root(leaves[..<$0]) }
        for second in 1...Self.largest {
            let tree = Array(leaves[..<second])
            for first in 1...second {
                let proof = try #require(MerkleReference.consistencyProof(first, tree))
                #expect(proof.path == MerkleReference.consistency(first, tree[...]))
                guard proof.holds(firstRoot: roots[first], secondRoot: roots[second]) else {
                    Issue.record("\(first) to \(second) is refused")
                    continue
                }
                guard first < second else { continue }
                #expect(!proof.holds(firstRoot: roots[second], secondRoot: roots[first]))
                #expect(!proof.holds(firstRoot: roots[first + 1], secondRoot: roots[second]))
                #expect(!proof.holds(firstRoot: roots[first], secondRoot: roots[second - 1]))
            }
        }
    }

    @Test func `a proof with a bit turned, a hash cut, doubled, added or swapped does not hold`() throws {
        for size in [2, 3, 7, 8, 13, 65, 130] {
            let tree = Array(leaves[..<size])
            let root = MerkleReference.root(tree[...])
            for index in Set([0, 1, size / 2, size - 1]) {
                let proof = try #require(MerkleReference.inclusionProof(index, tree))
                for path in Self.spoilt(proof.path) {
                    let spoilt = InclusionProof(index: index, size: size, path: path)
                    if spoilt.holds(leaf: tree[index], root: root) { Issue.record("\(index) of \(size): \(path)") }
                }
                for bit in 0..<256 {
                    #expect(!proof.holds(leaf: tree[index].flipped(bit), root: root))
                    #expect(!proof.holds(leaf: tree[index], root: root.flipped(bit)))
                }
            }
            for first in Set([1, 2, size / 2, size - 1]) where first < size && first > 0 {
                let proof = try #require(MerkleReference.consistencyProof(first, tree))
                let before = MerkleReference.root(tree[..<first])
                for path in Self.spoilt(proof.path) {
                    let spoilt = ConsistencyProof(first: first, second: size, path: path)
                    if spoilt.holds(firstRoot: before, secondRoot: root) { Issue.record("\(first)–\(size): \(path)") }
                }
                for bit in 0..<256 {
                    #expect(!proof.holds(firstRoot: before.flipped(bit), secondRoot: root))
                    #expect(!proof.holds(firstRoot: before, secondRoot: root.flipped(bit)))
                }
            }
        }
    }

    @Test func `sizes and places that cannot be are refused and trap nowhere`() throws {
        let tree = Array(leaves[..<8])
        let root = MerkleReference.root(tree[...])
        let path = try #require(MerkleReference.inclusionProof(3, tree)).path
        for (index, size) in [(3, 0), (3, 3), (-1, 8), (3, -8), (8, 8), (3, 4), (3, 16), (3, .max), (.max, .max)] {
            #expect(!InclusionProof(index: index, size: size, path: path).holds(leaf: tree[3], root: root))
        }
        let steps = try #require(MerkleReference.consistencyProof(3, tree)).path
        let before = MerkleReference.root(tree[..<3])
        for (first, second) in [(3, 2), (-3, 8), (0, 8), (3, 4), (3, 16), (8, 3), (2, 8), (3, .max), (.max, .max)] {
            let proof = ConsistencyProof(first: first, second: second, path: steps)
            #expect(!proof.holds(firstRoot: before, secondRoot: root), "\(first) \(second)")
        }
        #expect(!ConsistencyProof(first: 0, second: 8, path: []).holds(firstRoot: root, secondRoot: root))
        #expect(ProofMaker(inclusionOf: 8, size: 8) == nil)
        #expect(ProofMaker(consistencyOf: 9, size: 8) == nil)
        #expect(ProofMaker(consistencyOf: 0, size: 8) == nil)
        #expect(ProofMaker(inclusionOf: 0, size: 2)?.path == nil)
    }

    @Test func `proofs in a large tree are short and hold`() throws {
        let size = 100_000
        var frontier = MerkleFrontier()
        var inclusion = try #require(ProofMaker(inclusionOf: 70_001, size: size))
        var consistency = try #require(ProofMaker(consistencyOf: 12_347, size: size))
        var before = MerkleHash.empty
        var leaf = MerkleHash.empty
        for number in 0..<size {
            let next = MerkleHash.leaf(Array("\(number)".utf8))
            if number == 70_001 { leaf = next }
            frontier.append(leaf: next)
            inclusion.append(leaf: next)
            consistency.append(leaf: next)
            if frontier.size == 12_347 { before = frontier.root }
        }
        let path = try #require(inclusion.path)
        #expect(path.count == 17)
        #expect(frontier.subtrees.count <= 17)
        #expect(InclusionProof(index: 70_001, size: size, path: path).holds(leaf: leaf, root: frontier.root))
        let proof = ConsistencyProof(first: 12_347, second: size, path: try #require(consistency.path))
        #expect(proof.holds(firstRoot: before, secondRoot: frontier.root))
    }

    private static func spoilt(_ path: [Digest]) -> [[Digest]] {
        var all: [[Digest]] = [path + [MerkleHash.empty], [MerkleHash.empty] + path]
        if let last = path.last { all.append(path + [last]) }
        for place in path.indices {
            for bit in stride(from: 0, to: 256, by: 7) {
                var copy = path
                copy[place] = copy[place].flipped(bit)
                all.append(copy)
            }
            var cut = path
            cut.remove(at: place)
            all.append(cut)
            if place > 0 {
                var swapped = path
                swapped.swapAt(place, place - 1)
                all.append(swapped)
            }
        }
        return all
    }
}
