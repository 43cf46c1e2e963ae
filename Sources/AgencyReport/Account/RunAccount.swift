// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// What a report says of a run, before it is laid out.
struct RunAccount: Sendable {
    let state: RunState
    let events: [RecordedEvent]
    let verification: String?
    let rounds: [Round]
    let notices: [Notice]
    let costs: Costs
    let timeline: Timeline
    let curve: CostCurve
    let provenance: ProvenanceReport

    /// Where the names of episodes lead.
    let link: @Sendable (EpisodeID) -> String

    init(
        state: RunState,
        events: [RecordedEvent],
        verification: String?,
        link: @escaping @Sendable (EpisodeID) -> String = ProvenanceReport.onPage
    ) {
        self.link = link
        self.state = state
        self.events = events
        self.verification = verification
        rounds = Round.all(of: state, events: events)
        notices = Notice.all(of: state, events: events, rounds: rounds)
        // The state knows the last try of each episode, which is more than a part of the events does.
        costs = Costs(state, events: Self.isPart(events, of: state) ? [] : events)
        timeline = Timeline(state, events: events)
        curve = CostCurve(state, events: events)
        provenance = ProvenanceReport(state: state, events: events, link: link)
    }

    /// Whether only a part of the events is here: the first and the last of a long run.
    var isPartial: Bool { Self.isPart(events, of: state) }

    /// How many events there are, here or not.
    var eventCount: Int { isPartial ? state.sequence + 1 : events.count }

    private static func isPart(_ events: [RecordedEvent], of state: RunState) -> Bool {
        !events.isEmpty && events.count <= state.sequence
    }

    /// The title of the brief, or the name of the run.
    var title: String { state.started?.brief.title ?? "Run \(state.run)" }

    /// Every proposal there has been, in the order of their names.
    var proposals: [Proposal] {
        func key(_ proposal: Proposal) -> [Int] {
            proposal.id.rawValue.split { !$0.isNumber }.map { Int($0) ?? .max }
        }
        return state.proposals.values.sorted {
            let (left, right) = (key($0), key($1))
            return left == right ? $0.id < $1.id : left.lexicographicallyPrecedes(right)
        }
    }

    /// The proposals that were made from another one, with that one.
    var revisions: [(old: Proposal, new: Proposal)] {
        proposals.compactMap { proposal in
            proposal.parent.flatMap { state.proposals[$0] }.map { ($0, proposal) }
        }
    }

    /// The mean Brier score of all settled forecasts, and how many there are.
    var brier: (mean: Double, count: Int)? {
        let scores = state.enactment.trials.flatMap { $0.settlements.compactMap(\.brierScore) }.filter(\.isFinite)
        guard !scores.isEmpty else { return nil }
        return (scores.reduce(0, +) / Double(scores.count), scores.count)
    }

    /// What people did to the run besides choosing and asking.
    var interventions: [RecordedEvent] {
        events.filter { recorded in
            switch recorded.event {
            case .episodesReopened, .optionAdded, .choiceLapsed, .choiceOverdue, .outcomeFiled, .goalsEdited,
                .mandateRevoked, .mandateProposed, .mandateGranted, .mandateWithdrawn,
                .runPaused,
                .runContinued, .runStopped:
                true
            case .stepsReverted(let event): event.person != nil
            case .stepReconciled(let event): event.person != nil
            default: false
            }
        }
    }

    /// Whether an option was chosen at any time.
    func isChosen(_ id: ProposalID) -> Bool { state.choices.contains { $0.choice.verdict == .option(id) } }
}
