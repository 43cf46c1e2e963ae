// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Watches a run for what bears on whether such choices may be made by rule.
struct RuleWatch: Sendable {
    private var pick: ProposalID?
    private var cast: Digest?
    private var others: [MandateRecord.Moment] = []
    private var endedAtMilliseconds: Int64?

    /// Looks at a run after its next event.
    mutating func see(_ recorded: RecordedEvent, _ state: RunState) {
        guard let terms = state.architecture?.choosing?.mandate else { return }
        func add(_ what: MandateRecord.Moment.What, _ cast: Digest) {
            others.append(
                MandateRecord.Moment(atMilliseconds: recorded.atMilliseconds, cast: cast, terms: terms, what: what)
            )
        }
        switch recorded.event {
        case .choiceRequested:
            // Only the first time counts: what a rule would take after looking again is another question.
            guard cast == nil else { return }
            cast = state.cast
            pick = state.rulePick
        case .mandateProposed(let event): add(.proposed, event.cast)
        case .mandateGranted(let event):
            // What the fold has refused is no grant.
            guard state.grantedMandates.last == event else { return }
            add(.granted(event.granted), event.granted.mandate.cast)
        case .mandateWithdrawn(let event): add(.withdrawn(event.mandate, event.cause), event.cast)
        case .runFinished, .runStopped: endedAtMilliseconds = endedAtMilliseconds ?? recorded.atMilliseconds
        default: break
        }
    }

    /// What was seen, the case of the run itself among it once it is known.
    func moments(of state: RunState) -> [MandateRecord.Moment] {
        guard let terms = state.architecture?.choosing?.mandate, let cast, let pick, let ended = endedAtMilliseconds,
            let succeeded = outcome(of: pick, in: state)
        else { return others }
        let own = MandateRecord.Moment(atMilliseconds: ended, cast: cast, terms: terms, what: .settled(succeeded))
        // What is said of it at its end is said because of it.
        return [own] + others
    }

    private func outcome(of pick: ProposalID, in state: RunState) -> Bool? {
        // Where nobody chose, nobody said whether the rule was right.
        guard !state.choices.isEmpty else { return nil }
        guard state.choices.allSatisfy({ $0.choice.verdict == .option(pick) }) else { return false }
        let filed = state.outcomes.filter { $0.subject == .goals(pick) }.map(\.outcome)
        if filed.contains(false) { return false }
        switch state.finished?.outcome {
        case .done: return true
        case .chosen: return filed.first
        case .halted, .unmet, .declined, nil: return false
        }
    }
}
