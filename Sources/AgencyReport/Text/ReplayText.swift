// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What a replay came to: what was compared, and where this version decides something else.
public struct ReplayText: TextBlock {
    private let replay: Replay
    private let most = 12

    /// Shows a replay.
    public init(_ replay: Replay) { self.replay = replay }

    /// Lays the replay out: decisions first, then prompts, then wordings.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        let events = (replay.state.sequence + 1).counted("event")
        page.heading("Replay of \(replay.state.run)", note: "\(events), nobody performed and nothing acted")
        part(.decision, replay.decisions, "decision", "is the recorded one", on: &page)
        part(.prompt, replay.prompts, "prompt", "is built byte for byte as it was", on: &page)
        part(.wording, nil, "wording", "", on: &page)
        if replay.promptsNotCompared > 0 {
            let count = replay.promptsNotCompared.counted("prompt")
            page.paragraph(
                "\(count) could not be compared: the recorded text is not in the ledger",
                lead: "? ",
                leadTone: .caution
            )
        }
        if replay.unrecognized > 0 {
            let count = replay.unrecognized.counted("event")
            page.paragraph("\(count) of a kind that this version does not know", lead: "? ", leadTone: .caution)
        }
        page.paragraph("state \(replay.state.digest)", tone: .quiet)
        if let next = replay.next { page.paragraph("next: \(next)", tone: .quiet) }
        return page.text
    }

    private func part(
        _ kind: Divergence.Kind,
        _ compared: Int?,
        _ noun: String,
        _ same: String,
        on page: inout TextPage
    ) {
        let count = replay.counts[kind] ?? 0
        guard count > 0 else {
            guard let compared else { return }
            return page.paragraph(
                compared == 0 ? "there is no \(noun) to compare" : "each of \(compared.counted(noun)) \(same)",
                lead: "✓ ",
                leadTone: .good
            )
        }
        let isGrave = kind == .decision
        let verb = count == 1 ? "differs" : "differ"
        page.paragraph(
            "\(count.counted(noun)) \(verb)" + (compared.map { ", of \($0) compared" } ?? ""),
            lead: isGrave ? "✗ " : "~ ",
            leadTone: isGrave ? .bad : .caution
        )
        let shown = replay.divergences.filter { $0.kind == kind }.prefix(most)
        for divergence in shown {
            page.paragraph("event \(divergence.sequence), \(divergence.type)", indent: 4)
            page.paragraph(divergence.recorded.cut(to: 400), indent: 6, lead: "recorded: ", leadTone: .quiet)
            page.paragraph(divergence.now.cut(to: 400), indent: 6, lead: "now:      ", leadTone: .quiet)
        }
        if count > shown.count { page.paragraph("… and \(count - shown.count) more", indent: 4, tone: .quiet) }
    }
}
