// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What can follow what when an architecture is carried through, with the bound of every way back.
public struct FlowGraph: Sendable {
    /// The nodes; the first is the beginning, the second the end.
    public private(set) var nodes: [Node] = [Node(.start, []), Node(.end, [])]
    /// What can follow what.
    public private(set) var edges: [Edge] = []

    /// Where every run begins.
    public static let start = 0
    /// Where every run ends.
    public static let end = 1

    /// Makes a graph of nothing but a beginning and an end.
    init() {}

    /// One place in the flow.
    public struct Node: Hashable, Sendable {
        /// What happens there.
        public var kind: Kind
        /// Where it is declared.
        public var path: [Finding.Part]

        init(_ kind: Kind, _ path: [Finding.Part]) {
            self.kind = kind
            self.path = path
        }

        /// The node in words.
        public var words: String {
            switch kind {
            case .start: "the beginning"
            case .end: "the end"
            case .stage(let word): word
            case .mending: "mending"
            }
        }
    }

    /// What happens at a node.
    public enum Kind: Hashable, Sendable {
        /// Nothing yet.
        case start
        /// Nothing more.
        case end
        /// A stage of this word.
        case stage(String)
        /// Proposers mend what was criticised.
        case mending

        /// Whether a plan is written or changed there.
        var writesPlans: Bool { self == .stage("propose") || self == .stage("update") || self == .mending }
        /// Whether episodes are performed there.
        var performs: Bool {
            switch self {
            case .start, .end: false
            case .stage(let word): word != "choose" && word != "enact"
            case .mending: true
            }
        }
    }

    /// One way from one node to the next.
    public struct Edge: Hashable, Sendable {
        /// Where it begins.
        public var from: Int
        /// Where it ends.
        public var to: Int
        /// How often it can be gone, for a way back.
        public var bound: LoopBound?
    }

    mutating func add(_ node: Node) -> Int {
        nodes.append(node)
        return nodes.count - 1
    }

    mutating func connect(_ from: Int, _ to: Int, atMost bound: LoopBound? = nil) {
        edges.append(Edge(from: from, to: to, bound: bound))
    }

    /// For each node, those that can follow it.
    public var successors: [[Int]] {
        var result = [[Int]](repeating: [], count: nodes.count)
        for edge in edges { result[edge.from].append(edge.to) }
        return result
    }

    /// The numbers of all nodes of a kind.
    public func all(_ kind: Kind) -> [Int] { nodes.indices.filter { nodes[$0].kind == kind } }

    /// The way with the fewest nodes from one node to another that passes none of some others.
    public func path(from root: Int, to goal: Int, avoiding: Set<Int> = []) -> [Int]? {
        let successors = successors
        var before = [Int?](repeating: nil, count: nodes.count)
        var queue = [root]
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            for successor in successors[node] where before[successor] == nil && !avoiding.contains(successor) {
                before[successor] = node
                guard successor == goal else {
                    queue.append(successor)
                    continue
                }
                var path = [goal]
                var current = node
                while current != root {
                    path.append(current)
                    current = before[current] ?? root
                }
                return (path + [root]).reversed()
            }
        }
        return nil
    }

    /// A path in words: `update → choose → enact`.
    public func words(_ path: [Int]) -> String { path.map { nodes[$0].words }.joined(separator: " → ") }
}
