// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// A ledger with a place before and after each append, at which a rehearsal looks or is killed.
struct RehearsalStore: WrappingLedgerStore {
    /// A side of an append.
    enum Side: String, Sendable, CaseIterable {
        /// Nothing of it is stored.
        case before
        /// All of it is stored, and nobody has been told.
        case after
    }

    let store: any LedgerStore
    let reach: @Sendable (Side, [RecordedEvent]) async throws -> Void

    func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        var recorded: [RecordedEvent] = []
        for (offset, bytes) in events.enumerated() {
            recorded.append(try RecordedEvent(sequence: head.sequence + 1 + offset, storedBytes: bytes))
        }
        try await reach(.before, recorded)
        let entries = try await store.append(
            events,
            artefacts: artefacts,
            to: run,
            after: head,
            row: row,
            durability: durability
        )
        try await reach(.after, recorded)
        return entries
    }
}
