// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment

extension Worker {
    /// Makes the choice that was just asked for by the rule, where a mandate covers it and this machine trusts the desk that
    /// granted it; otherwise it waits for a person.
    ///
    /// - Parameter known: What was found out here, and not by whoever else can write to the ledger.
    /// - Throws: what keeps the ledger or the list of trusted desks from being read; what the key throws.
    @inline(never)
    mutating func chooseByRule(_ known: KnownRecords) async throws {
        let state = journal.state
        guard let shown = known.shown, state.records == shown, let granted = shown.mandate, let pick = state.rulePick,
            let sheet = state.sheet,
            state.agenda() == .wait(.choice), state.isCovered(by: granted, at: agency.now()), let desk = agency.desk
        else { return }
        let known = try [desk.key] + (agency.trust?.desks() ?? [])
        guard granted.isSigned(by: known), state.knows(desk.key) else { return }
        // The list of runs may have been a second old: what has been taken back since counts.
        guard try await knownRecords(at: nil).shown?.mandate == granted else { return }
        let evidence = shown.rule
        let choice = Choice(
            verdict: .option(pick),
            person: "mandate \(granted.mandate.id.prefix(8)) of \(granted.person)",
            identifiedBy: "the rule of the architecture",
            reason:
                "the likeliest option, at \((state.probability(of: pick) ?? 0).percentBelow), without objection; the rule was right in "
                + "\(evidence?.successes ?? 0) of \(evidence?.cases ?? 0) cases, "
                + "which shows more than \((evidence?.lowerBound ?? 0).percentBelow)",
            shown: sheet.digest,
            expiresAtMilliseconds: min(
                state.choiceExpiry(from: max(agency.now(), state.updatedAtMilliseconds)),
                granted.mandate.untilMilliseconds
            ),
            mandate: granted.mandate.id
        )
        let signature = try agency.signature(of: choice, in: state)
        try await record { state in
            guard state.agenda() == .wait(.choice), state.sheet == sheet else { return [] }
            return [.choiceRecorded(ChoiceRecorded(choice: choice, signature: signature))]
        }
    }

    /// Whether a mandate is shown by which the choice may be made.
    @inline(never)
    func mayChooseByRule(_ known: KnownRecords) -> Bool { known.shown?.mandate != nil }

    /// Says at the end of a run what has become of choices by rule: that they may be granted, or that a mandate has ended.
    mutating func reviewMandate() async throws {
        let state = journal.state
        guard state.status == .finished, state.isSigned, let architecture = state.architecture,
            let terms = architecture.choosing?.mandate
        else { return }
        let runs = try await agency.current(of: architecture.name).current
        guard let standing = state.ruleRecord(from: runs, at: agency.now()) else { return }
        let evidence = standing.evidence
        if let ended = standing.unsaid, let cause = standing.ended {
            let event = MandateWithdrawn(
                mandate: ended.mandate.id,
                cast: state.cast,
                cause: cause,
                reason: Self.reason(for: evidence, under: terms)
            )
            try await record { _ in [.mandateWithdrawn(event)] }
        }
        if standing.grade.standing == .proposable, standing.proposedIn == nil, state.proposedMandate == nil {
            let event = MandateProposed(
                work: architecture.name,
                cast: state.cast,
                terms: terms,
                evidence: evidence
            )
            try await record { $0.proposedMandate == nil ? [.mandateProposed(event)] : [] }
        }
    }

    /// Why a mandate has ended that nobody has withdrawn.
    private static func reason(for evidence: MandateEvidence, under terms: MandateTerms) -> String {
        guard evidence.cases > 0 else {
            return "the rule was wrong too often since it was granted; its cases begin anew"
        }
        return "the rule was right in \(evidence.successes) of \(evidence.cases) cases, which "
            + "shows no more than \(evidence.lowerBound.percentBelow) where \(terms.success.percentBelow) have to be surpassed"
    }
}
