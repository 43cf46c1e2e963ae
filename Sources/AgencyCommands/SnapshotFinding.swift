// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger

/// What is known of the snapshot from which a run is opened.
enum SnapshotFinding {
    /// There is none that opening the run would take up.
    case none
    /// There is one, and nobody asked about it.
    case notCompared
    /// It is what the record comes to.
    case asRecorded
    /// It is something else.
    case other(ChainFault)

    /// The stable word for it.
    var word: String {
        switch self {
        case .none: "none"
        case .notCompared: "not-compared"
        case .asRecorded: "as-recorded"
        case .other: "other-state"
        }
    }

    /// What is wrong with it.
    var fault: ChainFault? { if case .other(let fault) = self { fault } else { nil } }
}
