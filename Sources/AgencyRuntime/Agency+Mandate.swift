// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencyJudgment

extension Agency {
    /// How choices by rule fare in every architecture that allows a mandate for them, as each was cast, the newest first.
    ///
    /// - Throws: what keeps the ledger from being read.
    public func mandates() async throws -> [MandateRecord] {
        var list: [MandateRecord] = []
        for work in try await records.architectures() {
            let runs = try await current(of: work).current
            var known: Set<String> = []
            for run in runs {
                for moment in run.moments where known.insert(moment.cast.hex).inserted {
                    list.append(
                        MandateRecord(of: work, cast: moment.cast, terms: moment.terms, from: runs, at: now())
                    )
                }
            }
        }
        return list
    }

    /// What runs that are over say, as far as it rests on desks that this machine trusts.
    func current(
        of architecture: String,
        at milliseconds: Int64? = nil
    ) async throws -> (all: [RunForecasts], current: [RunForecasts], probes: RoleProbes) {
        let found = try await records.current(of: architecture, at: milliseconds)
        // Nothing rests on anybody's word where no choice may be made by rule; the lists need not be read then.
        guard let trust, found.all.contains(where: { !$0.moments.isEmpty }) else { return found }
        let keys = try Set(trust.desks().map(\.publicKey) + [desk?.key.publicKey].compactMap(\.self))
        return (found.all.map { $0.trusting(keys) }, found.current.map { $0.trusting(keys) }, found.probes)
    }

    /// Grants what a run has proposed.
    ///
    /// - Parameters:
    ///   - run: The run that says that choices like its own may be made by rule.
    ///   - untilMilliseconds: When the mandate ends at the latest, in milliseconds since 1970 UTC.
    ///   - person: Who grants it.
    ///   - reason: Why; must say something.
    /// - Returns: The mandate.
    /// - Throws: ``RuntimeError``: `.badInput` without a reason or with a time that is over, `.notNow` when nothing is proposed
    ///   there or the record does not carry it any more, `.notPermitted` when the run takes no choices from this desk.
    @discardableResult
    public func grantMandate(
        in run: RunID,
        untilMilliseconds: Int64,
        by person: Person,
        reason: String
    ) async throws -> ChoiceMandate {
        try Self.require(reason, "a mandate needs a reason")
        guard untilMilliseconds > now() else { throw RuntimeError(.badInput, "the mandate would have ended already") }
        var journal = try await journal(of: run)
        guard let proposed = journal.state.proposedMandate else {
            throw RuntimeError(.notNow, "run \(run) proposes no mandate; agency delegate lists what may be granted")
        }
        let record = MandateRecord(
            of: proposed.work,
            cast: proposed.cast,
            terms: proposed.terms,
            from: try await current(of: proposed.work).current,
            at: now()
        )
        guard record.grade.standing == .proposable else {
            let why =
                record.granted == nil
                ? "the record does not carry it any more" : "it is granted already, in run \(record.grantedIn ?? run)"
            throw RuntimeError(.notNow, "what run \(run) proposed cannot be granted: \(why)")
        }
        guard let desk, journal.state.knows(desk.key) else {
            throw RuntimeError(.notPermitted, "run \(run) takes nothing from this desk; grant it at one that it knows")
        }
        let mandate = ChoiceMandate(
            id: makeNonce(),
            run: run,
            evidence: proposed.evidence,
            work: proposed.work,
            cast: proposed.cast,
            terms: proposed.terms,
            untilMilliseconds: untilMilliseconds
        )
        let granted = GrantedMandate(
            mandate: mandate,
            person: person.name,
            key: desk.key.id,
            signature: try desk.signature(of: mandate, by: person.name)
        )
        let event = MandateGranted(granted: granted, identifiedBy: person.identifiedBy, reason: reason)
        try await journal.append { _ in [.mandateGranted(event)] }
        return mandate
    }

    /// Takes a mandate back; choices wait for people from now on.
    ///
    /// - Parameters:
    ///   - id: The name of the mandate, or how it begins.
    ///   - person: Who takes it back.
    ///   - reason: Why; must say something.
    /// - Throws: ``RuntimeError``: `.badInput` without a reason, `.notFound` when no such mandate stands.
    public func withdrawMandate(_ id: String, by person: Person, reason: String) async throws {
        try Self.require(reason, "taking a mandate back needs a reason")
        let standing = try await mandates().filter { $0.granted != nil }
        let meant = standing.filter { !id.isEmpty && $0.granted?.mandate.id.hasPrefix(id) == true }
        guard meant.count == 1, let granted = meant[0].granted, let run = meant[0].grantedIn else {
            let names = standing.compactMap { $0.granted.map { String($0.mandate.id.prefix(8)) } }.joined(
                separator: ", "
            )
            let there = names.isEmpty ? "none stands" : "there are \(names)"
            throw RuntimeError(.notFound, "there is no mandate “\(id)”, or more than one; \(there)")
        }
        var journal = try await journal(of: run)
        let event = MandateWithdrawn(
            mandate: granted.mandate.id,
            cast: granted.mandate.cast,
            cause: .person,
            reason: reason,
            person: person.name,
            identifiedBy: person.identifiedBy
        )
        try await journal.append { _ in [.mandateWithdrawn(event)] }
    }
}
