// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Some work that is under way: when something was last heard of it, and what came of it.
final class Exchange<Result: Sendable>: Sendable {
    typealias Work = @Sendable (_ pulse: @escaping @Sendable () -> Void) async throws -> Result

    private struct State {
        var last: Duration
        var outcome: Swift.Result<Result, any Error>?
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// When it began.
    let start: Duration
    private let stopwatch: Stopwatch
    private let work: Work
    private let state: Mutex<State>

    init(on stopwatch: Stopwatch, _ work: @escaping Work) {
        self.stopwatch = stopwatch
        self.work = work
        start = stopwatch.elapsed()
        state = Mutex(State(last: start))
    }

    var now: Duration { stopwatch.elapsed() }
    /// When something was last heard.
    var last: Duration { state.withLock { $0.last } }
    /// What came of it; `nil` while it goes on.
    var outcome: Swift.Result<Result, any Error>? { state.withLock { $0.outcome } }

    /// Does the work, keeps what came of it, and wakes whoever waits for that.
    func perform() async {
        do {
            let result = try await work { [self] in
                let now = now
                state.withLock { $0.last = max($0.last, now) }
            }
            ring { $0.outcome = .success(result) }
        } catch {
            ring { $0.outcome = .failure(error) }
        }
    }

    /// Waits until the work is over or the time is, whether or not the task is cancelled: the work is cancelled with it, and
    /// ends soon.
    func wait(atMost time: Duration) async {
        if let clock = stopwatch.calling {
            let takeBack = clock.call(in: time) { self.ring() }
            await waitForRing()
            return takeBack()
        }
        await withTaskGroup { group in
            group.addTask { [self] in
                do {
                    try await stopwatch.wait(time)
                    ring()
                } catch {
                    // Nobody waits for it any more, or the work is about to end.
                }
            }
            await waitForRing()
            group.cancelAll()
        }
    }

    private func waitForRing() async {
        await withCheckedContinuation { waiter in
            let isRung = state.withLock { state in
                if !state.isRung { state.waiter = waiter }
                defer { state.isRung = false }
                return state.isRung
            }
            if isRung { waiter.resume() }
        }
    }

    /// Changes the state and wakes whoever waits, or will wait next.
    private func ring(_ change: (inout State) -> Void = { _ in }) {
        let waiter = state.withLock { state in
            change(&state)
            let waiter = state.waiter
            state.waiter = nil
            state.isRung = waiter == nil
            return waiter
        }
        waiter?.resume()
    }
}
