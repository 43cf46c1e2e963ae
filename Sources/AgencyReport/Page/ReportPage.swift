// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The page of a report, part by part.
struct ReportPage {
    let account: RunAccount
    var state: RunState { account.state }

    /// The whole document.
    var source: String {
        Document.source(
            title: account.title,
            Markup(joining: [
                header, tag("main") { content },
                tag("footer") { tag("p") { "Made from the record of run \(state.run) and nothing else." } },
            ])
        )
    }

    /// All parts, in order.
    var content: Markup {
        Markup(joining: [attention, goals, probes, options, choices, steps, changes, plans, costs, pictures, record])
    }

    /// What the page is about, and the way to its parts.
    var header: Markup {
        tag("header") {
            tag("p", "kicker") { "Report of run \(state.run)" }
            tag("h1") { account.title }
            tag("p", with: [("class", "outcome " + state.outcomeTone.name)]) { state.outcomeSentence }
            tag("dl", "facts") {
                for fact in account.facts {
                    tag("dt") { fact.name }
                    tag("dd") { fact.value }
                }
            }
            tag("nav") {
                for part in Self.parts { tag("a", with: [("href", "#" + part.id)]) { part.title } }
            }
        }
    }

    private static let parts: [(id: String, title: String)] = [
        ("attention", "Attention"), ("goals", "Goals"), ("options", "Options"), ("choices", "Choices"),
        ("steps", "Steps"), ("changes", "Changes"), ("plans", "Plans"), ("costs", "Costs"), ("pictures", "Pictures"),
        ("record", "Record"),
    ]

    /// Makes a part with its title.
    func part(_ id: String, _ title: String, note: String = "", @MarkupBuilder _ content: () -> Markup) -> Markup {
        tag("section", id: id) {
            tag("h2") { title }
            if !note.isEmpty { tag("p", "soft") { note } }
            content()
        }
    }

    /// Makes a word in a tone; its sign or word says the same without the colour.
    func toned(_ tone: TextStyle.Tone, _ text: String) -> Markup {
        tag("span", with: [("class", tone.name)]) { text }
    }

    /// Makes a digest, of which the first digits are shown unless it is to be whole.
    func digest(_ digest: Digest, isWhole: Bool = false) -> Markup {
        tag("code", "hash", title: digest.hex) { isWhole ? digest.hex : digest.short }
    }

    private var attention: Markup {
        part("attention", "What needs attention") {
            if account.notices.isEmpty {
                tag("p") { "Nothing: no dissent, no blocking objection, no surprise, no failed episode, no anomaly." }
            }
            let (open, folded) = sifted
            for notice in open { shown(notice) }
            if !folded.isEmpty {
                tag("details") {
                    tag("summary") { "And \(folded.count) more of these kinds" }
                    for notice in folded { shown(notice) }
                }
            }
        }
    }

    /// The notices that are open, and those that are to be asked for: very many dissents, or notes, bury nothing else.
    private var sifted: (open: [Notice], folded: [Notice]) {
        var counts: [String: Int] = [:]
        return account.notices.reduce(into: ([], [])) { parts, notice in
            let kind = notice.kind == "dissent" ? "dissent" : notice.weight == .note ? "note" : nil
            guard let kind, counts[kind, default: 0] >= 10 else {
                if let kind { counts[kind, default: 0] += 1 }
                return parts.open.append(notice)
            }
            parts.folded.append(notice)
        }
    }

    private func shown(_ notice: Notice) -> Markup {
        tag("div", with: [("class", "notice " + notice.weight.name)]) {
            tag("span", "sign") { notice.weight.sign }
            tag("div") {
                tag("p") {
                    tag("strong") { notice.kind.capitalizedFirst }
                    tag("span", "soft") { " · \(notice.place)" }
                }
                Markup.prose(notice.text)
            }
        }
    }

    private var goals: Markup {
        part("goals", "Goals") {
            if let brief = state.started?.brief {
                tree(state.goals)
                if !brief.constraints.isEmpty {
                    tag("h3") { "What must hold whatever is done" }
                    tag("ul") { for constraint in brief.constraints { tag("li") { constraint } } }
                }
            }
            if state.goals.isEmpty { tag("p") { "There are none." } }
        }
    }

    private func tree(_ goals: [Goal]) -> Markup {
        tag("ul", "tree") {
            for goal in goals {
                tag("li") {
                    goalLine(goal)
                    if !goal.goals.isEmpty { tree(goal.goals) }
                }
            }
        }
    }

    private func goalLine(_ goal: Goal) -> Markup {
        let mark = GoalMark(state.isReached(goal))
        let outcome = state.goalOutcomes.first { $0.goal == goal.id }?.settlement
        return Markup(joining: [
            toned(mark.tone, mark.sign + " " + mark.word), Markup(text: "  "), tag("strong") { goal.id.rawValue },
            Markup(text: " "), Markup(text: goal.want),
            goal.check.map { check in
                tag("details", "inline") {
                    tag("summary") { "how it is settled" }
                    tag("pre") { check.words }
                    if let outcome {
                        tag("p") { "Expected \(outcome.expected), observed \(outcome.observedText)." }
                    }
                }
            } ?? .empty,
        ])
    }
}

extension TextStyle.Tone {
    /// The class of elements in this tone.
    var name: String {
        switch self {
        case .heading: "heading"
        case .quiet: "quiet"
        case .good: "good"
        case .caution: "caution"
        case .bad: "bad"
        }
    }
}

extension Notice.Weight {
    var name: String {
        switch self {
        case .note: "note"
        case .caution: "caution"
        case .stop: "stop"
        }
    }

    /// A shape that tells the weights apart without colour.
    var sign: String {
        switch self {
        case .note: "·"
        case .caution: "▲"
        case .stop: "■"
        }
    }
}
