// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// One append on its way to the disk.
struct PendingAppend: Sendable {
    let run: RunID
    /// The head that the entries were hashed after.
    let head: Head
    let entries: [Entry]
    let artefacts: [Artefact]
    let row: RunRow?

    /// About how much it adds to a transaction.
    var byteCount: Int {
        entries.reduce(0) { $0 + $1.bytes.count } + artefacts.reduce(0) { $0 + $1.bytes.count }
    }
}
