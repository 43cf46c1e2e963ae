// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What an import did.
public enum ImportOutcome: Sendable, Hashable {
    /// The run was not here, and is now, with so many events.
    case imported(Int)
    /// The run was here up to some event, and has so many more now.
    case extended(Int)
    /// The run was here already, the same, with so many events more than the file has.
    case alreadyHere(beyond: Int)
}
