// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency
import Synchronization

/// A ledger with a restless person beside it, who rewrites the goals each time that the options are put before them.
///
/// This makes a run of any length out of a bounded architecture, without reading its record again each time.
final class RestlessStore: WrappingLedgerStore {
    let store: any LedgerStore
    private let wanted: Int
    private let completed = Mutex(0)

    /// Stands between a store and its users until so many episodes are completed.
    init(wrapping store: any LedgerStore, until wanted: Int) {
        self.store = store
        self.wanted = wanted
    }

    func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        let entries = try await store.append(
            events,
            artefacts: artefacts,
            to: run,
            after: head,
            row: row,
            durability: durability
        )
        guard let last = entries.last else { return entries }
        let recorded = try RecordedEvent(sequence: last.sequence, storedBytes: last.bytes)
        switch recorded.event {
        case .episodeCompleted: completed.withLock { $0 += 1 }
        case .choiceRequested where completed.withLock({ $0 }) < wanted:
            let edit = GoalsEdited(
                goals: [Board.goal],
                person: "benchmark",
                identifiedBy: "being the benchmark",
                reason: "on second thoughts"
            )
            let next = RecordedEvent(
                sequence: last.sequence + 1,
                atMilliseconds: recorded.atMilliseconds,
                event: .goalsEdited(edit)
            )
            _ = try await store.append([try next.storedBytes()], artefacts: [], to: run, after: Head(last), row: nil)
        default: break
        }
        return entries
    }
}
