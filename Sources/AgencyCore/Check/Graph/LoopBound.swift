// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The bound of one loop, retry, vote or fan-out, and where it is declared.
public struct LoopBound: Hashable, Sendable {
    /// What happens again or side by side, in words: `proposals side by side`.
    public var what: String
    /// How often at most.
    public var most: Int
    /// Where the bound is declared, or what has it where it is left to its usual value.
    public var path: [Finding.Part]

    /// Makes a bound.
    public init(_ what: String, atMost most: Int, at path: [Finding.Part]) {
        self.what = what
        self.most = most
        self.path = path
    }
}

extension Architecture {
    /// Every loop, retry, vote and fan-out with its bound: those of the flow, then those of each role.
    ///
    /// Nothing else repeats: without the bounded ways back the graph of the flow has no circle.
    public var loops: [LoopBound] {
        var loops: [LoopBound] = []
        // One bound can hold for more than one way.
        for bound in FlowGraph(self).edges.compactMap(\.bound) where !loops.contains(bound) { loops.append(bound) }
        for (index, stage) in flow.enumerated() {
            let place: [Finding.Part] = ["flow", .index(index), .name(stage.word)]
            switch stage {
            case .propose(_, let count):
                loops.append(LoopBound("proposals side by side", atMost: count, at: place + ["count"]))
            case .evaluate(let roles):
                let options = flow.lazy.compactMap { if case .propose(_, let count) = $0 { count } else { nil } }
                let most = roles.count.saturatingTimes(max(1, options.first ?? 1))
                loops.append(LoopBound("evaluations side by side", atMost: most, at: place + ["roles"]))
            case .probe(_, let times):
                loops.append(LoopBound("answers to each question", atMost: times, at: place + ["times"]))
            case .choose: loops.append(LoopBound("questions answered", atMost: Limits.questions, at: place))
            default: break
            }
        }
        return loops + roles.flatMap(\.loops)
    }
}

extension Role {
    /// What repeats within an episode of this role.
    fileprivate var loops: [LoopBound] {
        guard kind != .enact else { return [] }
        let place: [Finding.Part] = ["roles", .name(name.rawValue)]
        var loops: [LoopBound] = []
        if let vote {
            let place = place + ["vote", "at-most"]
            loops.append(LoopBound("samples of one episode of \(name)", atMost: vote.rule.mostSamples, at: place))
        }
        if sendBacks > 0 {
            loops.append(LoopBound("repairs by \(name)", atMost: sendBacks, at: place + ["repairs"]))
        }
        let calls = limits(performedBy: nil).calls ?? Limits.callsPerEpisode
        loops.append(LoopBound("calls in one performance of \(name)", atMost: calls, at: place + ["budget", "calls"]))
        return loops
    }
}
