// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How an architecture was checked before a run of it began: the settings, and what stood all the same.
///
/// It is part of the record of a run, so that nobody can later say that a warning was never given, or was off.
public struct CheckRecord: Hashable, Sendable, Codable {
    /// What was decided about rules and findings.
    public var settings: CheckSettings
    /// What stood.
    public var findings: [Entry]
    /// What was found and accepted.
    public var accepted: [Entry]

    /// Makes a record of what was judged.
    public init(settings: CheckSettings, judged: CheckSettings.Judged) {
        self.settings = settings
        findings = judged.standing.map(Entry.init(_:))
        accepted = judged.accepted.map { Entry($0.finding) }
    }

    /// Whether there is nothing to record.
    public var isEmpty: Bool { settings == CheckSettings() && findings.isEmpty && accepted.isEmpty }

    /// One finding, on record.
    public struct Entry: Hashable, Sendable, Codable {
        /// The number of the rule.
        public var rule: String
        /// What it did.
        public var severity: Severity
        /// What it is recognised by.
        public var fingerprint: String
        /// What was wrong, and where.
        public var message: String

        init(_ one: FingerprintedFinding) {
            rule = one.finding.rule.id
            severity = one.finding.severity
            fingerprint = one.fingerprint
            message = one.finding.description
        }
    }
}
