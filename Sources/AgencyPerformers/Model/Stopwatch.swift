// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A clock that calls whoever wants to be called, without a task that waits.
protocol CallingClock: Clock<Duration> {
    /// Calls somebody in so long a time, once.
    ///
    /// - Returns: What takes the call back; where it came already, nothing happens.
    func call(in time: Duration, _ callee: @escaping @Sendable () -> Void) -> @Sendable () -> Void
}

/// Any clock with the readings taken relative to one moment, so that its instants need no type of their own.
struct Stopwatch: Sendable {
    /// The time since the stopwatch was made.
    let elapsed: @Sendable () -> Duration
    /// Waits so long; throws `CancellationError` when the task is cancelled.
    let wait: @Sendable (Duration) async throws -> Void
    /// The clock, if it calls.
    let calling: (any CallingClock)?

    /// Starts a stopwatch on a clock.
    init(_ clock: some Clock<Duration>) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        wait = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        calling = clock as? any CallingClock
    }
}
