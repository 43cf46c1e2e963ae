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
        parts.append(Terminal.text(OptionsText(state)))
        if let warnings = warnings(state) { parts.append(warnings) }
        for option in state.options {
            guard let parent = option.parent.flatMap({ state.proposals[$0] }) else { continue }
            parts.append(Terminal.text(DiffText(from: parent, to: option)))
        }
        return parts.joined(separator: "\n\n")
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
