// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

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
        let exchange = Exchange(on: stopwatch, work)
        let error = await watched(exchange)
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
    private func watched<Result: Sendable>(_ exchange: Exchange<Result>) async -> PerformerError? {
        async let end: Void = exchange.perform()
        while exchange.outcome == nil {
            let now = exchange.now
            // Whoever leaves here cancels the work, and waits for its end.
            let last = exchange.start + overall
            if now >= last { return timeout("no complete answer within \(overall.seconds) seconds") }
            let next = exchange.last + idle
            if now >= next { return timeout("nothing was heard for \(idle.seconds) seconds") }
            await exchange.wait(atMost: min(last, next) - now)
        }
        await end
        return nil
    }

    private func timeout(_ message: String) -> PerformerError {
        PerformerError(.timeout, message, retry: .later(nil))
    }
}

extension Duration {
    /// The number of seconds, for people: whole ones without a fraction.
    var seconds: String {
        (Double(components.seconds) + Double(components.attoseconds) / 1e18).shortText
    }
}
