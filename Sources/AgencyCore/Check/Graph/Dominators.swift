// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Which nodes of a graph every path from a root must pass on its way to which others.
///
/// > Source: K. D. Cooper, T. J. Harvey, K. Kennedy, A simple, fast dominance algorithm, 2001.
public struct Dominators: Sendable {
    /// The root.
    public let root: Int
    /// The nearest strict dominator of each node: the root's is itself, and what cannot be reached has none.
    private let nearest: [Int?]

    /// Finds the dominators of a graph.
    ///
    /// - Parameters:
    ///   - successors: For each node the nodes that can follow it, by their numbers; others are left out of account.
    ///   - root: The node from which all paths begin.
    public init(successors: [[Int]], root: Int) {
        self.root = root
        let order = Self.postorder(successors, root)
        var number = [Int?](repeating: nil, count: successors.count)
        for (position, node) in order.enumerated() { number[node] = position }
        var predecessors = [[Int]](repeating: [], count: successors.count)
        for node in order {
            for next in successors[node] where successors.indices.contains(next) { predecessors[next].append(node) }
        }
        var nearest = [Int?](repeating: nil, count: successors.count)
        guard successors.indices.contains(root) else {
            self.nearest = nearest
            return
        }
        nearest[root] = root
        func meet(_ left: Int, _ right: Int) -> Int {
            var (left, right) = (left, right)
            while left != right {
                if (number[left] ?? 0) < (number[right] ?? 0) {
                    left = nearest[left] ?? root
                } else {
                    right = nearest[right] ?? root
                }
            }
            return left
        }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for node in order.reversed() where node != root {
                let known = predecessors[node].filter { nearest[$0] != nil }
                guard let first = known.first else { continue }
                let met = known.dropFirst().reduce(first, meet)
                if nearest[node] != met {
                    nearest[node] = met
                    hasChanged = true
                }
            }
        }
        self.nearest = nearest
    }

    /// Whether a path leads from the root to a node.
    public func reaches(_ node: Int) -> Bool { nearest.indices.contains(node) && nearest[node] != nil }

    /// Whether every path from the root to a node passes another; each node dominates itself.
    ///
    /// - Returns: `false` for a node that cannot be reached.
    public func dominates(_ dominator: Int, _ node: Int) -> Bool {
        guard reaches(node) else { return false }
        var current = node
        while current != dominator {
            guard current != root, let next = nearest[current] else { return false }
            current = next
        }
        return true
    }

    /// The nodes that can be reached, each after those that follow it where no loop stands against that.
    private static func postorder(_ successors: [[Int]], _ root: Int) -> [Int] {
        guard successors.indices.contains(root) else { return [] }
        var order: [Int] = []
        var isSeen = [Bool](repeating: false, count: successors.count)
        isSeen[root] = true
        var path = [(node: root, next: 0)]
        while let (node, next) = path.last {
            guard next < successors[node].count else {
                order.append(node)
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let successor = successors[node][next]
            guard successors.indices.contains(successor), !isSeen[successor] else { continue }
            isSeen[successor] = true
            path.append((successor, 0))
        }
        return order
    }
}

extension FlowGraph {
    /// The first of some nodes from which a goal is reached although none of some gates lies on every way there.
    func root(among roots: [Int], reaching goal: Int, past gates: some Sequence<Int>) -> Int? {
        let successors = successors
        return roots.first { root in
            let dominators = Dominators(successors: successors, root: root)
            return dominators.reaches(goal) && !gates.contains { dominators.dominates($0, goal) }
        }
    }
}
