// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import NIOCore

/// Runs tasks on the thread that reads the connections, so that no other has to be woken for each piece of an answer.
final class EventLoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
#endif
