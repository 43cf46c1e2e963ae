// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Synchronization

/// Looks out for people's words to all the runs that a process works on, with one query for all of them.
///
/// It looks often while that is cheap, and the more seldom the longer it takes.
final class Lookout: Sendable {
    private struct Watched {
        /// Tells one wait for a run from a later one for the same run.
        var id: Int
        /// The first event that has not been looked at.
        var next: Int
        var continuation: CheckedContinuation<Bool, Never>?
    }

    /// How often it looks at most; people wait a second at most until a pause is heeded.
    static let period = Duration.milliseconds(400)
    /// The part of its time that it may spend on looking.
    private static let share = 20
    private let watched = Mutex<[RunID: Watched]>([:])
    private let waits = Mutex(0)

    /// How many runs it watches.
    var count: Int { watched.withLock { $0.count } }

    /// Waits until a person has paused or stopped the run or rewritten its goals, or another worker has taken it.
    ///
    /// - Returns: Whether that happened; `false` when the task was cancelled.
    func wait(for run: RunID, from next: Int) async -> Bool {
        let id = waits.withLock { count in
            count += 1
            return count
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isWanted, earlier) = watched.withLock { watched -> (Bool, Watched?) in
                    guard !Task.isCancelled else { return (false, nil) }
                    return (
                        true, watched.updateValue(Watched(id: id, next: next, continuation: continuation), forKey: run)
                    )
                }
                // This process has taken the run once more: whoever held it before has lost it.
                earlier?.continuation?.resume(returning: true)
                if !isWanted { continuation.resume(returning: false) }
            }
        } onCancel: {
            let cancelled = watched.withLock { watched -> Watched? in
                watched[run]?.id == id ? watched.removeValue(forKey: run) : nil
            }
            cancelled?.continuation?.resume(returning: false)
        }
    }

    /// Takes note of what the worker itself has appended, so that it is not read again.
    func know(_ sequence: Int, of run: RunID) {
        watched.withLock { watched in
            guard let next = watched[run]?.next, next <= sequence else { return }
            watched[run]?.next = sequence + 1
        }
    }

    /// Looks until the task is cancelled.
    func look(in store: any LedgerStore, clock: any Clock<Duration>) async {
        let elapsed = reading(clock)
        var pause = Self.period
        while !Task.isCancelled {
            do { try await clock.sleep(for: pause) } catch { return }
            let start = elapsed()
            // A store that cannot be read now is looked at again later: no reason to lose what is being performed.
            do { try await lookOnce(in: store) } catch {}
            pause = max(Self.period, (elapsed() - start) * Self.share)
        }
    }

    private func lookOnce(in store: any LedgerStore) async throws {
        let runs = watched.withLock { Array($0.keys) }
        guard !runs.isEmpty else { return }
        for row in try await store.rows(of: runs) {
            guard let next = watched.withLock({ $0[row.run]?.next }), row.events > next else { continue }
            let entries = try await store.entries(of: row.run, from: next, limit: 256)
            for entry in entries {
                know(entry.sequence, of: row.run)
                let event = try RecordedEvent(sequence: entry.sequence, storedBytes: entry.bytes).event
                if event.isDisturbance { tell(row.run) }
            }
        }
    }

    private func tell(_ run: RunID) {
        watched.withLock { $0.removeValue(forKey: run) }?.continuation?.resume(returning: true)
    }
}
