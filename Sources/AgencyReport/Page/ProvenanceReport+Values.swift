// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension ProvenanceReport {
    /// The names of the arguments of a try of a step, in order.
    ///
    /// - Parameter trial: Its place among all tries.
    /// - Returns: The ways to them, as policies write them.
    package func arguments(of trial: Int) -> [String] {
        values.tries.indices.contains(trial) ? values.tries[trial].map(\.path) : []
    }

    /// Where a value comes from with which a step was tried, and what is known of who could have written it.
    ///
    /// - Parameters:
    ///   - argument: The way to the value, one of ``arguments(of:)``.
    ///   - trial: The place of the try among all tries.
    /// - Returns: A list within lists; nothing where there is no such value.
    package func origin(ofArgument argument: String, inTry trial: Int) -> Markup {
        var tree = OriginTree()
        return origin(ofArgument: argument, inTry: trial, &tree)
    }

    /// Where all values come from with which a step was tried; what several have in common is followed once.
    package func origins(ofTry trial: Int) -> Markup {
        var tree = OriginTree()
        var pieces: [Markup] = []
        for argument in arguments(of: trial) { pieces.append(origin(ofArgument: argument, inTry: trial, &tree)) }
        return Markup(joining: pieces)
    }

    private func origin(ofArgument argument: String, inTry trial: Int, _ tree: inout OriginTree) -> Markup {
        guard values.tries.indices.contains(trial), state.enactment.trials.indices.contains(trial),
            let one = values.tries[trial].first(where: { $0.path == argument })
        else { return .empty }
        let step = state.enactment.trials[trial].step
        return tag("div", "origin") {
            tag("p") {
                tag("code") { one.path }
                " = "
                tag("code") { one.value?.compactText.cut(to: 200) ?? "not filled" }
                if let label = one.label { tag("span", "soft") { " · " + label.words } }
            }
            if let derivation = one.derivation {
                tag("ul", "origin") { item(derivation, of: step, &tree) }
            } else {
                tag("p", "soft") { "Nobody has said where it comes from." }
            }
        }
    }

    private func item(_ derivation: Derivation, of step: Step, _ tree: inout OriginTree) -> Markup {
        tree.lines += 1
        guard tree.lines < Self.mostLines, tree.depth < 12 else { return tag("li", "soft") { "… and further back" } }
        tree.depth += 1
        defer { tree.depth -= 1 }
        switch derivation {
        case .brief:
            return tag("li") {
                "It stands in the brief "
                if let started = state.started { maker(.person(started.person, sequence: 0)) }
            }
        case .model(_, let reads):
            return tag("li") {
                "It was written into the plan"
                if let author = author(of: step) {
                    " of "
                    tag("code") { author.rawValue }
                    list(lineage.option(author, in: state), &tree)
                }
                if !reads.isEmpty, author(of: step) == nil { inner(reads, of: step, &tree) }
            }
        case .result(let name, let field, let shape):
            return tag("li") {
                "It is copied from \(result(name)), field "
                tag("code") { field.description.isEmpty ? "(all)" : field.description }
                if let shape {
                    ", as "
                    tag("code") { shape.json.compactText.cut(to: 200) }
                }
                if let trial = values.results[name] { shown(trial, &tree) }
            }
        case .extract(let parts, _):
            return tag("li") {
                "It is read by a model from"
                inner(parts, of: step, &tree)
            }
        case .parts(let parts):
            return tag("li") {
                "It is put together from"
                inner(parts, of: step, &tree)
            }
        }
    }

    private func inner(_ derivations: [Derivation], of step: Step, _ tree: inout OriginTree) -> Markup {
        var items: [Markup] = []
        for one in derivations { items.append(item(one, of: step, &tree)) }
        return .list(items)
    }

    private func result(_ name: ResultID) -> String {
        guard let trial = values.results[name] else { return "what had been read before the plan" }
        let step = state.enactment.trials[trial].step
        return "what step \(step.id) (\(step.action.tool)) showed"
    }

    /// What a step showed comes from its tool, and from what that was given.
    private func shown(_ trial: Int, _ tree: inout OriginTree) -> Markup {
        var items: [Markup] = []
        for argument in arguments(of: trial) {
            items.append(tag("li") { origin(ofArgument: argument, inTry: trial, &tree) })
        }
        return .list(items)
    }

    /// The first option whose plan has a step with this action.
    private func author(of step: Step) -> ProposalID? {
        let given = step.action.arguments.object ?? [:]
        return state.proposals.values.filter { proposal in
            guard let planned = proposal.plan.step(step.id), planned.action.tool == step.action.tool else {
                return false
            }
            // What fills a hole was not in the plan.
            return (planned.action.arguments.object ?? [:]).allSatisfy { given[$0.key] == $0.value }
        }.map(\.id).min()
    }
}
