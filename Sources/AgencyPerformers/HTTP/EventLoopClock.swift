// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import NIOCore
import Synchronization

/// The continuous clock, waited for by timers of the threads that read the connections.
///
/// A deadline that is set and taken back with every request wakes no other thread so.
struct EventLoopClock: Clock {
    private let group: any EventLoopGroup

    init(_ group: any EventLoopGroup) { self.group = group }

    var now: ContinuousClock.Instant { .now }
    var minimumResolution: Duration { .milliseconds(1) }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        let alarm = Alarm()
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { sleeper in
                alarm.set(for: sleeper, on: group.any(), in: TimeAmount(max(.zero, deadline - now)))
            }
        } onCancel: {
            alarm.takeBack()
        }
    }
}

/// Wakes one sleeper, once.
private final class Alarm: NIOScheduledCallbackHandler, Sendable {
    private enum State {
        case unset
        case set(CheckedContinuation<Void, any Error>, NIOScheduledCallback)
        case over
    }

    private let state = Mutex(State.unset)

    func set(for sleeper: CheckedContinuation<Void, any Error>, on loop: any EventLoop, in time: TimeAmount) {
        let isSet = state.withLock { state in
            guard case .unset = state, let callback = try? loop.scheduleCallback(in: time, handler: self) else {
                return false
            }
            state = .set(sleeper, callback)
            return true
        }
        // Whether it was taken back, or the threads are being ended: nobody waits any longer.
        if !isSet { sleeper.resume(throwing: CancellationError()) }
    }

    func takeBack() { end(.failure(CancellationError()))?.cancel() }

    func handleScheduledCallback(eventLoop: some EventLoop) { end(.success(())) }

    func didCancelScheduledCallback(eventLoop: some EventLoop) { end(.failure(CancellationError())) }

    /// Wakes the sleeper if it sleeps, and returns the callback that it was to be woken by.
    @discardableResult
    private func end(_ result: Result<Void, any Error>) -> NIOScheduledCallback? {
        let last = state.withLock { state in
            defer { state = .over }
            return state
        }
        guard case .set(let sleeper, let callback) = last else { return nil }
        sleeper.resume(with: result)
        return callback
    }
}
#endif
