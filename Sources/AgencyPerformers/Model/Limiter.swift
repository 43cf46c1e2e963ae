// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import Synchronization

/// Bounds the requests to one endpoint: so many at once, so many begun in a minute, with a fair share for every run.
///
/// A mutex and not an actor, because a cancelled waiter must be able to leave the queue from a synchronous handler.
public final class Limiter: Sendable {
    private let state: Mutex<Waiting>
    private let stopwatch: Stopwatch

    /// The most requests that may wait, so that a runaway ends in an error and not in all of the memory.
    public static let longestQueue = 200_000

    private struct Waiting {
        var machine: LimiterState
        var continuations: [Int: CheckedContinuation<Void, any Error>] = [:]
    }

    /// Makes a limiter.
    ///
    /// - Parameters:
    ///   - concurrency: Requests in flight at once, at least 1.
    ///   - requestsPerMinute: Requests begun in any minute, or `nil` for no limit.
    ///   - reserved: How many of those in flight are kept for runs that have nothing in flight, so that one run cannot take
    ///     everything before others come.
    ///   - longest: The most requests that may wait.
    ///   - clock: What minutes are measured with.
    public init(
        concurrency: Int,
        requestsPerMinute: Int? = nil,
        reserved: Int = 0,
        longest: Int = Limiter.longestQueue,
        clock: some Clock<Duration> = ContinuousClock()
    ) {
        let machine = LimiterState(
            concurrency: concurrency,
            perMinute: requestsPerMinute,
            reserved: reserved,
            longest: longest
        )
        state = Mutex(Waiting(machine: machine))
        stopwatch = Stopwatch(clock)
    }

    /// Makes the limits as tight as these, where they are not yet; what runs already goes on.
    ///
    /// - Parameters:
    ///   - concurrency: Requests in flight at once.
    ///   - perMinute: Requests begun in any minute, or `nil` for no limit.
    ///   - reserved: How many of so many in flight are kept for runs that have nothing in flight.
    func tighten(concurrency: Int, perMinute: Int?, reserved: (Int) -> Int) {
        state.withLock { waiting in
            waiting.machine.tighten(concurrency: concurrency, perMinute: perMinute)
            waiting.machine.reserve(reserved(waiting.machine.concurrency))
        }
    }

    /// Runs some work when its turn has come.
    ///
    /// - Parameters:
    ///   - run: The run whose share it is; work of no run has one share together.
    ///   - work: The work.
    /// - Returns: What the work returns.
    /// - Throws: `CancellationError` when the task is cancelled while it waits; ``PerformerError`` with `.overloaded` when
    ///   too many wait; what the work throws.
    public func withPermit<Result>(
        for run: RunID = "",
        _ work: () async throws -> Result
    ) async throws -> Result {
        if Self.place?.take(of: self, for: run) != true { try await enter(run) }
        defer { leave(run) }
        let pause = state.withLock { $0.machine.book(now: stopwatch.elapsed()) }
        if pause > .zero { try await stopwatch.wait(pause) }
        return try await work()
    }

    /// Runs some work when its turn has come, in which the first that asks for a permit has it already.
    ///
    /// - Parameters:
    ///   - run: The run whose share it is.
    ///   - work: The work; what it begins besides itself counts as part of it.
    /// - Returns: What the work returns.
    /// - Throws: what ``withPermit(for:_:)`` throws.
    func inTurn<Result>(for run: RunID, _ work: () async throws -> Result) async throws -> Result {
        try await enter(run)
        let place = Place(of: self, for: run)
        // Nobody may have asked, and the next must not wait for that.
        defer { if place.take(of: self, for: run) { leave(run) } }
        return try await Self.$place.withValue(place) { try await work() }
    }

    @TaskLocal private static var place: Place?

    /// A place that was waited for, until a request takes it.
    private final class Place: Sendable {
        private let limiter: Limiter
        private let run: RunID
        private let isFree = Atomic(true)

        init(of limiter: Limiter, for run: RunID) {
            self.limiter = limiter
            self.run = run
        }

        /// Takes it, if it is one of this limiter's for the run and nobody has.
        func take(of limiter: Limiter, for run: RunID) -> Bool {
            limiter === self.limiter && run == self.run && isFree.exchange(false, ordering: .relaxed)
        }
    }

    /// How many run now.
    var running: Int { state.withLock { $0.machine.running } }

    /// How many wait for their turn.
    public var waiting: Int { state.withLock { $0.machine.waiting } }

    private func enter(_ run: RunID) async throws {
        let ticket = state.withLock { $0.machine.draw() }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<[CheckedContinuation<Void, any Error>], any Error> = state.withLock { waiting in
                    // The handler below may have run before there was anything for it to take out.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    guard let admitted = waiting.machine.enter(ticket, of: run) else {
                        return .failure(Self.full(waiting.machine.waiting))
                    }
                    waiting.continuations[ticket] = continuation
                    return .success(admitted.compactMap { waiting.continuations.removeValue(forKey: $0) })
                }
                switch outcome {
                case .success(let admitted): for continuation in admitted { continuation.resume() }
                case .failure(let error): continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            let left = state.withLock { waiting in
                waiting.machine.withdraw(ticket) ? waiting.continuations.removeValue(forKey: ticket) : nil
            }
            left?.resume(throwing: CancellationError())
        }
    }

    private func leave(_ run: RunID) { resume(state.withLock { $0.machine.leave(run) }) }

    private static func full(_ waiting: Int) -> PerformerError {
        PerformerError(.overloaded, "\(waiting) requests wait for the same endpoint already", retry: .later(nil))
    }

    private func resume(_ tickets: [Int]) {
        let admitted = state.withLock { waiting in
            tickets.compactMap { waiting.continuations.removeValue(forKey: $0) }
        }
        for continuation in admitted { continuation.resume() }
    }
}
