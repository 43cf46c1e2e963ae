// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Synchronization

/// A worker's hold on a run while it works on it: the lease, and until when it is certain by the worker's own clock.
///
/// The time is reckoned from before the call that gave the lease, on a clock that goes on while the machine sleeps. So a
/// worker that stood still knows from this alone, before it does anything, that the run may be another's by now.
final class Hold: Sendable {
    private struct State {
        var lease: Lease
        var certainUntil: Duration
        var isLost = false
        var mustYield = false
        var lastSign: Duration
    }

    let duration: Duration
    /// When the run was taken.
    let since: Duration
    private let leases: any LeaseStore
    private let elapsed: @Sendable () -> Duration
    private let state: Mutex<State>
    private let loss = Bell()

    /// Holds a run.
    ///
    /// - Parameters:
    ///   - lease: The lease.
    ///   - leases: Where it is renewed.
    ///   - duration: How long it lasts.
    ///   - asked: What the clock showed before the lease was asked for.
    ///   - elapsed: Reads the clock.
    init(
        _ lease: Lease,
        of leases: any LeaseStore,
        for duration: Duration,
        asked: Duration,
        elapsed: @escaping @Sendable () -> Duration
    ) {
        self.leases = leases
        self.duration = duration
        self.elapsed = elapsed
        since = asked
        state = Mutex(State(lease: lease, certainUntil: asked + duration, lastSign: asked))
    }

    /// The lease as it was last renewed.
    var lease: Lease { state.withLock { $0.lease } }

    /// The claim that is put on record for it.
    var claim: RunClaimed { RunClaimed(worker: lease.worker, epoch: lease.epoch) }

    /// How long it is certain from now; nothing once it is lost.
    var left: Duration {
        let now = elapsed()
        return state.withLock { $0.isLost ? .zero : max(.zero, $0.certainUntil - now) }
    }

    /// When something last came of the work on the run.
    var lastSign: Duration { state.withLock { $0.lastSign } }

    /// Takes in that something came of the work.
    func sign() {
        let now = elapsed()
        state.withLock { $0.lastSign = now }
    }

    /// Whether the worker is to give the run back before it begins anything new.
    var mustYield: Bool { state.withLock { $0.mustYield } }

    /// Has the worker give the run back before it begins anything new.
    func yield() { state.withLock { $0.mustYield = true } }

    /// Takes in that the lease was renewed, which was asked for at that time.
    func extend(_ lease: Lease, asked: Duration) {
        state.withLock { state in
            guard !state.isLost else { return }
            state.lease = lease
            state.certainUntil = max(state.certainUntil, asked + duration)
        }
    }

    /// Takes in that the lease is lost.
    func lose() {
        state.withLock { $0.isLost = true }
        loss.ring()
    }

    /// Waits until the lease is lost or has run out, or until the task is cancelled.
    func untilLost() async {
        while !Task.isCancelled, left > .zero { await loss.wait() }
    }

    /// Has the lease looked at again by whoever waits for its loss.
    func check() { if left == .zero { loss.ring() } }

    /// Makes sure that the lease lasts for another half of its duration, renewing it where it does not.
    ///
    /// - Throws: ``RuntimeError`` with `.takenOver` when it is lost; `LedgerError` when it cannot be renewed now.
    func ensure() async throws {
        if left < duration / 2 { try await renew() }
        try require()
    }

    /// Renews the lease, or takes in that it is lost.
    func renew() async throws {
        // Whether or not the store answers, time may be up.
        defer { check() }
        let asked = elapsed()
        if let renewed = try await leases.renew(lease, for: duration) {
            extend(renewed, asked: asked)
        } else {
            lose()
        }
    }

    /// Makes sure, without asking anybody, that the lease is certain for another quarter of its duration.
    ///
    /// - Throws: ``RuntimeError`` with `.takenOver`.
    func require() throws {
        guard left >= duration / 4 else { throw lost }
    }

    /// The error of whoever goes on without it.
    var lost: RuntimeError {
        let lease = lease
        return RuntimeError(
            .takenOver,
            "the lease of worker \(lease.worker) on run \(lease.run) (claim \(lease.epoch)) is over; another may hold it"
        )
    }
}

/// Reads a clock as the time since this call, so that its instants need no type of their own.
func reading(_ clock: some Clock<Duration>) -> @Sendable () -> Duration {
    let start = clock.now
    return { start.duration(to: clock.now) }
}
