// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import NIOCore

/// The continuous clock, waited for by timers of the threads that read the connections.
///
/// A deadline that is set and taken back with every request wakes no other thread so.
struct EventLoopClock: Clock {
    private let group: any EventLoopGroup

    init(_ group: any EventLoopGroup) { self.group = group }

    var now: ContinuousClock.Instant { .now }
    var minimumResolution: Duration { .milliseconds(1) }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        let timer = group.any().scheduleTask(in: TimeAmount(max(.zero, deadline - now))) {}
        do {
            try await withTaskCancellationHandler {
                try await timer.futureResult.get()
            } onCancel: {
                timer.cancel()
            }
        } catch {
            // Whether it was taken back, or the threads are being ended: nobody waits any longer.
            throw CancellationError()
        }
    }
}
#endif
