// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// Watches for a person's word from another process while the episodes of one run are under way.
struct DisturbanceWatch: Sendable {
    let agency: Agency
    let run: RunID
    let from: Int

    /// Returns `true` when a person has paused or stopped the run or rewritten its goals, `false` when it is no longer
    /// wanted or the record cannot be read; whoever appends next is told why.
    func wait() async -> Bool {
        var next = from
        do {
            while true {
                try await agency.clock.sleep(for: .milliseconds(400))
                guard let entries = try await entries(from: next) else { continue }
                for entry in entries {
                    next = entry.sequence + 1
                    let event = try RecordedEvent(sequence: entry.sequence, storedBytes: entry.bytes).event
                    if event.isDisturbance { return true }
                }
            }
        } catch {
            return false
        }
    }

    /// What was appended since, or `nil` when the store is busy: no reason to lose what is being performed.
    private func entries(from next: Int) async throws -> [Entry]? {
        do {
            return try await agency.store.entries(of: run, from: next, limit: 256)
        } catch let error as LedgerError where error.retry != .never {
            return nil
        }
    }
}

extension Event {
    /// Whether what is under way no longer matters after it.
    var isDisturbance: Bool {
        switch self {
        case .runPaused, .runStopped, .goalsEdited, .runClaimed: true
        default: false
        }
    }
}
