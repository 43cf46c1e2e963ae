// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// A run, laid out for the person who must decide or audit.
///
/// Everything comes from the state and the events given; nothing is fetched, and no clock is read. The same arguments
/// give the same bytes.
public struct Report: Sendable {
    private let account: RunAccount

    /// Makes the report of a run.
    ///
    /// - Parameters:
    ///   - state: What is known of the run.
    ///   - events: Its events, in order; earlier rounds of options, costs and the table of events come from these.
    ///   - verification: What verifying the ledger showed, in a line; `nil` when it was not verified.
    public init(state: RunState, events: [RecordedEvent], verification: String?) {
        account = RunAccount(state: state, events: events, verification: verification)
    }

    /// Makes the report of a run for a page on which the names of episodes lead to pages of their own.
    package init(state: RunState, events: [RecordedEvent], link: @escaping @Sendable (EpisodeID) -> String) {
        account = RunAccount(state: state, events: events, verification: nil, link: link)
    }

    /// The report as one HTML page without scripts or anything to be fetched.
    public var html: String { ReportPage(account: account).source }

    /// What the page is about, and the way to its parts, for a page that shows more.
    package var header: Markup { ReportPage(account: account).header }

    /// The parts of the page, for a page that shows more.
    package var content: Markup { ReportPage(account: account).content }

    /// What such a page has to look like.
    package static var stylesheet: StaticString { Stylesheet.page }

    /// What pictures bring within themselves for how they look.
    package static var pictureStylesheet: StaticString { Canvas.style }

    /// What nobody may pass over, in a line each: dissents, blocking objections, halts, doubts.
    ///
    /// It takes the state alone, and lays nothing else out: lists ask for it of many runs.
    package static func alarms(of state: RunState) -> [String] {
        Notice.all(of: state, events: [], rounds: Round.all(of: state, events: [])).filter { $0.weight == .stop }
            .map { "\($0.kind): \($0.text)" }
    }

    /// The strongest objection to an option, of those that stand now.
    package func strongestObjection(to option: ProposalID) -> Objection? {
        account.rounds.last?.strongestObjection(to: option)
    }

    /// Whether an option that stands now was judged by all who were to judge it, and by somebody.
    package func isJudged(_ option: ProposalID) -> Bool {
        guard let round = account.rounds.last else { return false }
        return round.evaluations.contains { $0.proposal == option }
            && !round.missing(in: account.state).contains { $0.order.subject == option }
    }

    /// The report as Markdown.
    public var markdown: String { MarkdownPage(account: account).text }
}
