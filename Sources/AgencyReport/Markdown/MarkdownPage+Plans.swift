// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension MarkdownPage {
    /// Every try of every step.
    var steps: [String] {
        let score = account.brier.map { "Mean Brier score \($0.mean.brierText) of \($0.count.counted("forecast"))." }
        let all = state.enactment.trials.flatMap { trial -> [String] in
            [
                "### \(trial.mark) \(words(trial.step.id.rawValue)), try \(trial.attempt): \(words(trial.step.intent))",
                "",
            ]
                + ["\(UTC.text(milliseconds: trial.atMilliseconds)), \(words(trial.facts))", ""]
                + effects(trial) + settlements(trial) + fate(trial) + [""]
        }
        return ["## Steps, forecasts and outcomes", ""]
            + (all.isEmpty ? ["Nothing has been enacted."] : (score.map { [$0, ""] } ?? []) + all)
    }

    private func effects(_ trial: StepTrial) -> [String] {
        let lines = trial.effectLines(in: state).map { "- \(words($0.lead)) \(words($0.text))" }
        return lines.isEmpty ? [] : lines + [""]
    }

    private func settlements(_ trial: StepTrial) -> [String] {
        guard !trial.settlements.isEmpty else { return [] }
        let rows = trial.settlements.map { one in
            [
                words(one.statement), one.probability.percent, "\(one.mark) \(one.outcomeWords)", words(one.expected),
                words(one.observedText), one.brierScore?.brierText ?? "not determined",
            ]
        }
        return table(["forecast", "given", "outcome", "expected", "observed", "Brier"], right: [1, 5], rows) + [""]
    }

    private func fate(_ trial: StepTrial) -> [String] {
        if let reverted = trial.reverted {
            let by = reverted.person.map { " by \(words($0))" } ?? ""
            let checkpoint = code(reverted.checkpoint)
            return ["**↩ Reverted** (\(reverted.reason.title)) to \(checkpoint)\(by): \(words(reverted.note))"]
        }
        if let halt = trial.halt { return ["**✗ Halted**: \(words(halt))"] }
        return trial.checkpoint.map { ["Kept as checkpoint \(code($0))."] } ?? [trial.fate]
    }

    /// How each revised plan differs from the one that it was made from.
    var changes: [String] {
        let all = account.revisions.flatMap { revision in
            block(DiffText(from: revision.old, to: revision.new), language: "diff")
        }
        return ["## Changes of revised plans", ""] + (all.isEmpty ? ["No plan was revised."] : all)
    }

    /// Every plan in full.
    var plans: [String] {
        let all = account.proposals.flatMap { block(PlanText($0), language: "text") }
        return ["## Plans in full", ""] + (all.isEmpty ? ["There are none yet."] : all)
    }

    private func block(_ block: some TextBlock, language: String) -> [String] {
        let lines = block.text(width: 100).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return Escape.markdownBlock(lines, language: language) + [""]
    }
}
