// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Dispatch
import Foundation
import GRDB
import Synchronization

/// Writes the appends of all callers, in order, on a thread of its own.
///
/// Whatever has gathered while the disk was busy is committed together. The thread resumes the callers itself, so that an
/// append costs one hand-over each way. Where appends come one by one, as of a single run, each caller writes its own:
/// of the threads of Swift's tasks, one at most waits for the disk.
final class LedgerWriter: Sendable {
    /// How long relaxed appends that nobody waits for may gather.
    private static let gathering = DispatchTimeInterval.milliseconds(5)
    /// How long there must have been nothing to write before the log is copied back, when there is much in it.
    private static let idleness = DispatchTimeInterval.milliseconds(50)
    /// After how many transactions of one append each the next is expected to come alone as well.
    private static let lonelyEnough = 16

    private struct State {
        var queue = WriteQueue()
        var rest = Rest.none
        /// How many transactions in a row had one append, and nobody waiting behind it.
        var lonely = 0
        /// How many transactions there were.
        var transactions = 0
        var isStarted = false
        var isClosed = false
        var stopped: LedgerError?

        var isAlone: Bool { lonely >= LedgerWriter.lonelyEnough && queue.openCount == 0 }
    }

    /// Why the thread sleeps.
    private enum Rest {
        case none
        /// Nothing is to be written.
        case idle
        /// Nothing was to be written for a while, and there is nothing else to do.
        case asleep
        /// What is to be written can wait for more.
        case gathering
    }

    private enum Next {
        case write([WriteQueue.Item])
        case rest(Rest)
        case end
    }

