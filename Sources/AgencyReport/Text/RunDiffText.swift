// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// Two runs side by side: where they part, and what followed from it.
public struct RunDiffText: TextBlock {
    private let diff: RunDiff
    private let most = 16

    /// Compares two runs.
    public init(_ diff: RunDiff) { self.diff = diff }

    /// Lays the comparison out; A is the first run and B the second.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        page.heading("\(diff.left.run) and \(diff.right.run)", note: note)
        both(about(diff.left), about(diff.right), on: &page)
        parting(on: &page)
        guard diff.parting != nil else { return page.text }
        episodes(on: &page)
        scores(on: &page)
        choices(on: &page)
        plans(on: &page)
        if !diff.left.enactment.trials.isEmpty || !diff.right.enactment.trials.isEmpty {
            page.heading("Steps")
            both(fates(diff.left), fates(diff.right), on: &page)
        }
        page.heading("Outcome")
        both(
            diff.left.outcomeSentence,
            diff.right.outcomeSentence,
            tones: (diff.left.outcomeTone, diff.right.outcomeTone),
            on: &page
        )
        costs(on: &page)
        return page.text
    }

    private var note: String {
        guard let parting = diff.parting else { return "nothing differs in \(diff.shared.counted("event"))" }
        let place = parting.left?.sequence ?? parting.right?.sequence ?? 0
        return "\(diff.shared.counted("event")) alike; they part at event \(place)"
    }

    private func about(_ state: RunState) -> String {
        let origin = state.forks.last.map { ", forked from \($0.run) at event \($0.sequence)" } ?? ""
        return
            "\(state.run) · \(state.started?.brief.title.cut(to: 60) ?? "") · \(state.architecture?.name ?? "")\(origin)"
    }

    private func both(
        _ left: String,
        _ right: String,
        tones: (TextStyle.Tone, TextStyle.Tone)? = nil,
        on page: inout TextPage
    ) {
        page.paragraph(left, lead: "A  ", leadTone: tones?.0 ?? .quiet)
        page.paragraph(right, lead: "B  ", leadTone: tones?.1 ?? .quiet)
    }

    private func parting(on page: inout TextPage) {
        guard let parting = diff.parting else { return }
        let parts = parting.parts.isEmpty ? "" : "in: " + parting.parts.prefix(8).joined(separator: ", ")
        page.heading("First difference", note: parts)
        both(line(parting.left), line(parting.right), on: &page)
    }

    private func line(_ recorded: RecordedEvent?) -> String {
        guard let recorded else { return "nothing more" }
        return "event \(recorded.sequence), \(recorded.event.title): \(recorded.event.line)".cut(to: 400)
    }

    private func episodes(on page: inout TextPage) {
        let same = diff.episodes.count { $0.kind == .same }
        let different = diff.episodes.filter { $0.kind != .same }
        page.heading("Episodes", note: "\(same) alike, \(different.count) not")
        for one in different.prefix(most) {
            let (mark, tone, words): (String, TextStyle.Tone, String) =
                switch one.kind {
                case .same: ("=", .quiet, "the same")
                case .other: ("~", .caution, "\(outcome(one, diff.left)) / \(outcome(one, diff.right))")
                case .leftOnly: ("-", .bad, "only in A: \(outcome(one, diff.left))")
                case .rightOnly: ("+", .good, "only in B: \(outcome(one, diff.right))")
                }
            page.paragraph(words, lead: "\(mark) \(one.episode)  ", leadTone: tone, tone: .quiet)
        }
        if different.count > most { page.paragraph("… and \(different.count - most) more", tone: .quiet) }
    }

    private func outcome(_ one: RunDiff.EpisodeDifference, _ state: RunState) -> String {
        guard let record = state.episodes[one.episode] else { return "an output" }
        if case .failed(let code, _) = record.status { return "failed: \(code)" }
        return record.status == .completed ? "output by \(record.performer)" : "not over"
    }

    private func scores(on page: inout TextPage) {
        let different = diff.scores.filter { $0.left != $0.right }
        guard !different.isEmpty else { return }
        page.heading("Scores", note: "\(different.count) of \(diff.scores.count) differ")
        let name = max(20, min(48, page.width - 26))
        page.row([("", name, nil), ("A", 10, .quiet), ("B", 10, .quiet)])
        for score in different.prefix(most) {
            let what = "\(score.proposal) \(score.role): \(score.criterion ?? "probability")"
            page.row([(what, name, nil), (value(score.left, score), 10, nil), (value(score.right, score), 10, nil)])
        }
        if different.count > most { page.paragraph("… and \(different.count - most) more", tone: .quiet) }
    }

    private func value(_ value: Double?, _ score: RunDiff.ScoreDifference) -> String {
        value.map { score.criterion == nil ? $0.percent : $0.scoreText } ?? "—"
    }

    private func choices(on page: inout TextPage) {
        guard !diff.left.choices.isEmpty || !diff.right.choices.isEmpty else { return }
        page.heading("Choices")
        both(choices(diff.left), choices(diff.right), on: &page)
    }

    private func choices(_ state: RunState) -> String {
        let made = state.choices.map {
            "\($0.choice.person) \($0.choice.verdict.words): \($0.choice.reason.cut(to: 80))"
        }
        return made.isEmpty ? "none yet" : made.joined(separator: "; then ")
    }

    private func plans(on page: inout TextPage) {
        guard let left = diff.left.enactment.proposal.flatMap({ diff.left.proposals[$0] }),
            let right = diff.right.enactment.proposal.flatMap({ diff.right.proposals[$0] })
        else { return }
        let changes = StepChange.all(left.plan, right.plan)
        let count = changes.count { $0.word != "same" }
        let same = left.plan.digest == right.plan.digest
        page.heading(
            "Plan",
            note: "A \(left.id), B \(right.id): "
                + (same ? "the same plan" : count.counted("step differs", "steps differ"))
        )
        for change in changes where change.word != "same" {
            page.paragraph(
                change.step.intent.cut(to: 120),
                lead: "\(change.mark) \(change.step.id)  \(change.word)  ",
                leadTone: change.tone
            )
        }
    }

    private func fates(_ state: RunState) -> String {
        let fates = state.enactment.trials.map { "\($0.mark) \($0.step.id)" }
        return fates.isEmpty ? "nothing was enacted" : fates.joined(separator: "  ")
    }

    private func costs(on page: inout TextPage) {
        page.heading("Costs")
        func row(_ name: String, _ left: String, _ right: String) {
            page.row([(name, 28, .quiet), (left, 18, nil), (right, 18, nil)])
        }
        row("", "A", "B")
        row("episodes", diff.left.episodes.count.grouped, diff.right.episodes.count.grouped)
        row("tokens", diff.left.spent.tokens.grouped, diff.right.spent.tokens.grouped)
        row("money", "\(diff.left.spent.money)", "\(diff.right.spent.money)")
        row(
            "time performing",
            diff.left.spentMilliseconds.millisecondsText,
            diff.right.spentMilliseconds.millisecondsText
        )
        row("after they part: episodes", diff.after.left.episodes.grouped, diff.after.right.episodes.grouped)
        row("  tokens", diff.after.left.usage.tokens.grouped, diff.after.right.usage.tokens.grouped)
        row("  money", "\(diff.after.left.usage.money)", "\(diff.after.right.usage.money)")
    }
}
