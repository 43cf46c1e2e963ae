// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import AgencyCore
import AgencyLedger

/// Gathers the appends that arrive while the server is busy and sends them together, as one statement and transaction.
///
/// The first callers become the writers for everybody who waits; when a writer is done it hands the pen to the first of
/// those who came in the meantime, so nobody writes for others for ever and no task is started.
actor PostgresCommits {
    /// The most appends of one transaction, so that the first of them does not wait long for the last.
    private static let maximumAppends = 512
    /// The most bytes of one transaction, for the same reason; a single larger append still goes alone.
    private static let maximumBytes = 16 << 20

    private struct Waiter {
        let append: PendingAppend
        let continuation: CheckedContinuation<Turn, Never>
    }

    private enum Turn: Sendable {
        case write
        case settled(Result<Void, LedgerError>)
    }

    private let writer: PostgresWriter
    private let writers: Int
    private var writing = 0
    private var waiting: [Waiter] = []

    /// Makes the gate to a writer.
    ///
    /// - Parameters:
    ///   - writer: What sends a batch.
    ///   - writers: How many transactions may be under way at once.
    init(_ writer: PostgresWriter, writers: Int) {
        self.writer = writer
        self.writers = max(1, writers)
    }

    func append(_ append: PendingAppend) async throws(LedgerError) {
        if writing >= writers {
            let turn = await withCheckedContinuation { continuation in
                waiting.append(Waiter(append: append, continuation: continuation))
            }
            if case .settled(let result) = turn { return try result.get() }
        } else {
            writing += 1
        }
        let followers = takeFollowers(of: append)
        // In the order of their runs, so that two transactions never wait for each other.
        let batch = ([append] + followers.map(\.append)).enumerated().sorted { $0.element.run < $1.element.run }
        let results = await writer.write(batch.map(\.element))
        var own: Result<Void, LedgerError> = .success(())
        for ((place, _), result) in zip(batch, results) {
            if place == 0 {
                own = result
            } else {
                followers[place - 1].continuation.resume(returning: .settled(result))
            }
        }
        passOn()
        try own.get()
    }

    /// One append of each run at most: the second could not be told from the first.
    private func takeFollowers(of first: PendingAppend) -> [Waiter] {
        var bytes = first.byteCount
        var runs: Set<RunID> = [first.run]
        var taken: [Waiter] = []
        var left: [Waiter] = []
        for (place, waiter) in waiting.enumerated() {
            guard taken.count < Self.maximumAppends - 1, bytes + waiter.append.byteCount <= Self.maximumBytes else {
                left += waiting[place...]
                break
            }
            if runs.insert(waiter.append.run).inserted {
                bytes += waiter.append.byteCount
                taken.append(waiter)
            } else {
                left.append(waiter)
            }
        }
        waiting = left
        return taken
    }

    /// The pen counts as in use while it is on its way, so that nobody slips in between.
    private func passOn() {
        if waiting.isEmpty {
            writing -= 1
        } else {
            waiting.removeFirst().continuation.resume(returning: .write)
        }
    }
}
#endif
