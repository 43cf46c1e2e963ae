// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets so many through at once, in the order in which they came.
///
/// Thousands of runs may have something to record, or to read, in the same moment. Whoever waits here has not yet made what it
/// will record: it takes no memory, and once it is made it is not kept waiting by all the others.
final class Turnstile: Sendable {
    private struct State {
        var inside = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let most: Int

    /// Makes a turnstile for so many at once, at least one.
    init(most: Int) { self.most = max(1, most) }

    /// Does some work when its turn has come; nobody may pass again from inside.
    ///
    /// - Returns: What the work returns.
    /// - Throws: What the work throws.
    func pass<Result>(_ work: () async throws -> Result) async rethrows -> Result {
        if !enter() {
            await withCheckedContinuation { if enter(orWait: $0) { $0.resume() } }
        }
        defer { leave() }
        return try await work()
    }

    /// Takes a place; where there is none, whoever is given waits to be handed one.
    private func enter(orWait waiter: CheckedContinuation<Void, Never>? = nil) -> Bool {
        state.withLock { state in
            guard state.inside < most else {
                if let waiter { state.waiting.append(waiter) }
                return false
            }
            state.inside += 1
            return true
        }
    }

    /// Whoever goes hands the place on, so that nobody who comes meanwhile takes it.
    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.inside -= 1
            return nil
        }
        next?.resume()
    }
}
