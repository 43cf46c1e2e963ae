// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyTestKit
import Testing

@Suite struct DominatorTests {
    /// What dominance means, without any cleverness: without the dominator the node cannot be reached.
    private func isCut(_ successors: [[Int]], root: Int, without gone: Int, to node: Int) -> Bool {
        var seen: Set<Int> = []
        var rest = root == gone ? [] : [root]
        while let next = rest.popLast() {
            guard seen.insert(next).inserted else { continue }
            rest += successors[next].filter { $0 != gone }
        }
        return !seen.contains(node)
    }

    @Test(arguments: 1...60) func `dominators are what every path passes, in any graph`(seed: Int) {
        var chance = SplitMix64(seed: UInt64(seed))
        let count = Int.random(in: 1...14, using: &chance)
        let successors = (0..<count).map { _ in
            (0..<Int.random(in: 0...3, using: &chance)).map { _ in Int.random(in: 0..<count, using: &chance) }
        }
        let root = Int.random(in: 0..<count, using: &chance)
        let dominators = Dominators(successors: successors, root: root)
        for node in 0..<count {
            let isReached = !isCut(successors, root: root, without: -1, to: node)
            #expect(dominators.reaches(node) == isReached)
            for other in 0..<count {
                let dominates = isReached && (other == node || isCut(successors, root: root, without: other, to: node))
                #expect(dominators.dominates(other, node) == dominates, "\(successors) \(root): \(other) over \(node)")
            }
        }
    }

    @Test func `numbers that are no nodes are left out of account`() {
        let dominators = Dominators(successors: [[1, 9], [0, -1]], root: 0)
        #expect(dominators.dominates(0, 1))
        #expect(!dominators.reaches(9))
        #expect(!Dominators(successors: [], root: 0).reaches(0))
        #expect(!Dominators(successors: [[0]], root: 4).dominates(0, 0))
    }

    @Test func `a graph of a hundred thousand nodes in a row needs no stack`() {
        let successors = (0..<100_000).map { [$0 + 1] } + [[]]
        #expect(Dominators(successors: successors, root: 0).dominates(50_000, 100_000))
    }
}
