// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// A run in about fifteen lines.
public struct StatusText: TextBlock {
    private let state: RunState

    /// Shows how a run stands.
    public init(_ state: RunState) { self.state = state }

    /// Lays the status out.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        page.heading(state.started?.brief.title.cut(to: 200) ?? "Run \(state.run)")
        page.paragraph(state.outcomeSentence.cut(to: 300), tone: state.outcomeTone)
        page.blank()
        for (name, value) in facts where !value.isEmpty {
            page.paragraph(value, lead: name.padded(to: 12), leadTone: .quiet)
        }
        let notices = Notice.all(of: state, events: [], rounds: [Round(state)]).filter { $0.weight > .note }
        for (index, notice) in notices.prefix(4).enumerated() {
            let lead =
                (index == 0 ? "attention" : "").padded(to: 12) + "! \(notice.kind), \(notice.place.cut(to: 40)): "
            page.paragraph(
                notice.text.cut(to: 160),
                lead: lead,
                leadTone: notice.weight == .stop ? .bad : .caution,
                hang: 16
            )
        }
        if notices.count > 4 { page.paragraph("… and \(notices.count - 4) more", indent: 14, tone: .quiet) }
        return page.text
    }

    private var facts: [(String, String)] {
        let started = UTC.text(milliseconds: state.startedAtMilliseconds)
        let updated = UTC.text(milliseconds: state.updatedAtMilliseconds)
        return [
            ("run", "\(state.run) · \(state.architecture?.name ?? "no architecture") · \(state.status.rawValue)"),
            ("forked", state.forks.last.map { "from \($0.run) at event \($0.sequence) by \($0.person)" } ?? ""),
            ("from, to", state.started == nil ? "" : "\(started), \(updated)"),
            ("stages", stages), ("options", options), ("choose by", deadline), ("chosen", choice), ("steps", steps),
            ("goals", goals),
            ("votes", VoteFigures.all(of: state).map(\.line).joined(separator: "; ")), ("spent", spent),
        ]
    }

    private var stages: String {
        (state.architecture?.flow ?? []).enumerated().map { index, stage in
            let sign = index < state.stage ? "●" : index == state.stage && state.finished == nil ? "◐" : "○"
            // The space does not break, so that a sign stays with its word.
            return (state.finished?.outcome == .done && index == state.stage ? "●" : sign) + "\u{A0}" + stage.word
        }.joined(separator: "  ")
    }

    private var options: String {
        let standing = state.options.map { "\($0.id) \($0.title.cut(to: 40))" }
        return standing.isEmpty ? "" : standing.joined(separator: "; ")
    }

    private var deadline: String { state.openDeadline.map(UTC.text(milliseconds:)) ?? "" }

    private var choice: String {
        guard let last = state.choices.last else { return "" }
        return "\(last.choice.person) \(last.choice.verdict.words), \(UTC.text(milliseconds: last.atMilliseconds))"
    }

    private var steps: String {
        state.enactment.trials.map { "\($0.mark) \($0.step.id)" }.joined(separator: "  ")
    }

    private var goals: String {
        let all = state.goals.flatMap(\.flattened)
        guard !all.isEmpty else { return "" }
        guard !state.goalOutcomes.isEmpty else { return "\(all.count), not settled yet" }
        let reached = all.count { state.isReached($0) == true }
        let missed = all.filter { state.isReached($0) == false }
        return "\(reached) of \(all.count) reached"
            + (missed.isEmpty ? "" : "; missed: " + missed.map(\.id.rawValue).inWords)
    }

    private var spent: String {
        let resources = state.started?.brief.resources
        let tokens = state.spent.tokens.grouped + (resources?.tokens.map { " of \($0.grouped)" } ?? "") + " tokens"
        let money = state.spent.money.description + (resources?.money.map { " of \($0)" } ?? "")
        let failed = state.episodes.values.count { $0.failure != nil }
        let recorded = state.episodes.values.count { $0.isRecorded }
        let again = state.episodes.values.reduce(0) { $0 + $1.askedAgain }
        let notes = [
            failed > 0 ? "\(failed) failed" : nil, recorded > 0 ? "\(recorded) recorded answers" : nil,
            again > 0 ? "\(again) asked again" : nil,
        ].compactMap(\.self)
        return "\(state.episodes.count.counted("episode"))"
            + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))") + " · \(tokens) · \(money)"
    }
}
