// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

package import AgencyCore
import Synchronization

/// Tells those who listen within this process which runs have become due.
package final class WakeUpBoard: Sendable {
    private struct State {
        var next = 0
        var listeners: [Int: AsyncStream<RunID>.Continuation] = [:]
        /// The runs that were due when a row of theirs was stored last.
        var due: Set<RunID> = []
    }

    private static let maximumDue = 200_000

    /// Who does not keep up loses the oldest hints; it finds those runs when it asks.
    private static let maximumWaiting = 1024
    private let state = Mutex(State())

    package init() {}

    /// How many listen.
    package var listeners: Int { state.withLock { $0.listeners.count } }

    package func listen() -> AsyncStream<RunID> {
        let (stream, continuation) = AsyncStream<RunID>.makeStream(
            bufferingPolicy: .bufferingNewest(Self.maximumWaiting)
        )
        let id = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }

    /// Takes in a row that was stored, and tells of its run when that has become due.
    package func note(_ row: RunRow) {
        let isNew = state.withLock { state in
            guard row.isDue else {
                state.due.remove(row.run)
                return false
            }
            // Forgetting costs a hint too many.
            if state.due.count >= Self.maximumDue { state.due = [] }
            return state.due.insert(row.run).inserted
        }
        if isNew { tell(row.run) }
    }

    package func tell(_ run: RunID) {
        let listeners = state.withLock { $0.listeners.sorted { $0.key < $1.key } }
        for listener in listeners { listener.value.yield(run) }
    }
}
