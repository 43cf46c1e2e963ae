// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A clock that stands still until somebody sleeps; a sleep returns at once and moves it on.
///
/// Code that waits for hours is tested in microseconds, and the sleeps are on record.
public final class TestClock: Clock, Sendable {
    /// A moment of a test clock: the time since it was made.
    public struct Instant: InstantProtocol, Sendable, Hashable {
        /// The time since the clock was made.
        public let offset: Duration

        /// Makes a moment.
        public init(offset: Duration) { self.offset = offset }

        /// Returns the moment that is so much later.
        public func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

        /// Returns how much later another moment is.
        public func duration(to other: Instant) -> Duration { other.offset - offset }

        /// Orders by time.
        public static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private struct State {
        var now = Instant(offset: .zero)
        var sleeps: [Duration] = []
    }

    private let state = Mutex(State())
    private let epochMilliseconds: Int64

    /// Makes a clock.
    ///
    /// - Parameter epochMilliseconds: The wall time at which it starts, in milliseconds since 1970 UTC.
    public init(epochMilliseconds: Int64 = 1_700_000_000_000) {
        self.epochMilliseconds = epochMilliseconds
    }

    /// The moment it stands at.
    public var now: Instant { state.withLock { $0.now } }

    /// The smallest step of the clock.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// The wall time it stands at, in milliseconds since 1970 UTC.
    public var nowMilliseconds: Int64 {
        let offset = now.offset.components
        return epochMilliseconds + offset.seconds * 1000 + offset.attoseconds / 1_000_000_000_000_000
    }

    /// How long each sleep so far was asked to last, in order.
    public var sleeps: [Duration] { state.withLock { $0.sleeps } }

    /// Moves the clock on.
    public func advance(by duration: Duration) {
        state.withLock { $0.now = $0.now.advanced(by: duration) }
    }

    /// Moves the clock on to the deadline and returns at once.
    ///
    /// - Throws: `CancellationError` when the task is cancelled; the clock then stays where it is.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(max(.zero, state.now.duration(to: deadline)))
            state.now = max(state.now, deadline)
        }
        // Others get their turn, as they would during a real sleep.
        await Task.yield()
    }
}
