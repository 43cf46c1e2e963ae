// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What checking some files together came to.
public struct CheckReport: Sendable {
    /// The architecture, if it can be read.
    public internal(set) var architecture: Architecture?
    /// The worst case, if there is a brief and both can be read.
    public internal(set) var bounds: Bounds?
    /// What stands, file by file and in the order of the places: architecture, brief, profiles, settings.
    public internal(set) var faults: [Fault] = []
    /// What was found and is accepted.
    public internal(set) var accepted: [Accepted] = []
    /// What belongs on the record of a run, if there is anything.
    public internal(set) var record: CheckRecord?

    /// One fault that is known and accepted.
    public struct Accepted: Hashable, Sendable {
        /// The fault.
        public var fault: Fault
        /// Why it is accepted.
        public var reason: String
    }

    /// How many faults of a severity stand.
    public func count(_ severity: Severity) -> Int { faults.count { $0.severity == severity } }

    /// Whether the architecture may run.
    public var passes: Bool { architecture != nil && count(.error) == 0 }

    /// Settings that accept what stands and can be accepted, for a baseline.
    ///
    /// - Parameter reason: Why.
    /// - Returns: The acceptances in the order of the faults; what is an error of itself is not among them.
    public func acceptances(because reason: String) -> [CheckSettings.Acceptance] {
        faults.filter { !$0.rule.isFirm && !$0.fingerprint.isEmpty && $0.rule != .staleAcceptance }.map {
            CheckSettings.Acceptance(rule: $0.rule.id, fingerprint: $0.fingerprint, reason: reason)
        }
    }
}
