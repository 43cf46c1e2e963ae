// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What a probed role answered, and what comparing it with earlier answers shows.
public struct ProbeText: TextBlock {
    private let state: RunState
    private let comparison: RoleDrift?

    /// Shows the answers in a run.
    ///
    /// - Parameters:
    ///   - state: The run.
    ///   - comparison: What comparing them shows; `nil` where there was nothing to compare with.
    public init(_ state: RunState, comparison: RoleDrift?) { (self.state, self.comparison) = (state, comparison) }

    /// Lays the answers out.
    public func text(width: Int, style: TextStyle) -> String {
        var page = TextPage(width: width, style: style)
        let rows = ProbeAccount(state).rows
        let role = state.architecture?.roles.first?.name.rawValue ?? ""
        let performers = Set(state.episodes.values.map(\.performer)).sorted().joined(separator: ", ")
        page.heading("Probes of \(role)", note: performers)
        let lead = min(max(8, rows.map(\.question.id.columns).max() ?? 8), 40) + 2
        for row in rows {
            let notes = [row.rightWords, row.probability.map { "said \($0.percent)" } ?? ""].filter { !$0.isEmpty }
            let note = notes.isEmpty ? "" : "  (\(notes.joined(separator: ", ")))"
            page.paragraph(row.answerWords + note, lead: row.question.id.padded(to: lead))
        }
        page.blank()
        let sentence =
            comparison.map(\.words.asSentence)
            ?? "There are no earlier answers to compare with. These are kept, and the next probe is compared with them."
        page.paragraph(sentence, indent: 0, tone: comparison?.isDrift == true ? .caution : nil)
        return page.text
    }
}
