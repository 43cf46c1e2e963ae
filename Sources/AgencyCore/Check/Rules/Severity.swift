// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What a finding does to whoever wants to run the architecture.
public enum Severity: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// It is not shown.
    case off
    /// It is shown.
    case note
    /// It is shown, and goes onto the record of a run.
    case warning
    /// The architecture is refused before anything is performed.
    case error

    /// Orders from off to error.
    public static func < (left: Severity, right: Severity) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}
