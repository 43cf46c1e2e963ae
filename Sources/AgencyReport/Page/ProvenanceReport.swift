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
    let ways: InformationFlow?
    /// Where the name of an episode leads.
    let link: @Sendable (EpisodeID) -> String

    /// Where an episode is on the page of a report.
    package static let onPage: @Sendable (EpisodeID) -> String = { "#episode-" + $0.rawValue }

    /// Prepares to follow claims and values of a run.
    ///
    /// - Parameters:
    ///   - state: The run.
    ///   - events: Its events, in order; without them it is not known who wrote what.
    ///   - link: Where the name of an episode leads; to its line in a report unless given.
    package init(
        state: RunState,
        events: [RecordedEvent],
        link: @escaping @Sendable (EpisodeID) -> String = onPage
    ) {
        self.link = link
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

    private func toned(_ tone: TextStyle.Tone, _ text: String) -> Markup {
        tag("span", with: [("class", tone.name)]) { text }
    }

    /// Where an option comes from.
    package func origin(of proposal: ProposalID) -> Markup {
        var tree = OriginTree()
        return list(lineage.option(proposal, in: state), &tree)
    }

    /// What an episode was given, by the labels by which it is quoted, in order.
    package func inputs(of episode: EpisodeID) -> [String] { (lineage.inputs[episode] ?? []).map(\.label) }
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
