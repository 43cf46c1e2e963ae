// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Replay {
    /// Compares that a person was asked; a probe that could not tell is not on the record by itself.
    mutating func ask(_ event: ReconciliationRequested, _ recorded: RecordedEvent) {
        let work = state.agenda()
        let way = state.wayOut(now: recorded.atMilliseconds)
        var mayAsk = false
        switch way {
        case .ask, .probe: mayAsk = true
        case .again, nil: break
        }
        let current = state.enactment.current
        decide(
            recorded,
            work == .reconcile(event.step) && mayAsk && current?.step.action.digest == event.action.digest
                && current?.sinceMilliseconds == event.intendedAtMilliseconds,
            was: "a person was asked whether step \(event.step) happened",
            now: way?.words ?? work.words
        )
    }

    /// Compares by what it was found out; what a probe, a tool or a person said is taken from the record.
    mutating func reconcile(_ event: StepReconciled, _ recorded: RecordedEvent) {
        let work = state.agenda()
        let way = state.wayOut(now: recorded.atMilliseconds)
        let isSame: Bool
        switch event.means {
        case .person: return
        case .tool: isSame = work == .reconcile(event.step)
        case .probe: if case .probe = way { isSame = work == .reconcile(event.step) } else { isSame = false }
        case .key: isSame = way == .again && isPermittedAgain(event, at: recorded.atMilliseconds)
        }
        decide(
            recorded,
            isSame,
            was: "step \(event.step) was reconciled by its \(event.means.rawValue): \(event.finding.rawValue)",
            now: way?.words ?? work.words
        )
    }

    private func isPermittedAgain(_ event: StepReconciled, at milliseconds: Int64) -> Bool {
        // The time of asking is not on the record and was a little earlier; the choice had not lapsed by then.
        let last = (state.choice?.choice.expiresAtMilliseconds ?? .max) &- 1
        do {
            return try state.permitAgain(event.step, now: min(milliseconds, last)).effect == event.effect
        } catch {
            return false
        }
    }
}

extension WayOut {
    fileprivate var words: String {
        switch self {
        case .again: "the same is sent again under its key"
        case .probe: "the tool's probe is asked"
        case .ask: "a person is asked"
        }
    }
}
