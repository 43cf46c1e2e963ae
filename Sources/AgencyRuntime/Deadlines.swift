// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger

/// Looks out for runs for which nobody has chosen in time: nothing else would have anybody work on them.
struct Deadlines: Sendable {
    /// How often it looks.
    static let period = Duration.seconds(5)
    private let known = RunMemory<Int64?>(most: 100_000)

    /// Records of each run that waits for a choice for too long that nobody has chosen in time.
    ///
    /// A run that cannot be read is passed over until something happens to it.
    ///
    /// - Throws: what keeps the list of runs from being read.
    func look(_ agency: Agency) async throws {
        for row in try await agency.store.runs() where !row.isDue && !row.isOver {
            try Task.checkCancellation()
            let deadline = await known.value(of: row) { (try? await agency.state(of: row.run))?.openDeadline }
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
        guard let openDeadline, isOverdue(at: max(now, updatedAtMilliseconds)) else { return [] }
        return [.choiceOverdue(ChoiceOverdue(deadlineMilliseconds: openDeadline))]
    }
}
