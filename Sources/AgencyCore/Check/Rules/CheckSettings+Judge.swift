// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension CheckSettings {
    /// What is left of findings once the settings are applied.
    public struct Judged: Hashable, Sendable {
        /// The findings that stand, with the severity that they have now; none that is off.
        public var standing: [FingerprintedFinding] = []
        /// The findings that are accepted, each with why.
        public var accepted: [Accepted] = []
    }

    /// A finding that somebody accepted.
    public struct Accepted: Hashable, Sendable {
        /// The finding.
        public var finding: FingerprintedFinding
        /// Why.
        public var reason: String
    }

    /// Applies the settings.
    ///
    /// What rules find that are errors of themselves stands, whatever the settings say; ``findings()`` tells of those.
    ///
    /// - Parameters:
    ///   - findings: What was found.
    ///   - name: The name of the architecture.
    /// - Returns: What stands and what is accepted. Acceptances that nothing was found for are findings themselves.
    public func judge(_ findings: [Finding], in name: String) -> Judged {
        var judged = Judged()
        var used: Set<Int> = []
        for var one in findings.fingerprinted(in: name) {
            let rule = one.finding.rule
            if let set = severities.first(where: { $0.rule == rule.id })?.severity {
                one.finding.severity = rule.isFirm ? max(set, rule.severity) : set
            }
            let acceptance = accepted.firstIndex { $0.rule == rule.id && $0.fingerprint == one.fingerprint }
            if let acceptance { used.insert(acceptance) }
            if let acceptance, !rule.isFirm {
                judged.accepted.append(Accepted(finding: one, reason: accepted[acceptance].reason))
            } else if one.finding.severity != .off {
                judged.standing.append(one)
            }
        }
        // An acceptance that nothing could make use of has a finding of its own.
        let stale = accepted.indices.filter { index in
            !used.contains(index) && Rule.named(accepted[index].rule)?.isFirm == false
        }.map { index in
            let acceptance = accepted[index]
            return Finding(
                .staleAcceptance,
                ["accepted", .index(index)],
                "nothing is found that \(acceptance.rule.shortened) \(acceptance.fingerprint.shortened) would accept",
                hint: "leave it out; if the finding is there under another fingerprint, look at it anew",
                about: acceptance.fingerprint,
                in: .settings
            )
        }
        judged.standing += stale.fingerprinted(in: name)
        return judged
    }
}
