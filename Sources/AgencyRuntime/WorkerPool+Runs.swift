// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import Synchronization

extension WorkerPool {
    /// The most runs that are claimed with one call.
    private static let batch = 256
    /// How long a run is left alone that cannot be worked on here.
    private static let skipPause = Duration.seconds(60)
    /// How long a run is left alone that somebody else holds by other means than a lease.
    private static let busyPause = Duration.seconds(2)
    private static let longestPause = Duration.seconds(60)

    /// Claims what is due and what there are places for, each with what the clock showed before; `nil` when the ledger cannot
    /// be reached.
    func claim() async throws -> [(Lease, asked: Duration)]? {
        var claimed: [(Lease, asked: Duration)] = []
        var passed: Set<RunID> = []
        while true {
            let free = freePlaces()
            guard free > 0 else { return claimed }
            let asked = elapsed()
            let found: [Lease]
            do {
                found = try await leases.claimDue(
                    limit: min(free, Self.batch),
                    worker: settings.name,
                    for: settings.lease
                )
            } catch let error as LedgerError where error.code == .busy || error.code == .unavailable {
                observe(.unreachable(error))
                return claimed.isEmpty ? nil : claimed
            }
            guard !found.isEmpty else { return claimed }
            var isRound = false
            for lease in found {
                if isResting(lease.run) {
                    // Whoever was passed once comes round again when nobody else is left.
                    isRound = !passed.insert(lease.run).inserted || isRound
                    await giveBack(lease)
                } else {
                    state.withLock { $0.places += 1 }
                    claimed.append((lease, asked))
                }
            }
            if isRound { return claimed }
        }
    }

    /// How many runs may be taken.
    ///
    /// When all places are taken, some runs that have had their time make room in case others wait; whether they do is found
    /// out by claiming them.
    private func freePlaces() -> Int {
        let now = elapsed()
        return state.withLock { state in
            guard !state.isClosing else { return 0 }
            guard state.places >= settings.runs else { return settings.runs - state.places }
            let free = places(state, now) - state.places
            guard free <= 0 else { return free }
            let most = max(1, settings.runs / 16)
            guard free > -most else { return 0 }
            return state.holds.values.contains { now - $0.since >= settings.slice } ? most + free : 0
        }
    }

    /// How many places there are.
    ///
    /// A run of which nothing has come for a slice may be stuck. It keeps its place and takes none from others: as many runs
    /// again may be in flight instead of such.
    private func places(_ state: borrowing State, _ now: Duration) -> Int {
        settings.runs + min(settings.runs, state.holds.values.count { now - $0.lastSign >= settings.slice })
    }

    /// Works on a run until it waits, is over, or is to be given back.
    func carry(_ lease: Lease, asked: Duration) async {
        let run = lease.run
        defer { state.withLock { $0.places -= 1 } }
        var last = lease
        do {
            let journal = try await agency.journal(of: run)
            guard journal.row.isDue else { return await giveBack(lease) }
            guard
                let current = try await agency.reclaim(lease, after: journal.state.claim, leases, settings.lease)
            else { return }
            last = current
            let hold = Hold(current, of: leases, for: settings.lease, asked: asked, elapsed: elapsed)
            makeRoom(for: hold)
            defer { state.withLock { if $0.holds[run] === hold { $0.holds[run] = nil } } }
            try await stage(journal.state) { cast, world in
                try await self.work(from: journal, under: hold, cast, world)
            }
            state.withLock { _ = $0.rests.removeValue(forKey: run) }
            last = hold.lease
        } catch is CancellationError {
            // Only the pool itself cancels: what is held is given back when everything has ended.
            return state.withLock { $0.unreleased.append(last) }
        } catch let error as RuntimeError where error.code == .takenOver {
            observe(.lost(run))
        } catch let error as RuntimeError where error.code == .busy {
            rest(run, Self.busyPause)
            observe(.skipped(run, error.message))
        } catch let error as RuntimeError where error.code == .cannotPlay {
            rest(run, Self.skipPause)
            observe(.skipped(run, error.message))
        } catch {
            rest(run, nil)
            observe(.failed(run, error))
        }
        await giveBack(last)
    }

    private func work(
        from journal: Journal,
        under hold: Hold,
        _ cast: Cast,
        _ world: (any World)?
    ) async throws {
        var journal = journal
        let run = journal.run
        observe(.taken(run, epoch: hold.lease.epoch))
        try await agency.work(on: &journal, under: hold, cast, world, lookout) { [observe] notice in
            guard case .recorded(let event, let state) = notice else { return }
            hold.sign()
            observe(.recorded(event, state))
        }
        observe(.left(run, journal.agenda))
    }

    /// Notes a hold; one of those who have had their time makes room when there are more than places.
    private func makeRoom(for hold: Hold) {
        let now = elapsed()
        let earlier = state.withLock { state in
            let earlier = state.holds.updateValue(hold, forKey: hold.lease.run)
            if state.isClosing { hold.yield() }
            guard state.places > settings.runs, state.places > places(state, now) else { return earlier }
            let others = state.holds.filter { $0.value !== hold && !$0.value.mustYield }
            others.min { ($0.value.since, $0.key) < ($1.value.since, $1.key) }?.value.yield()
            return earlier
        }
        // Whoever is given a run that it holds has lost it in between.
        earlier?.lose()
    }

    private func giveBack(_ lease: Lease) async {
        do {
            try await leases.release(lease)
        } catch {
            state.withLock { $0.unreleased.append(lease) }
        }
    }

    private func isResting(_ run: RunID) -> Bool {
        let now = elapsed()
        return state.withLock { $0.rests[run].map { $0.until > now } ?? false }
    }

    /// Leaves a run alone for a while: for so long, or twice as long as the last time.
    private func rest(_ run: RunID, _ pause: Duration?) {
        let now = elapsed()
        state.withLock { state in
            if state.rests.count > 100_000 { state.rests = state.rests.filter { $0.value.until > now } }
            let pause = pause ?? min(Self.longestPause, max(.seconds(1), (state.rests[run]?.pause ?? .zero) * 2))
            state.rests[run] = Rest(until: now + pause, pause: pause)
        }
    }
}
