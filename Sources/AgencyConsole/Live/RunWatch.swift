// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyRuntime
import NIOCore
import Synchronization

/// Looks at the runs that somebody watches, once for all who do, and tells them.
///
/// A thousand pages of one run cost the ledger one look every half a second, and what is new is read and written out once.
final class RunWatch: Sendable {
    /// What is new of a run: events written out, and the last of them.
    struct News: Sendable {
        var first: Int
        var last: Int
        var text: ByteBuffer
    }

    private struct Place {
        /// Where the record ended when it was last looked at; `nil` before the first look.
        var end: Int?
        /// The newest events, written out.
        var newest: News?
        var watchers: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private struct State {
        var places: [RunID: Place] = [:]
        var counter = 0
    }

    private let state = Mutex(State())
    private let agency: Agency
    private let clock: any Clock<Duration>

    /// How often the record is looked at.
    private static let pause = Duration.milliseconds(500)
    /// After how many looks without anything new a sign of life is sent.
    static let patience = 30
    private static let page = 256

    init(agency: Agency, clock: any Clock<Duration>) {
        self.agency = agency
        self.clock = clock
    }

    /// Looks until the task is cancelled.
    func run() async throws {
        while true {
            try await clock.sleep(for: Self.pause)
            let runs = state.withLock { state in
                // Whom nobody has asked about since the last look is watched no more.
                state.places = state.places.filter { !$0.value.watchers.isEmpty }
                return Array(state.places.keys)
            }
            for run in runs {
                // A ledger that cannot be read now is looked at again; whoever watches hears signs of life meanwhile.
                if let end = try? await agency.store.head(of: run).sequence { try? await look(run, end) }
                let watchers = state.withLock { state in
                    let watchers = state.places[run]?.watchers.values.map(\.self) ?? []
                    state.places[run]?.watchers = [:]
                    return watchers
                }
                for watcher in watchers { watcher.resume() }
            }
        }
    }

    /// Reads what is new, once for all.
    private func look(_ run: RunID, _ end: Int) async throws {
        let before = state.withLock { state in
            defer { state.places[run]?.end = end }
            return state.places[run]?.end
        }
        guard let before, end > before, let news = try await read(run, after: before) else { return }
        state.withLock { $0.places[run]?.newest = news }
    }

    private func read(_ run: RunID, after last: Int) async throws -> News? {
        let events = try await agency.events(of: run, from: last + 1, limit: Self.page)
        guard let newest = events.last else { return nil }
        return News(
            first: last + 1,
            last: newest.sequence,
            text: ByteBuffer(string: events.map(RunFeed.text).joined())
        )
    }

    /// What is new of a run, at once where there is something, else after the next look.
    ///
    /// - Returns: `nil` when nothing is.
    func news(of run: RunID, after last: Int) async throws -> News? {
        let place = state.withLock { $0.places[run] }
        // Before the first look it is not known where the record ends.
        guard let end = place?.end else {
            if let news = try await read(run, after: last) { return news }
            await wait(run)
            return nil
        }
        guard end > last else {
            await wait(run)
            return nil
        }
        // Most have heard all but the newest, which is written out already.
        if let newest = place?.newest, newest.first == last + 1 { return newest }
        return try await read(run, after: last)
    }

    /// Waits for the next look.
    private func wait(_ run: RunID) async {
        let number = state.withLock { state in
            state.counter += 1
            return state.counter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { $0.places[run, default: Place()].watchers[number] = continuation }
                // Whoever was cancelled before may not have been found to wait.
                if Task.isCancelled { release(run, number) }
            }
        } onCancel: {
            release(run, number)
        }
    }

    private func release(_ run: RunID, _ number: Int) {
        let waiter = state.withLock { $0.places[run]?.watchers.removeValue(forKey: number) }
        waiter?.resume()
    }
}
#endif
