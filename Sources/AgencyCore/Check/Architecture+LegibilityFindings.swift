// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Architecture {
    /// Choices whose account is missing or does not say what it should.
    func legibilityFindings(_ graph: FlowGraph) -> [Finding] {
        graph.all(.stage("choose")).compactMap { unexplained($0, graph) } + accountFindings
    }

    private func unexplained(_ choice: Int, _ graph: FlowGraph) -> Finding? {
        let accounts = Set(graph.all(.stage("explain")))
        let roots = [FlowGraph.start] + graph.nodes.indices.filter { graph.nodes[$0].kind.writesPlans }
        guard let root = graph.root(among: roots, reaching: choice, past: accounts) else { return nil }
        guard !accounts.isEmpty, let way = graph.path(from: root, to: choice, avoiding: accounts) else {
            let message = "a person chooses, and nobody explains the options"
            let hint = "put - explain: {role: …} before choose"
            return Finding(.choiceWithoutExplanation, graph.nodes[choice].path, message, hint: hint)
        }
        let message = "a person chooses without an explanation on the way \(graph.words(way))"
        let hint = "a revised plan goes to the first evaluate stage, and without one straight to choose"
        return Finding(.choiceWithoutExplanation, graph.nodes[choice].path, message, hint: hint)
    }

    private var accountFindings: [Finding] {
        var findings: [Finding] = []
        let isEvaluated = flow.contains { $0.word == "evaluate" }
        for case .explain(let name) in flow {
            guard let role = role(name), role.kind == .explain else { continue }
            func miss(_ rule: Rule, _ message: String, _ input: Role.Input) {
                let path: [Finding.Part] = ["roles", .name(name.rawValue), "reads"]
                findings.append(Finding(rule, path, message, hint: "add \(input.rawValue) to reads"))
            }
            if isEvaluated, !role.reads.contains(.evaluations) {
                miss(.blindExplanation, "“\(name)” explains the options without their evaluations", .evaluations)
            }
            if isEvaluated, flow.contains(where: { $0.word == "update" }), !role.reads.contains(.changes) {
                miss(.unseenRevision, "“\(name)” explains revised plans without what was changed in them", .changes)
            }
        }
        return findings
    }
}
