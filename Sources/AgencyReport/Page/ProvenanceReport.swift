// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

package import AgencyCore
import AgencySchema

/// Where a claim or a value comes from: what was quoted, who wrote that, what they had read, back to people and files.
///
/// It is a list within lists rather than a picture: what matters are the words, and on a narrow screen they can be read.
package struct ProvenanceReport: Sendable {
    let state: RunState
    let lineage: Lineage
    let values: ValueOrigins
    private let ways: InformationFlow?

    /// Prepares to follow claims and values of a run.
    ///
    /// - Parameters:
    ///   - state: The run.
    ///   - events: Its events, in order; without them it is not known who wrote what.
    package init(state: RunState, events: [RecordedEvent]) {
        self.state = state
        lineage = Lineage(state, events: events)
        values = ValueOrigins(state)
        ways = state.architecture.map { .untrusted(in: $0) }
    }

    /// The most lines that one claim or value is followed over.
    static let mostLines = 60

    /// Where a claim comes from.
    ///
    /// - Parameters:
    ///   - claim: The claim.
    ///   - explanation: The account that makes it.
    /// - Returns: A list within lists.
    package func origin(of claim: Claim, in explanation: Explanation) -> Markup {
        var tree = OriginTree()
        let author = lineage.author(of: explanation)
        let read = author.flatMap { lineage.inputs[$0] } ?? []
        return tag("ul", "origin") {
            tag("li") {
                "claimed "
                author.map { maker(.episode($0)) } ?? Markup(text: "by an episode that the events do not tell")
            }
            for citation in claim.citations {
                tag("li") {
                    toned(citation.found ? .good : .caution, citation.found ? "✓ quotes" : "? does not quote")
                    " "
                    tag("code") { citation.record }
                    ": “\(citation.quote.cut(to: 400))” "
                    if let input = read.first(where: { $0.label == citation.record }) {
                        list(input, &tree)
                    } else {
                        tag("span", "soft") { "(not among what the episode had read)" }
                    }
                }
            }
            if claim.citations.isEmpty {
                tag("li") {
                    "It quotes nothing, so that it rests on that episode alone, which had read "
                    read.isEmpty ? "nothing that is known" : read.map(\.label).inWords
                    "."
                }
            }
        }
    }

    /// Where an option comes from.
    package func origin(of proposal: ProposalID) -> Markup {
        var tree = OriginTree()
        return list(lineage.option(proposal, in: state), &tree)
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

    /// What an episode was given, by the labels by which it is quoted, in order.
    package func inputs(of episode: EpisodeID) -> [String] { (lineage.inputs[episode] ?? []).map(\.label) }

    // MARK: - Makers

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

    private func read(by maker: Lineage.Maker) -> [Lineage.Input] {
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
            Markup(text: "by "), tag("a", with: [("href", "#episode-" + id.rawValue)]) { id.rawValue },
            Markup(text: ", \(record.order.role) played by \(record.performer)\(looked)"),
            ways?.ways[record.order.role].map { way in
                tag("span", "caution") { " · untrusted text can have reached it: \(way.words)" }
            } ?? .empty,
        ])
    }

    private func toned(_ tone: TextStyle.Tone, _ text: String) -> Markup {
        tag("span", with: [("class", tone.name)]) { text }
    }
}

/// What was told already of where something comes from.
struct OriginTree {
    var seen: Set<Lineage.Maker> = []
    var lines = 0
    var depth = 0
}

extension Markup {
    /// A list of items, each of them made already.
    static func list(_ items: [Markup]) -> Markup { tag("ul", "origin") { Markup(joining: items) } }
}
