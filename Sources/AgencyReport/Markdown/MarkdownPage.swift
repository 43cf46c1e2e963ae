// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// The report as Markdown, part by part.
struct MarkdownPage {
    let account: RunAccount
    var state: RunState { account.state }

    /// The whole document.
    var text: String {
        let parts = [
            head, attention, goals, probes, options, choices, steps, changes, plans, costs, time, record,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: [""]).joined(separator: "\n") + "\n"
    }

    /// Text that others wrote, as text.
    func words(_ text: String) -> String { Escape.markdown(text) }
    /// A name or a value, as code.
    func code(_ text: String) -> String { Escape.markdownCode(text) }

    /// A table; cells are ready to be written.
    func table(_ head: [String], right: Set<Int> = [], _ rows: [[String]]) -> [String] {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
        let rule = head.indices.map { right.contains($0) ? "---:" : "---" }
        return [line(head), line(rule)] + rows.map(line)
    }

    private var head: [String] {
        ["# " + words(account.title), "", "**\(words(state.outcomeSentence))**", ""]
            + account.facts.map { "- \($0.name): \(words($0.value))" } + ["- Run: \(code(state.run.rawValue))"]
    }

    private var attention: [String] {
        let notices = account.notices.map { notice in
            "- \(notice.weight.sign) **\(words(notice.kind))** (\(words(notice.place))): \(words(notice.text))"
        }
        return ["## What needs attention", ""] + (notices.isEmpty ? ["Nothing."] : notices)
    }

    private var goals: [String] {
        let rows = state.goalRows.flatMap { row -> [String] in
            let indent = String(repeating: "  ", count: row.depth)
            let mark = GoalMark(state.isReached(row.goal))
            let check = row.goal.check.map { ["\(indent)  - settled by \(code($0.words))"] } ?? []
            let seen = row.outcome.map { ["\(indent)  - observed \(code($0.observedText))"] } ?? []
            let want = words(row.goal.want)
            return ["\(indent)- \(mark.sign) \(mark.word): **\(words(row.goal.id.rawValue))** \(want)"] + check + seen
        }
        let constraints = (state.started?.brief.constraints ?? []).map { "- " + words($0) }
        return ["## Goals", ""] + (rows.isEmpty ? ["There are none."] : rows)
            + (constraints.isEmpty ? [] : ["", "What must hold whatever is done:", ""] + constraints)
    }

    private var choices: [String] {
        let all = state.choices.flatMap { standing -> [String] in
            let choice = standing.choice
            return [
                "- **\(words(choice.person + " " + choice.verdict.words))**, "
                    + "\(UTC.text(milliseconds: standing.atMilliseconds)), event \(standing.sequence)",
                "  - why: \(choice.reason.isEmpty ? "no reason was given" : words(choice.reason))",
                "  - identified by: \(words(choice.identifiedBy))",
                "  - shown: \(code(choice.shown.hex))",
                "  - lapses: \(UTC.text(milliseconds: choice.expiresAtMilliseconds))",
            ]
        }
        let others = account.interventions.map { recorded in
            "- \(UTC.text(milliseconds: recorded.atMilliseconds)), event \(recorded.sequence): "
                + "\(words(recorded.event.title)): \(words(recorded.event.line))"
        }
        return ["## Choices", ""] + (all.isEmpty ? ["No choice has been made."] : all)
            + (others.isEmpty ? [] : ["", "What people did besides:", ""] + others)
    }

    private var costs: [String] {
        let rows = (account.costs.rows + [account.costs.total]).map { row in
            [
                words(row.role), words(row.performer) + (row.isRecorded ? " (recorded answers)" : ""), row.episodesText,
                row.tokensText, row.usage.money.description.replacing("$", with: "\\$"),
                row.milliseconds.millisecondsText,
            ]
        }
        let head = ["role", "performer", "episodes", "tokens", "money", "time"]
        return ["## Costs", ""] + table(head, right: [2, 3, 4, 5], rows) + bounds
    }

    private var record: [String] {
        let rows = account.events.map { recorded in
            [
                String(recorded.sequence), UTC.text(milliseconds: recorded.atMilliseconds), code(recorded.event.type),
                words(recorded.event.line.cut(to: 160)),
            ]
        }
        return ["## Record", "", words(account.verification ?? "The ledger was not verified for this report."), ""]
            + account.digests.map { "- \(words($0.name)): \(code($0.value.hex))" } + [""]
            + table(["#", "time", "event", "what"], right: [0], rows)
    }
}
