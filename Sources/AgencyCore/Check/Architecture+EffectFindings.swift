// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Architecture {
    /// Effects that no choice dominates, and what acts without saying how.
    func effectFindings(_ graph: FlowGraph, tools: [ToolManifest]?) -> [Finding] {
        var findings: [Finding] = []
        for effect in graph.all(.stage("enact")) {
            if let finding = unchosen(effect, graph) { findings.append(finding) }
            findings += undeclared(effect, graph, tools ?? [])
        }
        let readable = InformationFlow.private(in: self, tools: tools ?? [])
        for role in roles where role.kind != .enact {
            findings += reaching(role, tools ?? [], readable: readable.ways[role.name])
        }
        return findings
    }

    /// Whether every path to an effect leads through a choice, from the beginning and from every episode before it.
    ///
    /// From the beginning alone would not do: the choice of the first plan must not pass for one of the revised plan.
    private func unchosen(_ effect: Int, _ graph: FlowGraph) -> Finding? {
        let choices = Set(graph.all(.stage("choose")))
        let roots = [FlowGraph.start] + graph.nodes.indices.filter { graph.nodes[$0].kind.performs }
        guard let root = graph.root(among: roots, reaching: effect, past: choices) else { return nil }
        let path = Array(graph.nodes[effect].path.dropLast())
        guard !choices.isEmpty, let way = graph.path(from: root, to: effect, avoiding: choices) else {
            let message = "no effect without a choice: nothing is chosen before enact"
            return Finding(.effectWithoutChoice, path, message, hint: "put - choose: {by: person} before it")
        }
        let message = "no effect without a choice: none is made on the way \(graph.words(way))"
        let hint = "put a choose stage where every way to enact passes it"
        return Finding(.effectWithoutChoice, path, message, hint: hint)
    }

    /// Tools that steps may use, and that do not say of which class their effects are.
    private func undeclared(_ effect: Int, _ graph: FlowGraph, _ tools: [ToolManifest]) -> [Finding] {
        let silent = tools.filter { $0.acts && $0.repeatability == nil }.map(\.name.rawValue)
        guard !silent.isEmpty else { return [] }
        let list = silent.joined(separator: ", ")
        let message = "tools that act declare no class of effects and are taken for blind: \(list)"
        let hint = "declare pure, transactional, keyed, probeable or blind in the manifest of each"
        return [Finding(.undeclaredEffects, graph.nodes[effect].path, message, hint: hint, about: list)]
    }

    /// Tools of an episode that look, as they say, and reach outside; which roles could send what they read is worse.
    private func reaching(_ role: Role, _ tools: [ToolManifest], readable: InformationFlow.Way?) -> [Finding] {
        role.tools.enumerated().compactMap { index, name in
            guard let tool = tools.first(where: { $0.name == name }), tool.effect == .read, tool.reachesOut else {
                return nil
            }
            let path: [Finding.Part] = ["roles", .name(role.name.rawValue), "tools", .index(index)]
            let classes = tool.repeatability?.effects.rawValue ?? ""
            guard let readable else {
                let message = "“\(name)” is said to look only, and its effects are \(classes): it reaches outside"
                let hint = "leave it out, or have a step use it: then a person chooses it"
                return Finding(.reachingEpisode, path, message, hint: hint, about: name.rawValue)
            }
            let message = "“\(role.name)” can send what it reads through “\(name)”: \(readable.words) → \(name)"
            let hint = "give reading and asking outside to two roles, or have a step use \(name)"
            return Finding(.readsAndSends, path, message, hint: hint, about: name.rawValue)
        }
    }
}
