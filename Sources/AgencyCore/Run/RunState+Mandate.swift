// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension RunState {
    /// Whether a mandate covers the choice as it stands: every word of it is signed by a desk of this run, it is for this
    /// architecture as it is cast, and its time is not over.
    public func isCovered(by granted: GrantedMandate, at milliseconds: Int64) -> Bool {
        let mandate = granted.mandate
        return mandate.work == architecture?.name && mandate.cast == cast
            && mandate.terms == architecture?.choosing?.mandate && mandate.untilMilliseconds > milliseconds
            && granted.isSigned(by: desks)
    }

    /// What is wrong with a choice that was made by rule; `nil` for one that the mandate covers, and for those of people.
    func faultOfRule(_ made: Choice, at milliseconds: Int64) -> String? {
        guard let id = made.mandate else { return nil }
        guard let granted = records?.mandate, granted.mandate.id == id else {
            return "is made under a mandate that does not stand"
        }
        guard isCovered(by: granted, at: milliseconds), made.expiresAtMilliseconds <= granted.mandate.untilMilliseconds
        else { return "is made under a mandate that does not cover it" }
        guard let pick = rulePick, made.verdict == .option(pick) else { return "is not what the rule takes" }
        return nil
    }

    mutating func propose(_ event: MandateProposed, _ recorded: RecordedEvent) {
        guard status == .finished, event.evidence.isUsable, proposedMandate == nil, isSigned,
            event.work == architecture?.name,
            event.cast == cast, event.terms == architecture?.choosing?.mandate
        else { return note("proposes a mandate that the architecture does not know", recorded) }
        proposedMandate = event
    }

    mutating func grant(_ event: MandateGranted, _ recorded: RecordedEvent) {
        let granted = event.granted
        guard let proposed = proposedMandate, proposed.work == granted.mandate.work,
            proposed.cast == granted.mandate.cast, proposed.terms == granted.mandate.terms,
            granted.mandate.run == run, granted.mandate.evidence == proposed.evidence,
            isCovered(by: granted, at: recorded.atMilliseconds),
            !grantedMandates.contains(where: { $0.granted.mandate.id == granted.mandate.id })
        else { return note("grants what was not proposed, or without a signature", recorded) }
        grantedMandates.append(event)
    }

    mutating func withdraw(_ event: MandateWithdrawn) { withdrawnMandates.append(event) }
}
