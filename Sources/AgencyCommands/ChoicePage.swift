// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime

/// What is put before the person at a choice: why enactment halted, the options, and how a changed one differs.
enum ChoicePage {
    static func text(_ state: RunState) -> String {
        var parts: [String] = []
        if let halt = state.halt {
            let place = halt.step.map { "at step \($0)" } ?? "after the last step"
            parts.append(Terminal.paint("Enactment halted \(place): ", .red) + Escape.terminal(halt.why))
        }
        for option in state.options {
            guard let asks = option.asks else { continue }
            let judged = "\nIt was \(option.judgedInWords(in: state))."
            parts.append(Terminal.paint("Asked before it goes on: ", .yellow) + Escape.terminal(asks) + judged)
        }
        // What was chosen before is known: the difference to it comes first.
        let chosen = Set(state.choices.map(\.choice.verdict))
        var others: [String] = []
        for option in state.options {
            guard let parent = option.parent.flatMap({ state.proposals[$0] }) else { continue }
            let difference = Terminal.text(DiffText(from: parent, to: option))
            if chosen.contains(.option(parent.id)) { parts.append(difference) } else { others.append(difference) }
        }
        parts.append(Terminal.text(OptionsText(state)))
        if let warnings = warnings(state) { parts.append(warnings) }
        let leanings = Leanings(state)
        parts += state.options.compactMap { leaning($0, leanings) }
        parts += state.options.compactMap(holes)
        parts += others
        if let votes = votes(state) { parts.append(votes) }
        if let deadline = state.choiceDeadline {
            let words =
                "There is time to choose until \(EventText.time(deadline)); where nobody has by then, nothing is done."
            parts.append(Terminal.paint(words, .yellow))
        }
        return parts.joined(separator: "\n\n")
    }

    /// What an option decides by values that a role wrote after reading what anybody could have written.
    static func leaning(_ option: Proposal, _ leanings: Leanings) -> String? {
        leanings.inWords(option).map { places in
            let words =
                "\(option.id): chosen by a role that had read the workspace, and not named in the brief: \(places)"
            return Terminal.paint("› ", .dim) + Escape.terminal(words)
        }
    }

    /// What an option has read before it goes on, and asks about where that decides something.
    static func holes(_ option: Proposal) -> String? {
        option.holesInWords.map {
            Terminal.paint("› ", .dim) + Escape.terminal("\(option.id): filled with what is read by then: \($0)")
        }
    }

    /// Who has chosen already, where several persons have to.
    static func votes(_ state: RunState) -> String? {
        guard state.personsNeeded > 1 else { return nil }
        let made = state.votes.map { "\($0.choice.person) has chosen \(EventText.verdict($0.choice.verdict))" }
        let text = "\(state.personsNeeded) persons have to choose the same, each at a desk of their own"
        return Escape.terminal(([text] + made).joined(separator: "; "))
    }

    /// What the check of the architecture warned of, as far as it bears on the choice, and what is found in the plans.
    static func warnings(_ state: RunState) -> String? {
        let found = (state.started?.check?.findings ?? []).filter { entry in
            entry.severity >= .warning && Rule.named(entry.rule)?.showsAtChoice == true
        }
        var lines = found.map { Terminal.paint("! \($0.rule) ", .yellow) + Escape.terminal($0.message) }
        for option in state.options {
            for finding in option.plan.findings(tools: state.started?.tools ?? []) {
                let words = Terminal.paint("! \(finding.rule.id) ", .yellow)
                lines.append(words + Escape.terminal("\(option.id): \(finding.message)"))
            }
        }
        for text in state.hiddenTexts {
            let words = Terminal.paint("! hidden characters ", .yellow)
            lines.append(words + Escape.terminal("in \(text.place): \(text.summary)"))
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
