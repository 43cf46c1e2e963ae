// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyLedger
import Synchronization

/// Works on all the runs of a ledger that are due, many at a time, beside other pools in other processes.
///
/// A run is claimed, worked on until it waits for a person or is over, and given back. Pools share one ledger: each run is
/// with one of them at a time, runs of a process that is gone go to the others when its leases end, and a pool that lost a
/// run without knowing can do nothing more to it. When more runs are due than it has places, they take turns.
public final class WorkerPool: Sendable {
    /// Provides who plays the roles of a run and where, for the length of some work.
    ///
    /// It throws ``RuntimeError`` with `.cannotPlay` when this process cannot work on that run at all.
    public typealias Stage =
        @Sendable (
            _ state: RunState,
            _ work: @Sendable (_ cast: Cast, _ world: (any World)?) async throws -> Void
        ) async throws -> Void

    struct State {
        var isClosing = false
        var isOverdue = false
        /// The runs in flight.
        var holds: [RunID: Hold] = [:]
        var places = 0
        /// Runs that are left alone for a while.
        var rests: [RunID: Rest] = [:]
        /// Leases that could not be given back yet.
        var unreleased: [Lease] = []
    }

    struct Rest {
        var until: Duration
        var pause: Duration
    }

    let agency: Agency
    let leases: any LeaseStore
    let settings: Settings
    let stage: Stage
    let observe: @Sendable (Notice) -> Void
    let elapsed: @Sendable () -> Duration
    let state = Mutex(State())
    let lookout = Lookout()
    private let deadlines = Deadlines()
    private let bell = Bell()
    private let closing = Bell()

    /// Makes a pool.
    ///
    /// - Parameters:
    ///   - agency: The agency whose ledger is worked on.
    ///   - leases: Where runs are claimed; most often the ledger itself.
    ///   - settings: How it works.
    ///   - stage: Provides who plays and where.
    ///   - observe: Is told how it goes.
    public init(
        agency: Agency,
        leases: any LeaseStore,
        settings: Settings,
        stage: @escaping Stage,
        observe: @escaping @Sendable (Notice) -> Void = { _ in }
    ) {
        self.agency = agency
        self.leases = leases
        self.settings = settings
        self.stage = stage
        self.observe = observe
        elapsed = reading(agency.clock)
    }

    /// Runs that are left alone for a while, because work on them broke off or cannot be done here.
    public var resting: [RunID] {
        let now = elapsed()
        return state.withLock { $0.rests.filter { $0.value.until > now }.keys.sorted() }
    }

    /// How many runs are in flight.
    public var inFlight: Int { state.withLock { $0.places } }

    /// Stops taking runs; what is under way is recorded and everything given back, within the grace that was set.
    public func stop() {
        state.withLock { state in
            state.isClosing = true
            for hold in state.holds.values { hold.yield() }
        }
        closing.ring()
        bell.ring()
    }

    /// Works until ``stop()`` is called, the task is cancelled, or it is idle and is to end then.
    ///
    /// All leases are given back on return.
    ///
    /// - Throws: `LedgerError` when the ledger is damaged or not one, with `.invalid` when the settings break a bound;
    ///   `CancellationError`. A ledger that cannot be reached is tried again.
    public func run() async throws {
        // Who ends when nothing is due does not come round to look.
        if settings.endsWhenIdle { try? await deadlines.look(agency) }
        let result = await withTaskGroup(of: Void.self) { services in
            services.addTask { await self.listen() }
            services.addTask { await self.tick() }
            services.addTask { await self.keepHolding() }
            services.addTask { await self.lookout.look(in: self.agency.store, clock: self.agency.clock) }
            services.addTask { await self.limitClosing() }
            services.addTask { await self.watchDeadlines() }
            defer { services.cancelAll() }
            do {
                return Result<Void, any Error>.success(try await work())
            } catch {
                return .failure(error)
            }
        }
        for lease in state.withLock({ $0.unreleased }) {
            do { try await leases.release(lease) } catch { observe(.unreachable(error)) }
        }
        try result.get()
    }

    private func work() async throws {
        try await withThrowingDiscardingTaskGroup { works in
            while !state.withLock({ $0.isClosing }) {
                try Task.checkCancellation()
                let claimed = try await claim()
                for (lease, asked) in claimed ?? [] {
                    works.addTask {
                        await self.carry(lease, asked: asked)
                        self.bell.ring()
                    }
                }
                if settings.endsWhenIdle, claimed?.isEmpty == true, state.withLock({ $0.places == 0 }) { return stop() }
                await bell.wait()
            }
            while state.withLock({ $0.places > 0 && !$0.isOverdue }) {
                try Task.checkCancellation()
                await bell.wait()
            }
            works.cancelAll()
        }
    }

    private func listen() async {
        for await run in await leases.wakeUps() {
            let now = elapsed()
            if state.withLock({ $0.rests[run].map { $0.until <= now } ?? true }) { bell.ring() }
        }
    }

    private func tick() async {
        while !Task.isCancelled {
            do { try await agency.clock.sleep(for: settings.period) } catch { return }
            bell.ring()
        }
    }

    private func watchDeadlines() async {
        while !Task.isCancelled {
            do { try await agency.clock.sleep(for: Deadlines.period) } catch { return }
            // A ledger that cannot be read now is looked at again; who claims runs says so.
            do { try await deadlines.look(agency) } catch {}
        }
    }

    private func limitClosing() async {
        await closing.wait()
        do { try await agency.clock.sleep(for: settings.grace) } catch { return }
        state.withLock { $0.isOverdue = true }
        bell.ring()
    }

    /// Renews what is held, long before it ends.
    private func keepHolding() async {
        while !Task.isCancelled {
            do { try await agency.clock.sleep(for: settings.lease / 6) } catch { return }
            // In the order of the runs, so that the same history is the same again.
            let due = state.withLock { $0.holds.sorted { $0.key < $1.key } }.map(\.value)
                .filter { $0.left < settings.lease * 2 / 3 }
            for start in stride(from: 0, to: due.count, by: 512) {
                let some = due[start..<min(due.count, start + 512)]
                let asked = elapsed()
                do {
                    let renewed = try await leases.renew(some.map(\.lease), for: settings.lease)
                    let byRun = Dictionary(renewed.map { ($0.run, $0) }) { $1 }
                    for hold in some {
                        if let lease = byRun[hold.lease.run] { hold.extend(lease, asked: asked) } else { hold.lose() }
                    }
                } catch {
                    // Each hold knows by itself when it is too late.
                    if !Task.isCancelled { observe(.unreachable(error)) }
                }
            }
            for hold in due { hold.check() }
        }
    }
}
