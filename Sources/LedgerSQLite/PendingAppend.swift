// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// One append on its way to the disk.
struct PendingAppend: Sendable {
    let run: RunID
    /// The head that the entries were hashed after.
    let head: Head
    /// Where the run ends once they are stored.
    let newHead: Head
    let entries: [Entry]
    let artefacts: [ChunkedArtefact]
    let row: RunRow?
    /// About how much it adds to a transaction.
    let byteCount: Int

    init(run: RunID, head: Head, entries: [Entry], artefacts: [Artefact], row: RunRow?) {
        self.run = run
        self.head = head
        newHead = entries.last.map(Head.init(_:)) ?? head
        self.entries = entries
        self.artefacts = artefacts.map { ChunkedArtefact($0) }
        self.row = row
        byteCount = entries.reduce(0) { $0 + $1.bytes.count } + artefacts.reduce(0) { $0 + $1.bytes.count }
    }
}
