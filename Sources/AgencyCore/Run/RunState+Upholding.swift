// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension RunState {
    /// How the choice that was made goes on standing for the plan that was made of the chosen one, if it does.
    ///
    /// It does where the revised plan only leaves out steps, as they were chosen and in their order; where nothing that is
    /// still to be done was tried before or could not be taken back; and where nobody has objected or the goals changed. What
    /// a rule chose is never let stand for something else: after a halt people choose.
    /// Everything else is asked.
    var dueUpholding: ChoiceUpheld? {
        guard isSigned, currentStage?.word == "choose", choice == nil, sheet == nil, let basis, options.count == 1,
            basis.choice.choice.mandate == nil,
            let revised = options.first, let id = basis.proposal, let chosen = proposals[id],
            revised.parent == basis.upheld ?? id,
            let option = basis.sheet.options.first(where: { $0.proposal == id }), option.plan == chosen.plan.digest,
            updatedAtMilliseconds < expiry(of: basis), isUncontested(revised, basis),
            isHarmlessRest(of: revised.plan, of: chosen.plan)
        else { return nil }
        return ChoiceUpheld(
            choice: basis.choice.sequence,
            proposal: revised.id,
            plan: revised.plan.digest,
            chosen: chosen.plan.digest
        )
    }

    private func expiry(of basis: ChoiceBasis) -> Int64 {
        basis.votes.reduce(basis.choice.choice.expiresAtMilliseconds) { min($0, $1.choice.expiresAtMilliseconds) }
    }

    private func isUncontested(_ revised: Proposal, _ basis: ChoiceBasis) -> Bool {
        basis.sheet.goals == goalsDigest && dissents.count == basis.dissents
            && !evaluations.contains { evaluation in
                evaluation.proposal == revised.id && evaluation.objections.contains { $0.severity == .blocking }
            }
    }

    /// Whether a plan only leaves out steps of another, and what it still has to do is new and can be taken back.
    private func isHarmlessRest(of plan: Plan, of chosen: Plan) -> Bool {
        guard plan.narrows(chosen), let ordered = enactment.ordered(plan) else { return false }
        let kept = zip(enactment.done, ordered).prefix {
            $0.step.id == $1.id && $0.step.action.digest == $1.action.digest
        }
        return ordered.dropFirst(kept.count).allSatisfy { step in
            step.reversibility == .reversible && effects(of: step).staysInWorkspace
                && enactment.attempts(of: step.id) == 0
        }
    }

    mutating func uphold(_ event: ChoiceUpheld, _ recorded: RecordedEvent) {
        guard dueUpholding == event, let standing = basis?.choice, let proposal = proposals[event.proposal] else {
            return note("lets a choice stand for something else", recorded)
        }
        basis?.upheld = event.proposal
        choice = standing
        enactment.proposal = event.proposal
        enactment.plan = proposal.plan
        enactment.surprise = nil
        halt = nil
        goalOutcomes = []
    }

    /// The choice that stands for a revised plan, with that plan's digest; `nil` when none was upheld.
    func upheldChoice(now: Int64) throws(AuthorizationRefusal) -> (StandingChoice, Digest)? {
        guard let basis, let upheld = basis.upheld, choice == basis.choice, sheet == nil else { return nil }
        guard let id = basis.proposal, let chosen = proposals[id], let plan = enactment.plan,
            enactment.proposal == upheld, basis.choice.choice.shown == basis.sheet.digest,
            basis.sheet.options.contains(where: { $0.proposal == id && $0.plan == chosen.plan.digest }),
            basis.sheet.goals == goalsDigest, basis.sheet.architecture == architecture?.digest,
            plan.narrows(chosen.plan)
        else { throw AuthorizationRefusal("the revised plan is not a part of what was chosen", isLapsed: true) }
        for standing in basis.votes + [basis.choice] {
            if let fault = fault(of: standing.choice, standing.signature, on: basis.sheet) {
                throw AuthorizationRefusal("the choice at \(standing.sequence) \(fault)", isLapsed: true)
            }
        }
        guard max(now, updatedAtMilliseconds) < expiry(of: basis) else {
            throw AuthorizationRefusal("the choice has expired", isLapsed: true)
        }
        return (basis.choice, plan.digest)
    }
}

extension Plan {
    /// Whether it is another plan with steps left out: nothing added, changed or done in another order.
    public func narrows(_ other: Plan) -> Bool {
        guard let mine = ordered, let theirs = other.ordered, mine.count < theirs.count,
            Set(assumptions.map { Array($0.utf8) }).isSubset(of: Set(other.assumptions.map { Array($0.utf8) }))
        else { return false }
        var rest = theirs[...]
        for step in mine {
            // By digest: what differs in its composition only is another file to a disk.
            guard let digest = try? Digest(encoding: step),
                let place = rest.firstIndex(where: { (try? Digest(encoding: $0)) == digest })
            else { return false }
            rest = rest[(place + 1)...]
        }
        return true
    }
}
