// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What was enacted: every try of every step, its forecasts against what was observed, and what was undone.
public struct StepsText: TextBlock {
    private let state: RunState
    private let step: StepID?

    /// Shows the enactment of a run.
    ///
    /// - Parameters:
    ///   - state: The run.
    ///   - step: The one step to show; all are shown without.
    public init(_ state: RunState, only step: StepID? = nil) {
        self.state = state
        self.step = step
    }

    private var trials: [StepTrial] { state.enactment.trials.filter { step == nil || $0.step.id == step } }

    /// Lays the steps out.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        page.heading(step.map { "Step \($0)" } ?? "Steps", note: note)
        if trials.isEmpty { page.paragraph("Nothing has been enacted.", tone: .quiet) }
        for trial in trials {
            page.blank()
            write(trial, on: &page)
        }
        return page.text
    }

    private var note: String {
        let tries = trials.count
        let kept = state.enactment.done.count { step == nil || $0.step.id == step }
        let standing = "\(kept) of \(tries.counted("try", "tries")) kept"
        let scores = trials.flatMap { $0.settlements.compactMap(\.brierScore) }.filter(\.isFinite)
        guard !scores.isEmpty else { return standing }
        let mean = (scores.reduce(0, +) / Double(scores.count)).brierText
        return "\(standing) · mean Brier score \(mean) of \(scores.count.counted("forecast")), 0 is perfect"
    }

    private func write(_ trial: StepTrial, on page: inout TextPage) {
        let attempt = trial.attempt > 1 ? ", try \(trial.attempt)" : ""
        page.paragraph(
            trial.step.intent,
            indent: 0,
            lead: "\(trial.mark) \(trial.step.id)\(attempt)  ",
            leadTone: trial.tone
        )
        page.paragraph("\(UTC.text(milliseconds: trial.atMilliseconds)) · \(trial.facts)", indent: 4, tone: .quiet)
        for line in trial.effectLines(in: state) {
            page.paragraph(line.text, indent: 4, lead: line.lead + " ", leadTone: line.tone)
        }
        for settlement in trial.settlements {
            page.paragraph(
                settlement.statement,
                indent: 4,
                lead: "\(settlement.mark) \(settlement.probability.percent.aligned(to: 6))  ",
                leadTone: settlement.tone
            )
            let score = settlement.brierScore.map { " · Brier \($0.brierText)" } ?? " · not determined"
            page.paragraph(
                "expected \(settlement.expected), observed \(settlement.observedText)\(score)",
                indent: 14,
                tone: .quiet
            )
        }
        if let result = trial.result, !result.isSuccess, !result.output.isEmpty {
            page.paragraph(result.output.cut(to: 600), indent: 4, lead: "output: ", tone: .quiet)
        }
        if let reverted = trial.reverted {
            let lead = "↩ undone (\(reverted.reason.title)): "
            page.paragraph(reverted.note, indent: 4, lead: lead, leadTone: .bad)
            page.paragraph("back to checkpoint \(reverted.checkpoint)", indent: 6, tone: .quiet)
        } else if let checkpoint = trial.checkpoint {
            page.paragraph("kept as checkpoint \(checkpoint)", indent: 4, tone: .quiet)
        }
    }
}

extension StepTrial {
    /// A shape that tells the fates of tries apart without colour.
    var mark: String {
        if reverted != nil { return "↩" }
        if effectState == .unknown { return "?" }
        if halt != nil { return "✗" }
        return checkpoint == nil ? "…" : "✓"
    }

    /// Status, time taken and files, in a line.
    var facts: String {
        let shown =
            result.map { "exit status \($0.status) after \($0.milliseconds.millisecondsText)" } ?? "not observed"
        let files = changed.isEmpty ? "no file changed" : "changed \(changed.inWords)"
        return "\(step.action.tool) · \(shown) · \(files)"
    }
}

extension Settlement {
    /// A shape that tells the outcomes apart without colour.
    var mark: String { outcome.map { $0 ? "✓" : "✗" } ?? "?" }

    var tone: TextStyle.Tone { outcome.map { $0 ? .good : .bad } ?? .caution }

    /// What was seen, cut to a readable length.
    var observedText: String { observed.trimmingWhitespace.isEmpty ? "nothing" : observed.cut(to: 400) }

    /// The outcome in words.
    var outcomeWords: String { outcome.map { $0 ? "true" : "false" } ?? "could not be settled" }
}
