// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Any clock with the readings taken relative to one moment, so that its instants need no type of their own.
struct Stopwatch: Sendable {
    /// The time since the stopwatch was made.
    let elapsed: @Sendable () -> Duration
    /// Waits so long; throws `CancellationError` when the task is cancelled.
    let wait: @Sendable (Duration) async throws -> Void

    /// Starts a stopwatch on a clock.
    init(_ clock: some Clock<Duration>) {
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        wait = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
    }
}
