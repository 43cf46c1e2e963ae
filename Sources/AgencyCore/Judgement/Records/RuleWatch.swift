// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Watches a run for what bears on whether such choices may be made by rule.
struct RuleWatch: Sendable {
    private var pick: ProposalID?
    private var cast: Digest?
    private var others: [MandateRecord.Moment] = []
    /// When the run was over, in milliseconds since 1970 UTC.
    private(set) var endedAtMilliseconds: Int64?

    /// Looks at a run after its next event.
    mutating func see(_ recorded: RecordedEvent, _ state: RunState) {
        switch recorded.event {
        case .runFinished, .runStopped: endedAtMilliseconds = endedAtMilliseconds ?? recorded.atMilliseconds
        default: break
        }
        guard let terms = state.architecture?.choosing?.mandate else { return }
        func add(_ what: MandateRecord.Moment.What, _ cast: Digest, by signers: Set<String> = []) {
            others.append(
                MandateRecord.Moment(
                    atMilliseconds: recorded.atMilliseconds,
                    cast: cast,
                    terms: terms,
                    signers: signers,
                    what: what
                )
            )
        }
        switch recorded.event {
        case .choiceRequested(let event):
            // Only the first time counts: what a rule would take after looking again is another question.
            guard cast == nil, state.sheet == event.sheet else { return }
            cast = state.cast
            pick = state.rulePick
        case .mandateProposed(let event): if state.proposedMandate == event { add(.proposed, event.cast) }
        case .mandateGranted(let event):
            // What the fold has refused is no grant.
            guard state.grantedMandates.last == event else { return }
            add(.granted(event.granted), event.granted.mandate.cast, by: Self.keys([event.granted.key], state))
        case .mandateWithdrawn(let event): add(.withdrawn(event.mandate, event.cause), event.cast)
        default: break
        }
    }

    private static func keys(_ names: [String], _ state: RunState) -> Set<String> {
        Set(names.map { name in state.desks.first { $0.id == name }?.publicKey ?? "" })
    }

    /// What was seen, the case of the run itself among it once it is known.
    func moments(of state: RunState) -> [MandateRecord.Moment] {
        guard let terms = state.architecture?.choosing?.mandate, let cast, let pick, let ended = endedAtMilliseconds,
            let succeeded = outcome(of: pick, in: state)
        else { return others }
        let own = MandateRecord.Moment(
            atMilliseconds: ended,
            cast: cast,
            terms: terms,
            signers: Self.keys(state.choices.map { $0.signature?.key ?? "" }, state),
            what: .settled(succeeded)
        )
        // What is said of it at its end is said because of it.
        return [own] + others
    }

    private func outcome(of pick: ProposalID, in state: RunState) -> Bool? {
        // Where nobody chose, nobody said whether the rule was right.
        guard !state.choices.isEmpty else { return nil }
        guard state.choices.allSatisfy({ $0.choice.verdict == .option(pick) }) else { return false }
        // However it went on: a plan that was halted was not right as it was chosen.
        guard state.enactment.trials.allSatisfy({ $0.halt == nil }) else { return false }
        let enacted = Set([pick, state.enactment.proposal].compactMap(\.self)).map(ForecastSubject.goals)
        if state.outcomes.contains(where: { enacted.contains($0.subject) && !$0.outcome }) { return false }
        switch state.finished?.outcome {
        case .done: return true
        // Where nothing was enacted no check says whether it was right, and what people care to report is no evidence.
        case .chosen: return nil
        case .halted, .unmet, .declined, nil: return false
        }
    }
}
