// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension ProvenanceReport {
    /// Who made something, and below each what they had read.
    func list(_ input: Lineage.Input, _ tree: inout OriginTree) -> Markup {
        guard !input.makers.isEmpty else { return tag("span", "soft") { "(the record does not say who wrote it)" } }
        var items: [Markup] = []
        for one in input.makers.reversed() {
            guard tree.lines < Self.mostLines else {
                items.append(tag("li", "soft") { "… and further back; the episodes tell the rest" })
                break
            }
            tree.lines += 1
            items.append(item(one, &tree))
        }
        return tag("ul", "origin") { Markup(joining: items) }
    }

    private func item(_ one: Lineage.Maker, _ tree: inout OriginTree) -> Markup {
        let isNew = tree.seen.insert(one).inserted
        let before = read(by: one)
        let line = maker(one)
        guard !before.isEmpty else { return tag("li") { line } }
        guard isNew else {
            return tag("li") {
                if case .episode(let id) = one { "by \(id)" } else { line }
                tag("span", "soft") { " (followed above)" }
            }
        }
        tree.depth += 1
        defer { tree.depth -= 1 }
        guard tree.depth < 12 else {
            return tag("li") {
                line
                tag("span", "soft") { ", and further back" }
            }
        }
        return tag("li") {
            line
            tag("span", "soft") { ", having read" }
            given(before, &tree)
        }
    }

    /// What an episode was given: what comes from people and from outside in one line, what others wrote each with theirs.
    private func given(_ inputs: [Lineage.Input], _ tree: inout OriginTree) -> Markup {
        let leaves = inputs.filter { $0.makers.allSatisfy { read(by: $0).isEmpty } }
        var items: [Markup] = []
        if !leaves.isEmpty {
            tree.lines += 1
            let pieces = leaves.enumerated().map { index, input in
                Markup(joining: [
                    Markup(text: index > 0 ? "; " : ""), tag("code") { input.label }, Markup(text: " "),
                    input.makers.isEmpty
                        ? Markup(text: "of which the record does not say who wrote it")
                        : Markup(
                            joining: input.makers.enumerated().map { place, one in
                                Markup(joining: [Markup(text: place > 0 ? ", then " : ""), maker(one)])
                            }
                        ),
                ])
            }
            items.append(tag("li") { Markup(joining: pieces) })
        }
        for input in inputs where !leaves.contains(input) && tree.lines < Self.mostLines {
            tree.lines += 1
            items.append(
                tag("li") {
                    tag("code") { input.label }
                    " "
                    list(input, &tree)
                }
            )
        }
        return .list(items)
    }

    func read(by maker: Lineage.Maker) -> [Lineage.Input] {
        switch maker {
        case .episode(let id): lineage.inputs[id] ?? []
        case .comparison(let new, let old):
            [new, old].map { lineage.option($0, in: state) }
        case .person, .workspace, .declaration, .steps: []
        }
    }

    /// Who or what something comes from, in a line.
    func maker(_ maker: Lineage.Maker) -> Markup {
        switch maker {
        case .person(let name, let sequence): Markup(text: "by \(name), event \(sequence)")
        case .workspace:
            Markup(
                text:
                    "from the workspace \(state.started?.workspace ?? "") as it stood; whoever writes files there wrote it"
            )
        case .declaration: Markup(text: "declared when the run was started")
        case .comparison(let new, let old): Markup(text: "computed: \(new) compared with \(old)")
        case .steps(let steps): Markup(text: "shown when \(steps.map(\.rawValue).inWords) were enacted")
        case .episode(let id): episode(id)
        }
    }

    private func episode(_ id: EpisodeID) -> Markup {
        guard let record = state.episodes[id] else {
            return Markup(text: "by episode \(id), of which nothing is known")
        }
        let tools = state.architecture?.role(record.order.role)?.tools ?? []
        let looked = tools.isEmpty ? "" : ", who could look with \(tools.map(\.rawValue).inWords)"
        return Markup(joining: [
            Markup(text: "by "), tag("a", with: [("href", link(id))]) { id.rawValue },
            Markup(text: ", \(record.order.role) played by \(record.performer)\(looked)"),
            ways?.ways[record.order.role].map { way in
                tag("span", "caution") { " · untrusted text can have reached it: \(way.words)" }
            } ?? .empty,
        ])
    }

    /// Who could have written an input of an episode, as far back as it is known, in words, and whether
    /// only people, declarations and performers that nothing else had reached could.
    func writers(of input: Lineage.Input?) -> (words: String, isTrusted: Bool) {
        guard let input, !input.makers.isEmpty else { return ("The events do not say who wrote it.", false) }
        let ways = input.makers.flatMap { untrusted($0, input.label) }.withoutRepetition
        guard ways.isEmpty else {
            return ("Anyone could have written some of it: \(ways.joined(separator: "; ")).", false)
        }
        let isPersons = input.makers.allSatisfy { if case .episode = $0 { false } else { true } }
        let words =
            isPersons
            ? "Written by a person, or declared when the run was started."
            : "Written by a performer whom only people and declarations had reached."
        return (words, true)
    }

    /// The ways on which untrusted text can have come into something, in words.
    private func untrusted(_ maker: Lineage.Maker, _ label: String) -> [String] {
        switch maker {
        case .episode(let id):
            state.episodes[id].flatMap { ways?.ways[$0.order.role]?.words }.map { [$0] } ?? []
        case .comparison(let new, let old):
            [new, old].flatMap { option in
                lineage.option(option, in: state).makers.flatMap { untrusted($0, "proposal/\(option)") }
            }
        case .workspace, .steps: [label]
        case .person, .declaration: []
        }
    }
}
