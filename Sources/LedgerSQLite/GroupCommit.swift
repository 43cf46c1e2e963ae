// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyLedger
import GRDB

/// Gathers the appends that arrive while the disk is busy and commits them together.
///
/// The first caller becomes the writer for everybody who waits; when its transaction is done it hands the pen to the
/// first of those who came in the meantime, so nobody writes for others for ever and no task is started.
actor GroupCommit {
    /// The most appends of one transaction, so that the first of them does not wait long for the last.
    private static let maximumAppends = 1024
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

    /// How many appends wait for the one that is being written.
    var waitingCount: Int { waiting.count }

    private let pool: DatabasePool
    private let path: String
    private var waiting: [Waiter] = []
    private var isWriting = false
    private var stopped: LedgerError?

    init(pool: DatabasePool, path: String) {
        self.pool = pool
        self.path = path
    }

    func append(_ append: PendingAppend) async throws(LedgerError) {
        if isWriting {
            let turn = await withCheckedContinuation { continuation in
                waiting.append(Waiter(append: append, continuation: continuation))
            }
            if case .settled(let result) = turn { return try result.get() }
        }
        isWriting = true
        let followers = takeFollowers(of: append)
        let results = await commit([append] + followers.map(\.append))
        for (follower, result) in zip(followers, results.dropFirst()) {
            follower.continuation.resume(returning: .settled(result))
        }
        passOn()
        try results[0].get()
    }

    private func takeFollowers(of first: PendingAppend) -> [Waiter] {
        var bytes = first.byteCount
        var count = 0
        for waiter in waiting.prefix(Self.maximumAppends - 1) {
            bytes += waiter.append.byteCount
            guard bytes <= Self.maximumBytes else { break }
            count += 1
        }
        defer { waiting.removeFirst(count) }
        return Array(waiting.prefix(count))
    }

    /// `isWriting` stays true while the pen is on its way, so that nobody slips in between.
    private func passOn() {
        if waiting.isEmpty {
            isWriting = false
        } else {
            waiting.removeFirst().continuation.resume(returning: .write)
        }
    }

    private func commit(_ batch: [PendingAppend]) async -> [Result<Void, LedgerError>] {
        if let stopped { return batch.map { _ in .failure(stopped) } }
        let path = path
        // Not the pool's own async write: that one is undone when the calling task is cancelled, and the calling task
        // is only one of those whose appends are in the batch.
        let outcome = await withCheckedContinuation { continuation in
            pool.asyncWriteWithoutTransaction { db in
                continuation.resume(returning: BatchWriter.write(batch, in: db, path: path))
            }
        }
        switch outcome {
        case .written(let results): return results
        case .failed(let error, let mustStop):
            if mustStop { stopped = error }
            return batch.map { _ in .failure(error) }
        }
    }
}