    private let pool: DatabasePool
    private let path: String
    private let state = Mutex(State())
    /// Held by whoever writes; taken before ``state``.
    private let writing: Mutex<BatchWriter>
    private let bell = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)

    /// How many appends and flushes are not written yet, those that are being written among them.
    var openCount: Int { state.withLock { $0.queue.openCount } }

    /// Whether the next append is expected to come alone, so that its caller writes it.
    var isAlone: Bool { state.withLock { $0.isAlone } }

    init(pool: DatabasePool, path: String) {
        self.pool = pool
        self.path = path
        writing = Mutex(BatchWriter(path: path))
    }

    /// Appends; returns when the append is on disk, or, relaxed, when its place in the order is certain.
    func append(_ append: PendingAppend, _ durability: Durability) async throws(LedgerError) {
        if durability == .relaxed {
            let (place, mustRing) = try placeRelaxed(append)
            if mustRing { bell.signal() }
            switch place {
            case .accepted: return
            case .refused(let error): throw error
            case .mustWait: break
            }
        }
        if let result = writeAlone(append) { return try result.get() }
        let result = await withCheckedContinuation { answer in
            enqueue(answer) { queue in
                if let error = queue.fault(of: append.run, expected: append.head) { return error }
                queue.place(append, answer)
                return nil
            }
        }
        try result.get()
    }

    /// Waits until the relaxed appends of a run, or of all runs, can be read; from then on the run can be appended to
    /// again, whatever was lost before.
    func flush(_ run: RunID?) async {
        guard state.withLock({ $0.queue.hasRelaxed(run) }) else { return }
        _ = await withCheckedContinuation { answer in
            enqueue(answer) { queue in
                queue.placeBarrier(answer)
                return nil
            }
        }
    }

    /// Lets a run be appended to whose callers have been told to read it again.
    func mend(_ run: RunID) { state.withLock { $0.queue.mend(run) } }

    /// Writes what waits and ends the thread; from then on every append fails.
    func close() {
        let (isLast, isStarted) = state.withLock { state in
            defer { state.isClosed = true }
            return (!state.isClosed, state.isStarted)
        }
        guard isLast, isStarted else { return }
        bell.signal()
        ended.wait()
    }

    /// Lets the thread end when it has written what waits, without waiting for it.
    func abandon() {
        state.withLock { $0.isClosed = true }
        bell.signal()
    }

    private func placeRelaxed(_ append: PendingAppend) throws(LedgerError) -> (WriteQueue.Place, mustRing: Bool) {
        try state.withLock { state throws(LedgerError) in
            if let error = self.fault(state) { throw error }
            let place = state.queue.placeRelaxed(append)
            guard case .accepted = place else { return (place, false) }
            return (place, Self.wakes(&state))
        }
    }

    private func enqueue(_ answer: WriteQueue.Answer, _ place: (inout WriteQueue) -> LedgerError?) {
        var mustRing = false
        var mustStart = false
        let error = state.withLock { state -> LedgerError? in
            if let error = fault(state) ?? place(&state.queue) { return error }
            mustRing = Self.wakes(&state)
            mustStart = !state.isStarted
            state.isStarted = true
            return nil
        }
        if let error { return answer.resume(returning: .failure(error)) }
        if mustRing { bell.signal() }
        if mustStart { start() }
    }

    private func fault(_ state: borrowing State) -> LedgerError? {
        if let stopped = state.stopped { return stopped }
        return state.isClosed ? LedgerError(.unavailable, "\(path) is closed; open it again") : nil
    }

    /// Whether the thread has to be woken for what was added.
    private static func wakes(_ state: inout State) -> Bool {
        switch state.rest {
        case .none: return false
        case .gathering where mayGather(state.queue): return false
        case .idle, .asleep, .gathering:
            state.rest = .none
            return true
        }
    }

    private static func mayGather(_ queue: borrowing WriteQueue) -> Bool {
        queue.answers == 0 && queue.items.count < WriteQueue.enough && queue.bytes < WriteQueue.enoughBytes
    }

    private func start() {
        let thread = Thread {
            self.run()
            self.ended.signal()
        }
        thread.name = "ledger"
        thread.start()
    }

    private func run() {
        var hasGathered = false
        while true {
            switch next(hasGathered) {
            case .write(let items):
                hasGathered = false
                writing.withLock { _ = write(items, $0) }
            case .rest(let rest):
                let timeout = rest == .idle ? Self.idleness : Self.gathering
                let before = state.withLock { $0.transactions }
                let isOver = bell.wait(timeout: .now() + timeout) == .timedOut
                hasGathered = rest == .gathering
                guard isOver, rest == .idle, state.withLock({ $0.transactions }) == before else { continue }
                writing.withLock { $0.checkpoint(pool) }
                state.withLock { if $0.rest == .idle { $0.rest = .asleep } }
                bell.wait()
            case .end:
                // The statements of the connection have to be gone before it can be closed.
                return writing.withLock { $0 = BatchWriter(path: path) }
            }
        }
    }

    private func next(_ hasGathered: Bool) -> Next {
        state.withLock { state in
            state.rest = .none
            guard !state.queue.items.isEmpty else {
                if state.isClosed { return .end }
                state.rest = .idle
                return .rest(.idle)
            }
            if !hasGathered, !state.isClosed, Self.mayGather(state.queue) {
                state.rest = .gathering
                return .rest(.gathering)
            }
            return .write(state.queue.takeBatch())
        }
    }

    /// Writes an append on its caller's thread where appends have come one by one and nobody else writes: handing it over
    /// and back would take as long as the disk does.
    ///
    /// - Returns: `nil` when it has to be written together with others, or after them.
    private func writeAlone(_ append: PendingAppend) -> Result<Void, LedgerError>? {
        writing.withLockIfAvailable { writer -> Result<Void, LedgerError>? in
            var mustRing = false
            let item = state.withLock { state -> WriteQueue.Item? in
                guard state.isAlone, fault(state) == nil else { return nil }
                // Once this is written, there may be something to copy back when nothing more comes.
                mustRing = state.rest == .asleep
                if mustRing { state.rest = .none }
                return state.queue.placeAlone(append)
            }
            guard let item else { return nil }
            let result = write([item], writer)[0]
            if mustRing { bell.signal() }
            return result
        } ?? nil
    }

    /// - Returns: What came of each.
    private func write(_ items: [WriteQueue.Item], _ writer: BatchWriter) -> [Result<Void, LedgerError>] {
        // Those who build on what was lost are refused before they are tried.
        var results: [Result<Void, LedgerError>?] = state.withLock { state in
            items.map { item in
                if let stopped = state.stopped { return .failure(stopped) }
                guard let append = item.append else { return .success(()) }
                return state.queue.fault(of: append.run, expected: append.head).map { .failure($0) }
            }
        }
        let open = items.indices.filter { results[$0] == nil }
        let batch = open.compactMap { items[$0].append }
        if !batch.isEmpty {
            switch pool.writeWithoutTransaction({ db in writer.write(batch, in: db) }) {
            case .written(let written):
                for (index, result) in zip(open, written) { results[index] = result }
            case .failed(let error, let mustStop):
                for index in open { results[index] = .failure(error) }
                if mustStop { state.withLock { $0.stopped = error } }
            }
        }
        state.withLock { state in
            for (item, result) in zip(items, results) { if let result { state.queue.settle(item, result) } }
            state.transactions += 1
            state.lonely = items.count == 1 && state.queue.items.isEmpty ? state.lonely + 1 : 0
        }
        for (item, result) in zip(items, results) { if let result { item.answer?.resume(returning: result) } }
        return results.map { $0 ?? .success(()) }
    }
}
