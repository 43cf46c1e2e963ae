// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Decides whether a failed request is sent again, and when.
///
/// The answer to 429 is to wait as told: this does not use up a try, only the time that the caller allows. Trouble on the
/// other side is met with exponential back-off and full jitter. A timeout is tried once more.
///
/// > Source: RFC 9110, section 10.2.3 (Retry-After) <https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>; M. Brooker,
/// > “Exponential Backoff and Jitter” <https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>.
public struct RetryPolicy: Hashable, Sendable {
    /// The most tries.
    public var attempts: Int
    /// The longest first pause; each next one may be twice as long.
    public var pause: Duration
    /// The longest pause, whatever the other side asks for.
    public var longestPause: Duration

    /// Makes a policy.
    public init(attempts: Int = 4, pause: Duration = .seconds(1), longestPause: Duration = .seconds(60)) {
        self.attempts = attempts
        self.pause = pause
        self.longestPause = longestPause
    }

    /// What has happened so far to one request.
    public struct History: Hashable, Sendable {
        /// Failed tries that count.
        public var failures = 0
        /// How many of them were timeouts.
        public var timeouts = 0
        /// Waits that the other side asked for.
        public var waits = 0
        /// The time spent on all of it.
        public var spent = Duration.zero

        /// Makes an empty history.
        public init() {}
    }

    /// Decides after a failure.
    ///
    /// - Parameters:
    ///   - error: What went wrong.
    ///   - history: What has happened so far; the failure is entered.
    ///   - allowance: The time that all tries together may take.
    ///   - random: A random number from 0 up to 1.
    /// - Returns: How long to wait before the next try, or `nil` to give up.
    public func pause(
        after error: PerformerError,
        _ history: inout History,
        allowance: Duration,
        random: Double
    ) -> Duration? {
        guard case .later(let asked) = error.retry else { return nil }
        let wait: Duration
        if error.code == .rateLimited, let asked {
            history.waits += 1
            // A wait of nothing, asked for again and again, must not become a busy loop.
            wait = max(min(asked, longestPause), .milliseconds(100))
            // Only a clock that stands still could let the allowance last for so many.
            guard history.waits <= 1000 else { return nil }
        } else {
            guard Self.transient.contains(error.code) else { return nil }
            history.failures += 1
            if error.code == .timeout { history.timeouts += 1 }
            guard history.failures < attempts, history.timeouts < 2 else { return nil }
            let ceiling = min(pause * (1 << min(history.failures - 1, 20)), longestPause)
            wait = max(min(asked ?? .zero, longestPause), ceiling * min(max(random, 0), 1))
        }
        return history.spent + wait < allowance ? wait : nil
    }

    private static let transient: Set<PerformerError.Code> = [
        .rateLimited, .overloaded, .unreachable, .incomplete, .timeout,
    ]
}
