// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif
import Synchronization

/// Runs tasks one job at a time on the thread that drives it, the next one drawn from those that are ready.
///
/// Tasks that prefer it run on it with all their children, and so do the actors that they call. With the same seed, and
/// nothing that waits for anything else, everything happens in the same order; another seed is another interleaving. When
/// nothing is ready, the time moves on to the next sleeper.
///
/// > Source: task executors after SE-0417
/// > <https://github.com/swiftlang/swift-evolution/blob/main/proposals/0417-task-executor-preference.md>.
public final class SimulatedExecutor: TaskExecutor {
    /// How a drive ended.
    public enum Ending: Sendable, Hashable {
        /// Nothing is ready and nobody sleeps.
        case quiet
        /// As many jobs were run as were allowed; more may be ready.
        case exhausted
    }

    private struct State {
        var ready: [UnownedJob] = []
        var generator: SplitMix64
        var jobs = 0
        var strays = 0
        var driver: UInt?
    }

    private let state: Mutex<State>
    private let clock: SteppedClock

    /// Makes an executor.
    ///
    /// - Parameters:
    ///   - seed: What the order of jobs is drawn from.
    ///   - clock: The clock that everybody sleeps by.
    public init(seed: UInt64, clock: SteppedClock) {
        state = Mutex(State(generator: SplitMix64(seed: seed)))
        self.clock = clock
    }

    /// How many jobs were run.
    public var jobs: Int { state.withLock { $0.jobs } }

    /// How many jobs were handed over from a thread other than the driving one: something ran elsewhere.
    public var strays: Int { state.withLock { $0.strays } }

    /// Takes a job that is ready.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let here = Self.thread
        state.withLock { state in
            if let driver = state.driver, driver != here { state.strays += 1 }
            state.ready.append(job)
        }
    }

    /// Runs jobs on this thread until nothing is left to run.
    ///
    /// - Parameter most: The most jobs to run.
    /// - Returns: Why it ended.
    public func drive(most: Int) -> Ending {
        let here = Self.thread
        state.withLock { $0.driver = here }
        defer { state.withLock { $0.driver = nil } }
        var left = most
        while true {
            while left > 0, let job = next() {
                left -= 1
                job.runSynchronously(on: asUnownedTaskExecutor())
            }
            if left == 0 { return .exhausted }
            if !clock.advanceToNextSleeper() { return .quiet }
        }
    }

    private func next() -> UnownedJob? {
        state.withLock { state in
            guard !state.ready.isEmpty else { return nil }
            let index = Int.random(in: 0..<state.ready.count, using: &state.generator)
            state.jobs += 1
            return state.ready.remove(at: index)
        }
    }

    private static var thread: UInt {
        #if canImport(Darwin)
        UInt(bitPattern: pthread_self())
        #else
        UInt(pthread_self())
        #endif
    }
}
