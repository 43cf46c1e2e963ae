// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Architecture {
    /// Plans that reach enactment unjudged; worse where untrusted text flows into them.
    func evaluationFindings(_ graph: FlowGraph, _ untrusted: InformationFlow) -> [Finding] {
        let judges = graph.all(.stage("evaluate"))
        let writers = graph.nodes.indices.filter { graph.nodes[$0].kind.writesPlans }
        return graph.all(.stage("enact")).compactMap { effect in
            guard graph.root(among: [FlowGraph.start] + writers, reaching: effect, past: judges) != nil else {
                return nil
            }
            let hint = "put an evaluate stage before choose, with a role that did not write the plan"
            let planners = roles.filter { $0.kind == .propose || $0.kind == .update }
            guard let way = planners.lazy.compactMap({ untrusted.ways[$0.name] }).first else {
                let message = "what is enacted has been evaluated by nobody"
                return Finding(.nobodyEvaluates, graph.nodes[effect].path, message, hint: hint)
            }
            let message = "untrusted text reaches the plan (\(way.words)), and nobody evaluates it before it is enacted"
            return Finding(.untrustedPlan, graph.nodes[effect].path, message, hint: hint)
        }
    }

    /// What must not come together in one role.
    func combinationFindings(
        _ untrusted: InformationFlow,
        tools: [ToolManifest]?,
        profiles: [Profile]?
    ) -> [Finding] {
        var findings: [Finding] = []
        for role in roles {
            let profile = profiles?.first { $0.name == role.performer }
            guard let way = untrusted.ways[role.name], profile?.provider == .program else { continue }
            findings.append(
                Finding(
                    .uncontainedReader,
                    ["roles", .name(role.name.rawValue), "performer"],
                    "“\(role.name)” is performed by a program outside the sandbox, and is given untrusted text: \(way.words)",
                    hint: "use a program that only answers, or keep that input from it",
                    about: profile?.name.rawValue ?? ""
                )
            )
        }
        return findings + sharedPrograms(profiles ?? []) + stateFindings
    }

    /// Programs that stay, and perform more than one role.
    private func sharedPrograms(_ profiles: [Profile]) -> [Finding] {
        profiles.filter { $0.provider == .program && $0.lifetime == .resident }.compactMap { profile in
            let players = roles.filter { $0.performer == profile.name }.map(\.name.rawValue)
            guard players.count > 1 else { return nil }
            let list = players.joined(separator: ", ")
            return Finding(
                .sharedProgram,
                ["profiles", .name(profile.name.rawValue)],
                "“\(profile.name)” stays from episode to episode and performs several roles: \(list)",
                hint:
                    "give each role a profile of its own, or leave lifetime out: then it is started anew for each turn",
                about: list,
                in: .profiles
            )
        }
    }

    /// What the episodes of a long work hand on.
    private var stateFindings: [Finding] {
        var findings: [Finding] = []
        for case .iterate(let name, _) in flow {
            guard let role = role(name), role.kind == .advance else { continue }
            let path: [Finding.Part] = ["roles", .name(name.rawValue)]
            guard let state = role.state else {
                let message = "the state that “\(name)” hands on may be anything"
                let hint = "give the role a state: the JSON Schema of what one episode hands to the next"
                findings.append(Finding(.shapelessState, path, message, hint: hint))
                continue
            }
            guard let place = state.freeText else { continue }
            let what = place.isEmpty ? "any text" : "free text at \(place)"
            let message = "the state that “\(name)” hands from episode to episode can hold \(what)"
            let hint =
                "bound it: numbers, enum, a maxLength of at most \(JSONSchema.shortText), additionalProperties: false"
            findings.append(Finding(.freeTextState, path + ["state"], message, hint: hint, about: place))
        }
        return findings
    }
}
