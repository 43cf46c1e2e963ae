// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A choice of an option with what it was made from.
struct ChoiceBasis: Hashable, Sendable, Codable {
    /// The choice.
    var choice: StandingChoice
    /// The choices of others that agree with it.
    var votes: [StandingChoice]
    /// What was shown.
    var sheet: ChoiceSheet
    /// How many dissents had been filed.
    var dissents: Int
    /// The revised proposal for which it goes on standing.
    var upheld: ProposalID?

    /// The option that was chosen.
    var proposal: ProposalID? { if case .option(let id) = choice.choice.verdict { id } else { nil } }
}

extension RunState {
    /// Whether choices need the signature of a desk that the run knew at its start.
    public var isSigned: Bool { started?.desks != nil }

    /// The desks whose signatures choices need.
    public var desks: [DeskKey] { started?.desks ?? [] }

    /// Whether choices are taken from a desk, by the whole of its key.
    package func knows(_ desk: DeskKey) -> Bool { desks.contains { $0.publicKey == desk.publicKey } }

    /// How many persons have to choose the same.
    public var personsNeeded: Int { max(1, architecture?.choosing?.persons ?? 1) }

    /// The choice that stands, after those of others that agree with it.
    public var chosen: [StandingChoice] {
        guard let choice else { return [] }
        return (basis?.choice == choice ? basis?.votes ?? [] : votes) + [choice]
    }

    /// Whether a number can be the next request's: a new one where choices are signed, and none elsewhere.
    func isFresh(_ nonce: String?) -> Bool {
        guard isSigned else { return nonce == nil }
        guard let nonce, Hexadecimal.bytes(nonce)?.count == 16 else { return false }
        return !nonces.contains(nonce)
    }

    /// What is wrong with a choice and its signature, wherever the run is; `nil` when the desk has signed every word.
    func fault(of made: Choice, _ signature: ChoiceSignature?, on sheet: ChoiceSheet) -> String? {
        guard isSigned else { return signature == nil ? nil : "is signed in a run that knows no desk" }
        guard let signature else { return "is not signed" }
        guard let desk = desks.first(where: { $0.id == signature.key }) else {
            return "is signed by a desk that the run does not take choices from"
        }
        let statement = made.statement(
            in: identity,
            revision: sheet.revision ?? 0,
            nonce: signature.nonce,
            key: desk.id
        )
        guard sheet.run == identity, desk.verifies(signature.signature, of: statement) else {
            return "bears a signature that is not its desk's"
        }
        return nil
    }

    /// What is wrong with a signed choice at the moment at which it is recorded.
    func fault(now recorded: RecordedEvent, _ made: Choice, _ signature: ChoiceSignature?) -> String? {
        guard isSigned, case .choose(let choosing)? = currentStage else { return nil }
        guard agenda() == .wait(.choice) else { return "is made while none is waited for" }
        guard let nonce, signature?.nonce == nonce else { return "answers a request that is not the one that stands" }
        guard made.expiresAtMilliseconds > recorded.atMilliseconds else { return "had lapsed before it was recorded" }
        guard made.expiresAtMilliseconds <= recorded.atMilliseconds.saturatingPlus(seconds: choosing.expires) else {
            return "stands longer than the architecture allows"
        }
        return nil
    }

    /// Counts a choice of an option.
    ///
    /// - Returns: Whether enough persons have now chosen it.
    mutating func count(_ standing: StandingChoice, of proposal: Proposal, _ recorded: RecordedEvent) -> Bool {
        let needed = personsNeeded
        guard needed > 1 else { return true }
        if let word = whyNotCounted(standing.choice, signature: standing.signature) {
            note(word, recorded)
            return false
        }
        votes.removeAll { $0.choice.expiresAtMilliseconds <= recorded.atMilliseconds }
        let agreeing = votes.filter { $0.choice.verdict == standing.choice.verdict }
        guard agreeing.count + 1 >= needed else {
            votes.append(standing)
            choices.append(standing)
            return false
        }
        votes = agreeing
        return true
    }

    /// Why a choice of an option does not count next to those of others; `nil` when it does.
    public func whyNotCounted(_ made: Choice, signature: ChoiceSignature?) -> String? {
        guard personsNeeded > 1, case .option(let id) = made.verdict else { return nil }
        if votes.contains(where: { $0.choice.person == made.person }) { return "is a second one by the same person" }
        if let key = signature?.key, votes.contains(where: { $0.signature?.key == key }) {
            return "is a second one from the same desk"
        }
        // By asking for it a person has said yes already: at the highest stakes somebody else has the last word.
        let agreeing = votes.count { $0.choice.verdict == made.verdict }
        let isHigh = options.first { $0.id == id }?.plan.steps.contains { $0.stakes == .high } == true
        guard agreeing + 1 >= personsNeeded, isHigh || brief?.stakes == .high, made.person == started?.person else {
            return nil
        }
        return "comes from the person who asked for the work; at high stakes another has the last word"
    }

    /// Until when a choice stands, together with those that agree with it.
    func expiry(of choice: StandingChoice) -> Int64 {
        let others = basis?.choice == choice ? basis?.votes ?? [] : []
        return others.reduce(choice.choice.expiresAtMilliseconds) { min($0, $1.choice.expiresAtMilliseconds) }
    }

    /// What a step of the chosen option found in the workspace when it was shown, where that was looked at.
    public func targets(of step: StepID) -> [ActionTarget] {
        targets.filter { $0.option == enactment.proposal && $0.step == step }.map(\.target)
    }

    /// Everything that a permission for a step rests on besides the action.
    func scope(of step: Step) -> ActionScope {
        ActionScope(
            effects: isSigned ? effects(of: step) : nil,
            sheet: (sheet ?? basis?.sheet)?.digest,
            architecture: architecture?.digest,
            tools: isSigned ? try? Digest(encoding: started?.tools ?? []) : nil,
            policy: started?.policy?.digest,
            revision: updatesUsed,
            targets: targets(of: step.id)
        )
    }
}

extension Int64 {
    /// A time so many seconds later; the last that there is where that would be beyond it.
    func saturatingPlus(seconds: Int) -> Int64 {
        let (product, overflow) = Int64(clamping: seconds).multipliedReportingOverflow(by: 1000)
        let sum = addingReportingOverflow(overflow ? .max : product)
        return sum.overflow ? .max : sum.partialValue
    }
}
