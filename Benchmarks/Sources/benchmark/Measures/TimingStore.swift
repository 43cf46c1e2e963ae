// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency
import Synchronization

/// Takes the time of every append.
final class TimingStore: WrappingLedgerStore {
    struct Figures: Sendable {
        var seconds: [Double] = []
        var events = 0
    }

    let store: any LedgerStore
    private let state = Mutex(Figures())

    init(wrapping store: any LedgerStore) { self.store = store }

    var figures: Figures { state.withLock { $0 } }

    func forget() { state.withLock { $0 = Figures() } }

    func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        let clock = ContinuousClock()
        let start = clock.now
        let entries = try await store.append(
            events,
            artefacts: artefacts,
            to: run,
            after: head,
            row: row,
            durability: durability
        )
        let time = start.duration(to: clock.now).inSeconds
        state.withLock { figures in
            figures.seconds.append(time)
            figures.events += events.count
        }
        return entries
    }
}
