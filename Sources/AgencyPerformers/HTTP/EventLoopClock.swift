// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import NIOCore

/// The continuous clock, with calls from the threads that read the connections.
///
/// A deadline that is set and taken back with every request wakes no other thread so.
struct EventLoopClock: CallingClock {
    private let group: any EventLoopGroup

    init(_ group: any EventLoopGroup) { self.group = group }

    var now: ContinuousClock.Instant { .now }
    var minimumResolution: Duration { .milliseconds(1) }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try await ContinuousClock().sleep(until: deadline, tolerance: tolerance)
    }

    func call(in time: Duration, _ callee: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let call = Call(callee)
        // Threads that are being ended take no more calls, and nothing that could be late goes on there.
        let scheduled = try? group.any().scheduleCallback(in: TimeAmount(max(.zero, time)), handler: call)
        return { scheduled?.cancel() }
    }
}

private final class Call: NIOScheduledCallbackHandler, Sendable {
    private let callee: @Sendable () -> Void

    init(_ callee: @escaping @Sendable () -> Void) { self.callee = callee }

    func handleScheduledCallback(eventLoop: some EventLoop) { callee() }
}
#endif
