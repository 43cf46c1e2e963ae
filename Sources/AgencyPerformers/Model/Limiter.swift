// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Bounds the requests to one endpoint: so many at once, so many begun in a minute, in the order of asking.
///
/// A mutex and not an actor, because a cancelled waiter must be able to leave the queue from a synchronous handler.
public final class Limiter: Sendable {
    private let state: Mutex<Waiting>
    private let stopwatch: Stopwatch

    private struct Waiting {
        var machine: LimiterState
        var continuations: [Int: CheckedContinuation<Void, any Error>] = [:]
    }

    /// Makes a limiter.
    ///
    /// - Parameters:
    ///   - concurrency: Requests in flight at once, at least 1.
    ///   - requestsPerMinute: Requests begun in any minute, or `nil` for no limit.
    ///   - clock: What minutes are measured with.
    public init(
        concurrency: Int,
        requestsPerMinute: Int? = nil,
        clock: some Clock<Duration> = ContinuousClock()
    ) {
        state = Mutex(Waiting(machine: LimiterState(concurrency: concurrency, perMinute: requestsPerMinute)))
        stopwatch = Stopwatch(clock)
    }

    /// Runs some work when its turn has come.
    ///
    /// - Throws: `CancellationError` when the task is cancelled while it waits; what the work throws.
    public func withPermit<Result>(_ work: () async throws -> Result) async throws -> Result {
        try await enter()
        defer { resume(state.withLock { $0.machine.leave() }) }
        let pause = state.withLock { $0.machine.book(now: stopwatch.elapsed()) }
        if pause > .zero { try await stopwatch.wait(pause) }
        return try await work()
    }

    /// How many run now.
    var running: Int { state.withLock { $0.machine.running } }

    /// How many wait for their turn.
    public var waiting: Int { state.withLock { $0.machine.queue.count } }

    private func enter() async throws {
        let ticket = state.withLock { $0.machine.draw() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let admitted: [CheckedContinuation<Void, any Error>]? = state.withLock { waiting in
                    // The handler below may have run before there was anything for it to take out.
                    if Task.isCancelled { return nil }
                    waiting.continuations[ticket] = continuation
                    return waiting.machine.enter(ticket).compactMap { waiting.continuations.removeValue(forKey: $0) }
                }
                guard let admitted else { return continuation.resume(throwing: CancellationError()) }
                for continuation in admitted { continuation.resume() }
            }
        } onCancel: {
            let left = state.withLock { waiting in
                waiting.machine.withdraw(ticket) ? waiting.continuations.removeValue(forKey: ticket) : nil
            }
            left?.resume(throwing: CancellationError())
        }
    }

    private func resume(_ tickets: [Int]) {
        let admitted = state.withLock { waiting in
            tickets.compactMap { waiting.continuations.removeValue(forKey: $0) }
        }
        for continuation in admitted { continuation.resume() }
    }
}
