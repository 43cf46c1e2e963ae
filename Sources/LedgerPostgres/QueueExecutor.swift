// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import Dispatch

/// A thread's worth of its own for an actor, so that a call which blocks never holds up a cooperative thread.
final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}

/// Waits without regard to cancellation, for what has to be carried through.
func pause(_ duration: Duration) async {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().asyncAfter(deadline: .now() + duration / .seconds(1)) { continuation.resume() }
    }
}
#endif
