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
        let pulse = Pulse(start)
        return try await withThrowingTaskGroup(of: Outcome<Result>.self) { group in
            group.addTask { .finished(try await work { pulse.beat(stopwatch.elapsed()) }) }
            group.addTask { .expired(try await watch(stopwatch, from: start, pulse: pulse)) }
            defer { group.cancelAll() }
            do {
                switch try await group.next() {
                case .finished(let result): return result
                case .expired(let error):
                    group.cancelAll()
                    return try await last(of: &group, after: error)
                case nil: throw CancellationError()
                }
            } catch {
                // Whatever the work says when it is cancelled from outside, it was cancelled.
                try Task.checkCancellation()
                throw error
            }
        }
    }

    /// What the work has to say after its deadline: a result after all, or what had come by then.
    private func last<Result: Sendable>(
        of group: inout ThrowingTaskGroup<Outcome<Result>, any Error>,
        after error: PerformerError
    ) async throws -> Result {
        var error = error
        do {
            if case .finished(let result) = try await group.next() { return result }
        } catch let partial as PerformerError {
            error.usage = partial.usage
            error.message += "; \(partial.message)"
        } catch {
            // The work's own complaint about its cancellation says nothing; the deadline is the cause.
        }
        throw error
    }

    private func watch(
        _ stopwatch: Stopwatch,
        from start: Duration,
        pulse: Pulse
    ) async throws -> PerformerError {
        while true {
            let now = stopwatch.elapsed()
            if now >= start + overall { return timeout("no complete answer within \(overall.seconds) seconds") }
            let last = pulse.last
            if now >= last + idle { return timeout("nothing was heard for \(idle.seconds) seconds") }
            try await stopwatch.wait(min(start + overall, last + idle) - now)
        }
    }

    private func timeout(_ message: String) -> PerformerError {
        PerformerError(.timeout, message, retry: .later(nil))
    }

    /// When something was last heard.
    private final class Pulse: Sendable {
        private let heard: Mutex<Duration>
        init(_ start: Duration) { heard = Mutex(start) }
        var last: Duration { heard.withLock { $0 } }
        func beat(_ now: Duration) { heard.withLock { $0 = max($0, now) } }
    }

    private enum Outcome<Result: Sendable>: Sendable {
        case finished(Result)
        case expired(PerformerError)
    }
}

extension Duration {
    /// The number of seconds, for people: whole ones without a fraction.
    var seconds: String {
        let value = Double(components.seconds) + Double(components.attoseconds) / 1e18
        return value == value.rounded() ? String(Int(value)) : String(value)
    }
}
