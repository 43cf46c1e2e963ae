// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Synchronization

/// How long an answer may take and how long it may be silent.
struct Deadlines: Hashable, Sendable {
    /// The longest silence.
    var idle: Duration
    /// The longest time altogether.
    var overall: Duration

    /// Runs some work that is cancelled when a deadline passes.
    ///
    /// Work that has its result already may still return it after the cancellation.
    ///
    /// - Parameters:
    ///   - stopwatch: What the time is read from.
    ///   - work: The work; it calls its argument whenever a byte has come.
    /// - Returns: What the work returns.
    /// - Throws: ``PerformerError`` with `.timeout` and a retry later; `CancellationError` when the task itself was
    ///   cancelled; what the work throws.
    func enforce<Result: Sendable>(
        on stopwatch: Stopwatch,
        _ work: @escaping @Sendable (_ pulse: @escaping @Sendable () -> Void) async throws -> Result
    ) async throws -> Result {
        let start = stopwatch.elapsed()
        let exchange = Exchange<Result>(start)
        let error = await watched(exchange, on: stopwatch, from: start, work)
        switch exchange.outcome {
        case .success(let result)?: return result
        case .failure(let fault)?:
            // Whatever the work says when it is cancelled from outside, it was cancelled.
            try Task.checkCancellation()
            guard var error else { throw fault }
            // What the work says of its cancellation says nothing, unless it says what had come by then.
            if let partial = fault as? PerformerError {
                error.usage = partial.usage
                error.message += "; \(partial.message)"
            }
            throw error
        case nil: throw CancellationError()
        }
    }

    /// Runs some work to its end, which comes soon after it was cancelled when a deadline passes.
    ///
    /// - Returns: Which deadline passed, if one did before the work ended.
    private func watched<Result: Sendable>(
        _ exchange: Exchange<Result>,
        on stopwatch: Stopwatch,
        from start: Duration,
        _ work: @escaping @Sendable (_ pulse: @escaping @Sendable () -> Void) async throws -> Result
    ) async -> PerformerError? {
        async let end: Void = exchange.perform(on: stopwatch, work)
        while !exchange.isOver {
            let now = stopwatch.elapsed()
            // Whoever leaves here cancels the work, and waits for its end.
            if now >= start + overall { return timeout("no complete answer within \(overall.seconds) seconds") }
            let last = exchange.last
            if now >= last + idle { return timeout("nothing was heard for \(idle.seconds) seconds") }
            await exchange.wait(atMost: min(start + overall, last + idle) - now, on: stopwatch)
        }
        await end
        return nil
    }

    private func timeout(_ message: String) -> PerformerError {
        PerformerError(.timeout, message, retry: .later(nil))
    }
}

/// Some work that is under way: when something was last heard of it, and what came of it.
private final class Exchange<Result: Sendable>: Sendable {
    private struct State {
        var last: Duration
        var outcome: Swift.Result<Result, any Error>?
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state: Mutex<State>

    init(_ start: Duration) { state = Mutex(State(last: start)) }

    var last: Duration { state.withLock { $0.last } }
    var outcome: Swift.Result<Result, any Error>? { state.withLock { $0.outcome } }
    var isOver: Bool { state.withLock { $0.outcome != nil } }

    /// Does the work, keeps what came of it, and wakes whoever waits for that.
    func perform(
        on stopwatch: Stopwatch,
        _ work: @Sendable (_ pulse: @escaping @Sendable () -> Void) async throws -> Result
    ) async {
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(
                try await work { [self] in
                    let now = stopwatch.elapsed()
                    state.withLock { $0.last = max($0.last, now) }
                }
            )
        } catch {
            outcome = .failure(error)
        }
        state.withLock { $0.outcome = outcome }
        ring()
    }

    /// Waits until the work is over or the time is, whether or not the task is cancelled: the work is cancelled with it, and
    /// ends soon.
    func wait(atMost time: Duration, on stopwatch: Stopwatch) async {
        if let clock = stopwatch.calling {
            let takeBack = clock.call(in: time) { self.ring() }
            await waitForRing()
            return takeBack()
        }
        await withTaskGroup { group in
            group.addTask {
                do {
                    try await stopwatch.wait(time)
                    self.ring()
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

    private func ring() {
        let waiter = state.withLock { state in
            let waiter = state.waiter
            state.waiter = nil
            state.isRung = waiter == nil
            return waiter
        }
        waiter?.resume()
    }
}

extension Duration {
    /// The number of seconds, for people: whole ones without a fraction.
    var seconds: String {
        let value = Double(components.seconds) + Double(components.attoseconds) / 1e18
        return value == value.rounded() ? String(Int(value)) : String(value)
    }
}
