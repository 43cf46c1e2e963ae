// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A clock that stands still until it is moved by hand; whoever sleeps waits for that.
///
/// Unlike ``TestClock``, a sleep does not move it, so that something which sleeps in a loop does not run away with the
/// time that others measure.
public final class SteppedClock: Clock, Sendable {
    /// A moment of a stepped clock: the time since it was made.
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

    private struct Sleeper {
        var deadline: Instant
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Instant(offset: .zero)
        var nextSleeper = 0
        var sleepers: [Int: Sleeper] = [:]
    }

    private let state = Mutex(State())
    private let epochMilliseconds: Int64

    /// Makes a clock.
    ///
    /// - Parameter epochMilliseconds: The wall time at which it starts, in milliseconds since 1970 UTC.
    public init(epochMilliseconds: Int64 = 1_700_000_000_000) { self.epochMilliseconds = epochMilliseconds }

    /// The moment it stands at.
    public var now: Instant { state.withLock { $0.now } }

    /// The smallest step of the clock.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// The wall time it stands at, in milliseconds since 1970 UTC.
    public var nowMilliseconds: Int64 {
        let offset = now.offset.components
        return epochMilliseconds + offset.seconds * 1000 + offset.attoseconds / 1_000_000_000_000_000
    }

    /// How many are asleep.
    public var sleepers: Int { state.withLock { $0.sleepers.count } }

    /// Moves the clock on and wakes those whose time has come.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            return Self.wake(&state)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Moves the clock on to when the next sleeper is to wake, and wakes whoever is due then.
    ///
    /// - Returns: Whether anybody was asleep.
    public func advanceToNextSleeper() -> Bool {
        let woken = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            guard let next = state.sleepers.values.map(\.deadline).min() else { return [] }
            state.now = max(state.now, next)
            return Self.wake(&state)
        }
        for continuation in woken { continuation.resume() }
        return !woken.isEmpty
    }

    /// Takes out the sleepers whose time has come, in the order in which they fell asleep.
    private static func wake(_ state: inout State) -> [CheckedContinuation<Void, any Error>] {
        let now = state.now
        let due = state.sleepers.filter { $0.value.deadline <= now }.sorted { $0.key < $1.key }
        for (id, _) in due { state.sleepers[id] = nil }
        return due.map(\.value.continuation)
    }

    /// Waits until the clock has been moved to the deadline.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before.
    public func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let id = state.withLock { state in
            state.nextSleeper += 1
            return state.nextSleeper
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if deadline <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
