// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Synchronization

/// Looks out for runs for which nobody has chosen in time: nothing else would have anybody work on them.
///
/// A run is read only when something has happened to it since it was last looked at.
final class Deadlines: Sendable {
    private struct Known {
        let events: Int
        let deadline: Int64?
    }

    /// How often it looks.
    static let period = Duration.seconds(5)
    private static let most = 100_000
    private let known = Mutex<[RunID: Known]>([:])

    /// Records of each run that waits for a choice for too long that nobody has chosen in time.
    ///
    /// A run that cannot be read is passed over until something happens to it.
    ///
    /// - Throws: what keeps the list of runs from being read.
    func look(_ agency: Agency) async throws {
        for row in try await agency.store.runs() where !row.isDue && !row.isOver {
            try Task.checkCancellation()
            let deadline: Int64?
            if let known = known.withLock({ $0[row.run] }), known.events == row.events {
                deadline = known.deadline
            } else {
                let state = try? await agency.state(of: row.run)
                deadline = state.flatMap { $0.agenda() == .wait(.choice) ? $0.choiceDeadline : nil }
                known.withLock { known in
                    if known.count >= Self.most { known.removeAll() }
                    known[row.run] = Known(events: row.events, deadline: deadline)
                }
            }
            guard let deadline, deadline < agency.now() else { continue }
            do { try await agency.giveUpOverdue(row.run) } catch { continue }
        }
    }
}

extension Agency {
    /// Records that nobody has chosen in time, where that is so; whoever works on the run then ends it.
    ///
    /// - Returns: Whether it was recorded.
    /// - Throws: ``RuntimeError``; what keeps the ledger from being written.
    @discardableResult
    func giveUpOverdue(_ run: RunID) async throws -> Bool {
        var journal = try await journal(of: run)
        return try await !journal.append { $0.overdue(at: now()) }.isEmpty
    }
}

extension RunState {
    /// What is on record of a choice that nobody made in time.
    func overdue(at now: Int64) -> [Event] {
        guard agenda() == .wait(.choice), let choiceDeadline, isOverdue(at: max(now, updatedAtMilliseconds)) else {
            return []
        }
        return [.choiceOverdue(ChoiceOverdue(deadlineMilliseconds: choiceDeadline))]
    }
}
