// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencyTestKit
import Testing

/// What the check takes a flow to be is what runs really do.
@Suite struct FlowGraphTests {
    @Test(.disabled(if: GoldenHistoryTests.isRecording), arguments: GoldenHistoryTests.names)
    func `a recorded run goes only where the graph of its architecture leads`(name: String) throws {
        let history = try GoldenHistoryTests.read(name)
        var state = RunState(run: history.run)
        var moves: Set<[Int]> = []
        for (sequence, bytes) in history.events.enumerated() {
            let before = state.started == nil ? nil : state.stage
            state.apply(try RecordedEvent(sequence: sequence, storedBytes: bytes))
            if let before, before != state.stage { moves.insert([before, state.stage]) }
        }
        let architecture = try #require(state.started?.architecture)
        let graph = FlowGraph(architecture)
        let choices = Set(graph.all(.stage("choose")))
        func node(_ stage: Int) -> Int {
            graph.nodes.firstIndex { $0.path.prefix(2) == ["flow", .index(stage)] } ?? FlowGraph.end
        }
        #expect(!moves.isEmpty)
        for move in moves {
            let (from, to) = (node(move[0]), node(move[1]))
            #expect(graph.path(from: from, to: to) != nil, "\(graph.words([from, to]))")
            guard graph.nodes[to].kind == .stage("enact") else { continue }
            let isChosen = choices.contains(from) || graph.path(from: from, to: to, avoiding: choices) == nil
            #expect(isChosen, "\(graph.words([from, to]))")
        }
    }
}
