// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Testing

@Suite struct FlowGraphTests {
    private let stages: [Stage] = [
        .propose(role: "p", count: 2), .critique(role: "c", rounds: 2), .evaluate(roles: ["e"]), .explain(role: "x"),
        .iterate(role: "a", atMost: 9), .choose(expires: 3600, returns: 1), .enact(role: "n", surprise: 0.8),
        .update(role: "u", atMost: 3),
    ]

    private func role(_ name: RoleName, _ kind: Role.Kind, _ reads: [Role.Input] = [], tools: [ToolName] = []) -> Role {
        Role(name: name, kind: kind, performer: "p", instructions: "i", reads: reads, tools: tools)
    }

    /// All subsets of the stages, each turned by every number of places.
    private var orders: [[Stage]] {
        (1..<(1 << stages.count)).flatMap { subset in
            let some = stages.indices.filter { subset & (1 << $0) != 0 }.map { stages[$0] }
            return some.indices.map { Array(some[$0...] + some[..<$0]) }
        }
    }

    @Test func `in every order of stages, nothing repeats that has no bound`() {
        let endless = orders.filter { flow in
            let graph = FlowGraph(Architecture(name: "a", roles: [], flow: flow))
            // What nothing leads to any more is taken away until nothing is left, which a circle never is.
            var rest = Set(graph.nodes.indices)
            let ways = graph.edges.filter { $0.bound == nil }
            while let next = rest.first(where: { node in !ways.contains { $0.to == node && rest.contains($0.from) } }) {
                rest.remove(next)
            }
            return !rest.isEmpty
        }
        #expect(orders.count > 1000)
        #expect(endless.isEmpty, "\(endless.map { $0.map(\.word) })")
    }

    @Test func `in every order of stages, an effect that no choice dominates is refused, and only such a one`() {
        let wrong = orders.filter { flow in
            let words = flow.map(\.word)
            let isRefused = Architecture(name: "a", roles: [], flow: flow).faults()
                .contains { $0.rule == .effectWithoutChoice }
            guard let effect = words.firstIndex(of: "enact") else { return isRefused }
            // What can be performed after the last choice before the effect can reach it unchosen.
            let choice = words[..<effect].lastIndex(of: "choose")
            if choice == nil || choice != effect - 1 { return !isRefused }
            return isRefused && words == words.sorted { order($0) < order($1) }
        }
        #expect(wrong.isEmpty, "\(wrong.map { $0.map(\.word) })")
    }

    private func order(_ word: String) -> Int { stages.firstIndex { $0.word == word } ?? 0 }

    @Test func `the loops of an architecture are told with their bounds and places`() {
        let roles = [role("p", .propose, tools: ["t"]), role("n", .enact)]
        let loops = Architecture(name: "a", roles: roles, flow: stages).loops
        let told = loops.map { "\($0.what) \($0.most) \(Finding(.noBound, $0.path, "", hint: "").place)" }
        #expect(
            told == [
                "rounds of critique 2 flow[1].critique.rounds",
                "episodes one after another 9 flow[4].iterate.at-most",
                "times that work is sent back 1 flow[5].choose.returns",
                "revisions sent back to be revised 3 flow[7].update.at-most", "steps of one plan 40 flow[6].enact",
                "revisions of a plan 3 flow[7].update.at-most", "proposals side by side 2 flow[0].propose.count",
                "evaluations side by side 2 flow[2].evaluate.roles", "questions answered 5 flow[5].choose",
                "repairs by p 2 roles.p.repairs", "calls in one performance of p 12 roles.p.budget.calls",
            ]
        )
    }

    @Test func `untrusted text is followed from role to role by what they read`() {
        let architecture = Architecture(
            name: "a",
            roles: [
                role("teller", .explain, [.brief, .proposals]),
                role("writer", .propose, [.brief], tools: ["files.read"]),
                role("judge", .evaluate, [.brief, .proposal]), role("deaf", .evaluate, [.brief]),
                role("critic", .critique, [.evaluations]), role("namer", .propose, [.tree]),
            ],
            flow: []
        )
        let ways = InformationFlow.untrusted(in: architecture).ways
        #expect(ways["judge"]?.words == "files.read → writer → judge")
        #expect(ways["teller"]?.words == "files.read → writer → teller")
        #expect(ways["critic"]?.words == "files.read → writer → judge → critic")
        #expect(ways["namer"]?.words == "workspace.tree → namer")
        #expect(ways["deaf"] == nil)
    }

    @Test func `the architecture of a circle of readers comes to an end`() {
        let roles = [
            role("a", .propose, [.proposal, .critique]), role("b", .critique, [.proposal]),
            role("c", .update, [.proposal, .tree]),
        ]
        let ways = InformationFlow.untrusted(in: Architecture(name: "a", roles: roles, flow: [])).ways
        #expect(ways.keys.sorted() == ["a", "b", "c"])
    }
}
