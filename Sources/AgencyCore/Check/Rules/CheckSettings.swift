// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What somebody decided about rules and findings: which weigh otherwise, and which are known and accepted.
public struct CheckSettings: Hashable, Sendable, Codable {
    /// The rules that weigh otherwise.
    public var severities: [Setting]
    /// The findings that are known and accepted.
    public var accepted: [Acceptance]

    /// Makes settings.
    public init(severities: [Setting] = [], accepted: [Acceptance] = []) {
        self.severities = severities
        self.accepted = accepted
    }

    /// One rule that weighs otherwise.
    public struct Setting: Hashable, Sendable, Codable {
        /// The number of the rule.
        public var rule: String
        /// What its findings do from now on.
        public var severity: Severity
        /// Why.
        public var reason: String

        /// Makes a setting.
        public init(rule: String, severity: Severity, reason: String) {
            self.rule = rule
            self.severity = severity
            self.reason = reason
        }
    }

    /// One finding that is known and accepted.
    public struct Acceptance: Hashable, Sendable, Codable {
        /// The number of the rule.
        public var rule: String
        /// The fingerprint of the finding.
        public var fingerprint: String
        /// Why.
        public var reason: String

        /// Makes an acceptance.
        public init(rule: String, fingerprint: String, reason: String) {
            self.rule = rule
            self.fingerprint = fingerprint
            self.reason = reason
        }
    }

    /// Finds what is wrong with the settings themselves.
    ///
    /// - Returns: The findings, with paths that begin at the settings.
    public func findings() -> [Finding] {
        var findings: [Finding] = []
        for (index, setting) in severities.enumerated() {
            let place: [Finding.Part] = ["severities", .name(setting.rule)]
            let isSecond = severities[..<index].contains { $0.rule == setting.rule }
            findings += faults(of: setting.rule, reason: setting.reason, at: place, isSecond: isSecond)
            if let rule = Rule.named(setting.rule), rule.isFirm, setting.severity < rule.severity {
                let message = "\(rule) cannot be a mere \(setting.severity.rawValue)"
                let hint = "mend what it finds; rules that are errors of themselves are never relaxed"
                findings.append(Finding(.firmRule, place, message, hint: hint, in: .settings))
            }
        }
        for (index, acceptance) in accepted.enumerated() {
            let place: [Finding.Part] = ["accepted", .index(index)]
            let isSecond = accepted[..<index].contains {
                $0.fingerprint == acceptance.fingerprint && $0.rule == acceptance.rule
            }
            findings += faults(of: acceptance.rule, reason: acceptance.reason, at: place, isSecond: isSecond)
            if let rule = Rule.named(acceptance.rule), rule.isFirm {
                let message = "a finding of \(rule) cannot be accepted"
                let hint = "mend it; what rules find that are errors of themselves is never accepted"
                findings.append(Finding(.firmRule, place, message, hint: hint, in: .settings))
            }
        }
        return findings
    }

    private func faults(of rule: String, reason: String, at place: [Finding.Part], isSecond: Bool) -> [Finding] {
        var findings: [Finding] = []
        func fail(_ broken: Rule, _ message: String, _ hint: String) {
            findings.append(Finding(broken, place, message, hint: hint, in: .settings))
        }
        if Rule.named(rule) == nil {
            let hint = "agency check --list-rules shows them all"
            fail(.unknownReference, "no rule has the number “\(rule.shortened)”", hint)
        }
        if Rule.named(rule)?.matter == .plans {
            fail(
                .wrongValue,
                "“\(rule)” is about plans, which come later",
                "leave it out: it is told where a person chooses"
            )
        }
        if isSecond { fail(.duplicate, "“\(rule.shortened)” is there twice", "leave one of them out") }
        if reason.trimmingWhitespace.isEmpty {
            fail(.missingPart, "there is no reason", "say why, for whoever reads it in a year")
        }
        return findings
    }
}
