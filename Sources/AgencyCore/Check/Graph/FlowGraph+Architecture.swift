// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension FlowGraph {
    /// The graph of an architecture, as a run goes through it.
    ///
    /// What a person may do besides (pause, rewrite goals, revisit a choice) leads back to where options are judged or
    /// chosen, and never past a choice.
    public init(_ architecture: Architecture) {
        self.init()
        let flow = architecture.flow
        let stages = flow.enumerated().map { index, stage in
            add(Node(.stage(stage.word), ["flow", .index(index), .name(stage.word)]))
        }
        connect(Self.start, stages.first ?? Self.end)
        // A revised plan is judged anew where judging begins, and where nobody judges it is chosen anew.
        let judgement = flow.firstIndex { $0.word == "evaluate" } ?? flow.firstIndex { $0.word == "choose" }
        let update = flow.firstIndex { $0.word == "update" }
        for (index, stage) in flow.enumerated() {
            let node = stages[index]
            let next = index + 1 < stages.count ? stages[index + 1] : Self.end
            func bound(_ what: String, _ most: Int, _ key: String) -> LoopBound {
                LoopBound(what, atMost: most, at: nodes[node].path + [.name(key)])
            }
            switch stage {
            case .propose, .evaluate, .explain, .probe: connect(node, next)
            case .critique(_, let rounds):
                let mending = add(Node(.mending, nodes[node].path))
                connect(node, mending)
                connect(mending, node, atMost: bound("rounds of critique", rounds, "rounds"))
                connect(mending, next)
                connect(node, next)
            case .iterate(_, let most):
                connect(node, node, atMost: bound("episodes one after another", most, "at-most"))
                connect(node, next)
            case .choose(let choosing):
                connect(node, next)
                connect(node, Self.end)
                connect(node, stages[0], atMost: bound("times that work is sent back", choosing.returns, "returns"))
                if let update, case .update(_, let most) = flow[update] {
                    let path = nodes[stages[update]].path + ["at-most"]
                    let bound = LoopBound("revisions sent back to be revised", atMost: most, at: path)
                    connect(node, stages[update], atMost: bound)
                }
            case .enact:
                let steps = LoopBound("steps of one plan", atMost: Limits.steps, at: nodes[node].path)
                connect(node, node, atMost: steps)
                connect(node, Self.end)
                if let update, case .update(_, let most) = flow[update] {
                    let path = nodes[stages[update]].path + ["at-most"]
                    let bound = LoopBound("revisions of a plan", atMost: most, at: path)
                    connect(node, stages[update], atMost: bound)
                }
            case .update(_, let most):
                let target = judgement.map { stages[$0] } ?? Self.end
                connect(node, target, atMost: bound("revisions of a plan", most, "at-most"))
                // Reached without a halt, an update has nothing to do and is passed.
                connect(node, next)
            }
        }
    }
}
