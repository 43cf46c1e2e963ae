// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger

extension Agency {
    /// Works on a run under a lease until it waits for a person or is over, as ``work(on:cast:world:observe:)`` does.
    ///
    /// For a ledger that workers on many machines share. The lease is renewed in the background; when it is lost all the
    /// same, the work is cancelled, and what it still brings is put on record and refused.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - worker: The name of this worker.
    ///   - leases: Where the run is claimed.
    ///   - duration: How long a lease lasts, and so how long a run stays with a worker that is gone.
    ///   - cast: Who plays the roles.
    ///   - world: The workspace.
    ///   - observe: Is told of each event as it is recorded.
    /// - Returns: The state in which the run waits or is over.
    /// - Throws: ``RuntimeError`` with `.busy` when another worker holds the run, `.takenOver` when one took it over; as
    ///   working without a lease does.
    @discardableResult
    public func work(
        on run: RunID,
        as worker: String,
        through leases: any LeaseStore,
        for duration: Duration = .seconds(30),
        cast: Cast,
        world: (any World)? = nil,
        observe: @escaping @Sendable (Notice) -> Void = { _ in }
    ) async throws -> RunState {
        let elapsed = reading(clock)
        var journal = try await journal(of: run)
        // Whatever is over is not taken: a claim would only make its record longer.
        guard journal.state.agenda() != .nothing else { return journal.state }
        let asked = elapsed()
        guard let lease = try await claim(journal.state, worker, leases, duration) else {
            let other = try await leases.holders().first { $0.run == run }
            throw RuntimeError(
                .busy,
                "run \(run) is with worker \(other?.worker ?? "that has just taken it"); wait for it or end it"
            )
        }
        let hold = Hold(lease, of: leases, for: duration, asked: asked, elapsed: elapsed)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    do { try await clock.sleep(for: duration / 3) } catch { return }
                    // A store that cannot be reached now may be in a moment; the hold knows when that is too late.
                    do { try await hold.renew() } catch {}
                }
            }
            defer { group.cancelAll() }
            let result: Result<RunState, any Error>
            do {
                try await work(on: &journal, under: hold, cast, world, nil, observe)
                result = .success(journal.state)
            } catch {
                result = .failure(error)
            }
            // Whoever is cancelled still gives back what it holds, if the store lets it; else the lease ends by itself.
            do { try await leases.release(hold.lease) } catch {}
            return try result.get()
        }
    }

    /// Claims a run, with a number that is greater than the last one on its record.
    ///
    /// They differ only where a record was brought here from another ledger, whose leases did not come with it.
    private func claim(
        _ state: RunState,
        _ worker: String,
        _ leases: any LeaseStore,
        _ duration: Duration
    ) async throws -> Lease? {
        guard let lease = try await leases.claim(state.run, worker: worker, for: duration) else { return nil }
        return try await reclaim(lease, after: state.claim, leases, duration)
    }

    /// Claims a run again until the number of the lease is greater than the one on record.
    func reclaim(
        _ lease: Lease,
        after claim: RunClaimed?,
        _ leases: any LeaseStore,
        _ duration: Duration
    ) async throws -> Lease? {
        var lease = lease
        while lease.epoch <= claim?.epoch ?? 0 {
            try await leases.release(lease)
            guard let next = try await leases.claim(lease.run, worker: lease.worker, for: duration) else { return nil }
            lease = next
        }
        return lease
    }

    /// Works on a run under a hold, for as long as that lasts.
    func work(
        on journal: inout Journal,
        under hold: Hold,
        _ cast: Cast,
        _ world: (any World)?,
        _ lookout: Lookout?,
        _ observe: @escaping @Sendable (Notice) -> Void
    ) async throws {
        let worker = Worker(
            agency: self,
            journal: journal,
            cast: cast,
            world: world,
            hold: hold,
            lookout: lookout,
            observe: observe
        )
        journal = try await withThrowingTaskGroup(of: Journal?.self) { [worker] group in
            group.addTask {
                var worker = worker
                try await worker.claim(under: hold)
                try await worker.work()
                return worker.journal
            }
            group.addTask {
                await hold.untilLost()
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let journal = result { return journal }
                // The lease is lost: what is under way is cancelled, and what it brings all the same is refused.
                group.cancelAll()
                do {
                    if let journal = try await group.next(), let journal { return journal }
                } catch is CancellationError {
                    try Task.checkCancellation()
                }
                throw hold.lost
            }
            throw CancellationError()
        }
    }
}
