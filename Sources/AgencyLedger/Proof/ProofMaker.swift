// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Makes a proof in one walk over the leaves of a tree, of which it remembers only the few hashes that the proof needs.
public struct ProofMaker: Sendable {
    private let size: Int
    private let wanted: [Range<Int>]
    // Where in the proof each subtree belongs, in the order in which the walk comes to them.
    private let order: [Int]
    private var next = 0
    private var current = MerkleFrontier()
    private var count = 0
    private var found: [Int: Digest] = [:]

    /// Prepares a proof that the tree has a leaf.
    ///
    /// - Returns: `nil` when there is no such leaf.
    public init?(inclusionOf index: Int, size: Int) {
        guard index >= 0, index < size else { return nil }
        self.init(size: size, wanted: Self.path(to: index, in: 0..<size))
    }

    /// Prepares a proof that the tree goes on from an earlier one.
    ///
    /// - Returns: `nil` when the earlier one is empty or larger.
    public init?(consistencyOf first: Int, size: Int) {
        guard first > 0, first <= size else { return nil }
        self.init(size: size, wanted: Self.subproof(first, in: 0..<size, isWhole: true))
    }

    private init(size: Int, wanted: [Range<Int>]) {
        self.size = size
        self.wanted = wanted
        order = wanted.indices.sorted { wanted[$0].lowerBound < wanted[$1].lowerBound }
    }

    /// Takes the next leaf; what comes after the tree is ignored.
    public mutating func append(leaf: Digest) {
        defer { count += 1 }
        guard next < order.count, wanted[order[next]].contains(count) else { return }
        current.append(leaf: leaf)
        guard count + 1 == wanted[order[next]].upperBound else { return }
        found[order[next]] = current.root
        current = MerkleFrontier()
        next += 1
    }

    /// The hashes of the proof, or `nil` when fewer leaves were given than the tree has.
    public var path: [Digest]? {
        guard count >= size else { return nil }
        let path = wanted.indices.compactMap { found[$0] }
        return path.count == wanted.count ? path : nil
    }

    private static func path(to index: Int, in tree: Range<Int>) -> [Range<Int>] {
        guard tree.count > 1 else { return [] }
        let middle = tree.lowerBound + leftCount(of: tree.count)
        return index < middle
            ? path(to: index, in: tree.lowerBound..<middle) + [middle..<tree.upperBound]
            : path(to: index, in: middle..<tree.upperBound) + [tree.lowerBound..<middle]
    }

    private static func subproof(_ first: Int, in tree: Range<Int>, isWhole: Bool) -> [Range<Int>] {
        if first == tree.upperBound { return isWhole ? [] : [tree] }
        let middle = tree.lowerBound + leftCount(of: tree.count)
        return first <= middle
            ? subproof(first, in: tree.lowerBound..<middle, isWhole: isWhole) + [middle..<tree.upperBound]
            : subproof(first, in: middle..<tree.upperBound, isWhole: false) + [tree.lowerBound..<middle]
    }

    /// The largest power of two that is smaller than a count of at least 2.
    private static func leftCount(of count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}
