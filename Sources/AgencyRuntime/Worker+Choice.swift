// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyLedger

extension Worker {
    /// Puts the options before the person, with what their steps find in the workspace.
    mutating func requestChoice() async throws {
        let options = journal.state.options
        let targets = try await targets(of: options)
        let known = try await showRecords(of: options)
        try await requestChoice(of: options, targets)
        if mayChooseByRule(known) { try await chooseByRule(known) }
    }

    /// What the steps of options find in the workspace.
    @inline(never)
    private func targets(of options: [Proposal]) async throws -> [StepTarget]? {
        // Once something is enacted, any change of the workspace that no step made is found at the next one.
        guard let world, isUntouched else { return nil }
        var found: [StepTarget] = []
        for option in options { found += try await option.targets { try await world.reach(of: $0) } }
        return found.isEmpty ? nil : found
    }

    @inline(never)
    private mutating func requestChoice(of options: [Proposal], _ targets: [StepTarget]?) async throws {
        let nonce = agency.makeNonce()
        try await record { state in
            guard case .requestChoice(let due) = state.agenda(), state.options == options else { return [] }
            let sheet = due.with(targets)
            let request = ChoiceRequested(
                sheet: sheet,
                digest: sheet.digest,
                nonce: state.isSigned ? nonce : nil,
                targets: targets
            )
            return [.choiceRequested(request)]
        }
    }

    /// What is known of those who judge.
    ///
    /// - Parameter milliseconds: Now, where it does for the list of runs to be a second old.
    /// - Returns: What is shown of it, and the mandate that ends with it.
    /// - Throws: what keeps the ledger or the list of trusted desks from being read.
    @inline(never)
    func knownRecords(at milliseconds: Int64?) async throws -> KnownRecords {
        known(by: try await agency.current(of: architectureName, at: milliseconds))
    }

    @inline(never)
    private var architectureName: String { journal.state.architecture?.name ?? "" }

    @inline(never)
    private func known(by found: (all: [RunForecasts], current: [RunForecasts], probes: RoleProbes)) -> KnownRecords {
        let state = journal.state
        let records = state.records(from: found.current, drift: state.drift(by: found.probes), at: agency.now())
        // Where nobody has changed, both show the same, and need not be gone through again.
        guard !found.probes.changes.isEmpty,
            let granted = state.ruleRecord(from: found.all, at: agency.now())?.granted,
            state.ruleRecord(from: found.current, at: agency.now())?.granted == nil
        else { return KnownRecords(shown: records) }
        return KnownRecords(shown: records, ended: granted.mandate)
    }

    /// Puts what is known of those who judge beside what they say, where anything is known.
    @inline(never)
    private mutating func showRecords(of options: [Proposal]) async throws -> KnownRecords {
        var known = try await knownRecords(at: agency.now())
        let events = show(&known)
        guard !events.isEmpty else { return known }
        try await record { state in
            guard case .requestChoice = state.agenda(), state.options == options else { return [] }
            return events
        }
        return known
    }

    /// What has to be recorded so that what is known is shown; what stands there and is not known here is taken back.
    @inline(never)
    private func show(_ known: inout KnownRecords) -> [Event] {
        var events: [Event] = []
        if let mandate = known.ended {
            let reason = "a role of it does not answer its probes any more as it did when the cases were counted"
            events.append(
                .mandateWithdrawn(
                    MandateWithdrawn(mandate: mandate.id, cast: mandate.cast, cause: .drift, reason: reason)
                )
            )
        }
        if known.shown == nil, journal.state.records != nil {
            known.shown = RecordsShown(runs: 0, settled: 0, evaluators: [], options: [])
        }
        if let shown = known.shown, shown != journal.state.records { events.append(.recordsShown(shown)) }
        return events
    }
}

/// What is known of those who judge, by the runs that are over.
struct KnownRecords: Sendable {
    /// What is shown of it.
    @Boxed var shown: RecordsShown?
    /// The mandate that ends because somebody has changed.
    @Boxed var ended: ChoiceMandate? = nil
}
