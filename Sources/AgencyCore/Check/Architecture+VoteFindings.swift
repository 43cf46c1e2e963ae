// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Architecture {
    /// Faults in how roles are voted on, with paths that begin at the architecture.
    func voteFindings(profiles: [Profile]?) -> [Finding] {
        roles.flatMap { role -> [Finding] in
            guard let vote = role.vote, role.kind != .enact else { return [] }
            return (ruleFindings(vote, of: role) + answerFindings(vote, of: role, profiles)).map {
                $0.within(["roles", .name(role.name.rawValue), "vote"])
            }
        }
    }

    private func ruleFindings(_ vote: VotePolicy, of role: Role) -> [Finding] {
        var faults: [Finding] = []
        func range(_ key: String, _ value: Int, _ range: ClosedRange<Int>) {
            if range.contains(value) { return }
            faults.append(Finding(.noBound, [.name(key)], "\(value) is out of range", hint: "from \(range.words)"))
        }
        func suffices(_ most: Int, _ least: Int) {
            guard most < least, Limits.samples.contains(most) else { return }
            let message = "\(most) samples can never decide: at least \(least) are needed"
            faults.append(Finding(.undecidableVote, ["at-most"], message, hint: "raise at-most, or ask for less"))
        }
        range("at-most", vote.rule.mostSamples, Limits.samples)
        switch vote.rule {
        case .aheadBy(let lead, let most):
            range("ahead-by", lead, Limits.lead)
            suffices(most, lead)
        case .majority(let votes, let most):
            range("majority", votes, Limits.majority)
            suffices(most, votes)
        case .verified where role.kind == .advance:
            let hint = "vote by ahead-by or majority: a verifier would double a long work"
            faults.append(Finding(.misplacedPart, ["verify"], "a role of kind advance has no verifier", hint: hint))
        case .verified(let name, _): faults += verifierFindings(name, of: role)
        }
        if let bytes = vote.flags.bytes, !Limits.flagBytes.contains(bytes) {
            let hint = "from \(Limits.flagBytes.words)"
            faults.append(Finding(.noBound, ["flags", "bytes"], "\(bytes) is out of range", hint: hint))
        }
        return faults
    }

    private func verifierFindings(_ name: RoleName, of role: Role) -> [Finding] {
        guard name != role.name else {
            let hint = "duties stay apart: declare a role of kind verify for it"
            return [Finding(.selfVerification, ["verify"], "“\(name)” cannot verify itself", hint: hint)]
        }
        guard let verifier = self.role(name) else {
            let fitting = roles.filter { $0.kind == .verify }.map(\.name.rawValue)
            let hint = Spelling.hint(for: name.rawValue, among: fitting, listedAs: "roles of kind verify")
            return [
                Finding(.unknownReference, ["verify"], "no role is called “\(name.rawValue.shortened)”", hint: hint)
            ]
        }
        guard verifier.kind == .verify else {
            let message = "“\(name)” is a role of kind \(verifier.kind.rawValue), and a verifier is of kind verify"
            return [
                Finding(
                    .wrongDuty,
                    ["verify"],
                    message,
                    hint: "duties stay apart: declare a role of kind verify for it"
                )
            ]
        }
        return []
    }

    private func answerFindings(_ vote: VotePolicy, of role: Role, _ profiles: [Profile]?) -> [Finding] {
        var faults: [Finding] = []
        if role.kind == .verify {
            let hint = "let the role that it verifies be voted on"
            faults.append(Finding(.misplacedPart, [], "a verifier is not voted on itself", hint: hint))
        }
        if profiles?.first(where: { $0.name == role.performer })?.provider == .person {
            let hint = "leave vote out, or give the role to another performer"
            faults.append(Finding(.misplacedPart, [], "a person is not asked the same thing several times", hint: hint))
        }
        if role.repairs != Role.usualRepairs, role.repairs != 0 {
            let hint = "leave repairs out: a sample that does not fit is discarded"
            faults.append(Finding(.misplacedPart, [], "samples are never sent back to be mended", hint: hint))
        }
        if vote.sameWhen.count > Limits.sameWhen.upperBound {
            let message = "\(vote.sameWhen.count) parts must be equal"
            let hint = "at most \(Limits.sameWhen.upperBound) are accepted"
            faults.append(Finding(.outOfLimits, ["same-when"], message, hint: hint))
        }
        for (index, pointer) in vote.sameWhen.enumerated() where vote.sameWhen[..<index].contains(pointer) {
            let message = "“\(pointer)” is listed twice"
            faults.append(Finding(.duplicate, ["same-when", .index(index)], message, hint: "leave one of them out"))
        }
        return faults
    }

    /// The roles that verify the samples of others.
    var verifiers: [RoleName] {
        roles.compactMap { if case .verified(let name, _)? = $0.vote?.rule { name } else { nil } }
    }
}
