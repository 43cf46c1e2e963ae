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
        let error: (any Error)? = state.withLock { state in
            guard case .unset = state else { return CancellationError() }
            do {
                state = .set(sleeper, try loop.scheduleCallback(in: time, handler: self))
                return nil
            } catch {
                state = .over
                return error
            }
        }
        if let error { sleeper.resume(throwing: error) }
    }

    /// Nobody waits any longer.
    func takeBack() {
        guard case .set(let sleeper, let callback) = end() else { return }
        callback.cancel()
        sleeper.resume(throwing: CancellationError())
    }

    func handleScheduledCallback(eventLoop: some EventLoop) {
        if case .set(let sleeper, _) = end() { sleeper.resume() }
    }

    /// The threads are being ended.
    func didCancelScheduledCallback(eventLoop: some EventLoop) {
        if case .set(let sleeper, _) = end() { sleeper.resume(throwing: CancellationError()) }
    }

    private func end() -> State {
        state.withLock { state in
            defer { state = .over }
            return state
        }
    }
}
#endif
