// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// Many runs in one process, and several processes on one ledger.
@Suite(.timeLimit(.minutes(4)))
struct WorkerPoolTests {
    @Test func `a pool works on every run that is due and gives all of them back`() async throws {
        let bench = try await PoolBench(runs: 30)
        let most = Mutex(0)
        let pool = bench.pool("w", change: { $0.runs = 4 }, observe: { _ in })
        try await bench.work(pool) {
            most.withLock { $0 = max($0, pool.inFlight) }
            return try await bench.isIdle()
        }
        for run in bench.runs {
            #expect(try await bench.state(run).agenda() == .wait(.choice))
            #expect(try await bench.state(run).claim == RunClaimed(worker: "w", epoch: 1))
        }
        #expect(most.withLock { $0 } <= 4)
        #expect(pool.inFlight == 0)
        try await bench.requireSound()
    }

    @Test func `a choice made elsewhere wakes the pool, to the end of the run`() async throws {
        let bench = try await PoolBench(runs: 2)
        let pool = bench.pool("w", change: { $0.period = .seconds(3600) })
        try await bench.work(pool) {
            guard try await bench.isIdle() else { return false }
            let waiting = bench.runs
            var isOver = true
            for run in waiting {
                if try await bench.state(run).agenda() == .wait(.choice) { try await bench.choose(run) }
                isOver = try await bench.state(run).finished != nil && isOver
            }
            return isOver
        }
        for run in bench.runs {
            #expect(try await bench.state(run).finished?.outcome == .done)
            // Begun, and woken twice: by the choice and by the choice of the revised plan.
            #expect(try await bench.state(run).claim?.epoch == 3)
            #expect(bench.world(run).standing.map(\.step) == ["s1", "s2", "s3"])
        }
        try await bench.requireSound()
    }

    @Test func `pools share the runs of a ledger, and no episode is performed twice`() async throws {
        let bench = try await PoolBench(runs: 24)
        let pools = (0..<3).map { index in bench.pool("w\(index)", change: { $0.runs = 3 }) }
        try await bench.work(pools[0], pools[1], pools[2], until: bench.isIdle)
        let asked = bench.performer.requests.map { "\($0.run) \($0.episode)" }
        #expect(Set(asked).count == asked.count)
        var workers: Set<String> = []
        for run in bench.runs {
            #expect(try await bench.state(run).agenda() == .wait(.choice))
            workers.insert(try await bench.state(run).claim?.worker ?? "")
        }
        #expect(workers.count > 1)
        try await bench.requireSound()
    }

    @Test func `a pool that takes a run again, whose lease was ended early, ends what it did for it before`()
        async throws
    {
        let simulated = SimulatedRun(critique: 0)
        let isFirst = Mutex(true)
        let performer = ScriptedPerformer { request in
            let hangs = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
            if hangs { try await Task.sleep(for: .seconds(3600)) }
            return .output(simulated.output(of: request.episode))
        }
        let bench = try await PoolBench(runs: 1, simulated: simulated, performer: performer)
        let isEnded = Mutex(false)
        try await bench.work(bench.pool("w", change: { $0.runs = 3 })) {
            if performer.requests.count > 2, isEnded.withLock({ !$0 }) {
                isEnded.withLock { $0 = true }
                for lease in await bench.store.holders() { await bench.store.release(lease) }
            }
            return try await bench.isIdle()
        }
        #expect(try await bench.state("r-0").agenda() == .wait(.choice))
        #expect(try await bench.state("r-0").claim == RunClaimed(worker: "w", epoch: 2))
        try await bench.requireSound()
    }

    @Test func `runs of a pool that is gone go to another when its leases end`() async throws {
        let bench = try await PoolBench(runs: 3)
        let hanging = ScriptedPerformer { _ in
            try await Task.sleep(for: .seconds(3600))
            return .text("")
        }
        let gone = bench.pool("gone", performer: hanging)
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Its store goes away with it, so that it cannot give anything back.
            let leases = FaultyLeases(bench.store) { name in
                if name == "release" { throw LedgerError(.unavailable, "gone") }
            }
            let dying = bench.pool("dying", leases: leases, performer: hanging)
            group.addTask { do { try await dying.run() } catch is CancellationError {} }
            try await bench.pass { hanging.requests.count >= 9 }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(gone.inFlight == 0)
        #expect(await bench.store.holders().count == 3)
        try await bench.work(bench.pool("next"), step: .seconds(1), until: bench.isIdle)
        for run in bench.runs { #expect(try await bench.state(run).claim == RunClaimed(worker: "next", epoch: 2)) }
        try await bench.requireSound()
    }

    @Test func `a run that cannot be worked on here is skipped, and the others are not kept waiting`() async throws {
        let bench = try await PoolBench(runs: 8)
        let skipped = Mutex<[RunID: Int]>([:])
        let pool = bench.pool(
            "w",
            change: { $0.runs = 2 },
            refusing: { run in
                if run < "r-4" { throw RuntimeError(.cannotPlay, "the workspace is elsewhere") }
            },
            observe: { notice in
                if case .skipped(let run, _) = notice { skipped.withLock { $0[run, default: 0] += 1 } }
            }
        )
        try await bench.work(pool) { await bench.store.runs().count { $0.isDue } == 4 }
        #expect(skipped.withLock { $0 }.keys.sorted() == ["r-0", "r-1", "r-2", "r-3"])
        for run in bench.runs where run < "r-4" {
            // Nothing of it is on their record.
            #expect(try await bench.state(run).claim == nil)
        }
        try await bench.work(bench.pool("able"), until: bench.isIdle)
        try await bench.requireSound()
    }

    @Test func `work that breaks off is tried again after a while, and not at once`() async throws {
        let broken = Mutex(3)
        let simulated = SimulatedRun(critique: 0)
        let performer = ScriptedPerformer { request in
            let isBroken = broken.withLock { count in
                defer { count -= 1 }
                return count > 0
            }
            if isBroken { throw PerformerError(.unreachable, "no route", retry: .later(nil)) }
            return .output(simulated.output(of: request.episode))
        }
        let bench = try await PoolBench(runs: 1, simulated: simulated, performer: performer)
        let failures = Mutex(0)
        let start = bench.clock.now
        let pool = bench.pool("w", observe: { if case .failed = $0 { failures.withLock { $0 += 1 } } })
        try await bench.work(pool, until: bench.isIdle)
        #expect(failures.withLock { $0 } == 1)
        #expect(start.duration(to: bench.clock.now) >= .seconds(1))
        #expect(try await bench.state("r-0").agenda() == .wait(.choice))
        try await bench.requireSound()
    }

    @Test func `a ledger that cannot be reached for a while is tried again`() async throws {
        let bench = try await PoolBench(runs: 4)
        let outage = Mutex(5)
        let leases = FaultyLeases(bench.store) { name in
            let isOut = outage.withLock { count in
                guard name == "claim" else { return false }
                defer { count -= 1 }
                return count > 0
            }
            if isOut { throw LedgerError(.unavailable, "no connection") }
        }
        let told = Mutex(0)
        let pool = bench.pool("w", leases: leases, observe: { if case .unreachable = $0 { told.withLock { $0 += 1 } } })
        try await bench.work(pool, until: bench.isIdle)
        #expect(told.withLock { $0 } == 5)
        try await bench.requireSound()
    }

    @Test func `a pool that is stopped records what is under way, begins nothing, and gives everything back`()
        async throws
    {
        let simulated = SimulatedRun(critique: 0)
        let (gate, open) = AsyncStream<Void>.makeStream()
        let passing = Mutex(false)
        let performer = ScriptedPerformer { request in
            if !passing.withLock({ $0 }) { for await _ in gate {} }
            return .output(simulated.output(of: request.episode))
        }
        let bench = try await PoolBench(runs: 2, simulated: simulated, performer: performer)
        let pool = bench.pool("w")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run() }
            try await bench.pass { performer.requests.count == 6 }
            pool.stop()
            passing.withLock { $0 = true }
            open.finish()
            try await group.waitForAll()
        }
        #expect(performer.requests.count == 6)
        for run in bench.runs { #expect(try await bench.state(run).options.count == 3) }
        try await bench.requireSound()
    }

    @Test func `what does not end within the grace is cancelled and given back`() async throws {
        let hanging = ScriptedPerformer { _ in
            try await Task.sleep(for: .seconds(3600))
            return .text("")
        }
        let bench = try await PoolBench(runs: 3, performer: hanging)
        let pool = bench.pool("w", change: { $0.grace = .seconds(2) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run() }
            try await bench.pass { hanging.requests.count == 9 }
            pool.stop()
            let start = bench.clock.now
            try await bench.pass { pool.inFlight == 0 }
            #expect(start.duration(to: bench.clock.now) >= .seconds(2))
            try await group.waitForAll()
        }
        try await bench.requireSound()
    }

    @Test func `a cancelled pool ends with everything given back`() async throws {
        let hanging = ScriptedPerformer { _ in
            try await Task.sleep(for: .seconds(3600))
            return .text("")
        }
        let bench = try await PoolBench(runs: 3, performer: hanging)
        let pool = bench.pool("w")
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await pool.run()
                    return false
                } catch { return error is CancellationError }
            }
            try? await bench.pass { hanging.requests.count == 9 }
            group.cancelAll()
            for await wasCancelled in group { #expect(wasCancelled) }
        }
        try await bench.requireSound()
    }

    @Test func `runs take turns when there are more of them than places`() async throws {
        // An answer takes ten seconds of the clock's time, so that every run uses up its slice in its first stage.
        let clock = SteppedClock()
        let simulated = SimulatedRun(critique: 0)
        let performer = ScriptedPerformer { request in
            try await clock.sleep(until: clock.now.advanced(by: .seconds(10)), tolerance: nil)
            return .output(simulated.output(of: request.episode))
        }
        let bench = try await PoolBench(runs: 3, simulated: simulated, clock: clock, performer: performer)
        let pool = bench.pool("w") {
            $0.runs = 1
            $0.slice = .seconds(5)
        }
        let order = Mutex<[RunID]>([])
        try await bench.work(pool, step: .milliseconds(500)) {
            order.withLock { order in
                for request in performer.requests.dropFirst(order.count) { order.append(request.run) }
            }
            return try await bench.isIdle()
        }
        // Every run has begun before any is through.
        let firsts = bench.runs.compactMap { run in order.withLock { $0 }.firstIndex(of: run) }
        let lasts = bench.runs.compactMap { run in order.withLock { $0 }.lastIndex(of: run) }
        #expect((firsts.max() ?? 0) < (lasts.min() ?? 0))
        for run in bench.runs { #expect(try await bench.state(run).claim?.epoch ?? 0 > 1) }
        try await bench.requireSound()
    }

    @Test func `a pause from elsewhere is heeded by a pool while episodes are performed`() async throws {
        let simulated = SimulatedRun(critique: 0)
        let isPaused = Mutex(false)
        let performer = ScriptedPerformer { request in
            if request.run == "r-1", !isPaused.withLock({ $0 }) { try await Task.sleep(for: .seconds(3600)) }
            return .output(simulated.output(of: request.episode))
        }
        let bench = try await PoolBench(runs: 2, simulated: simulated, performer: performer)
        try await bench.work(bench.pool("w")) {
            if performer.requests.contains(where: { $0.run == "r-1" }), !isPaused.withLock({ $0 }) {
                try await bench.agency.pause("r-1", by: Bench.person)
                isPaused.withLock { $0 = true }
            }
            return try await bench.isIdle()
        }
        #expect(try await bench.state("r-1").agenda() == .wait(.paused))
        try await bench.agency.letGoOn("r-1", by: Bench.person)
        try await bench.work(bench.pool("w"), until: bench.isIdle)
        #expect(try await bench.state("r-1").agenda() == .wait(.choice))
        try await bench.requireSound()
    }

    @Test func `runs that are stuck keep no others waiting`() async throws {
        let simulated = SimulatedRun(critique: 0)
        // As many as there are places.
        let stuck: [RunID] = ["r-0", "r-1", "r-2", "r-3"]
        let isStuck = Mutex(true)
        let performer = ScriptedPerformer { request in
            while stuck.contains(request.run), isStuck.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(5)) }
            return .output(simulated.output(of: request.episode))
        }
        let bench = try await PoolBench(runs: 30, simulated: simulated, performer: performer)
        let most = Mutex(0)
        let pool = bench.pool("w") {
            $0.runs = 4
            $0.slice = .seconds(1)
        }
        try await bench.work(pool) {
            most.withLock { $0 = max($0, pool.inFlight) }
            let due = await bench.store.runs().filter(\.isDue).map(\.run).sorted()
            if due == stuck { isStuck.withLock { $0 = false } }
            return due.isEmpty
        }
        #expect(most.withLock { $0 } <= 8)
        for run in bench.runs { #expect(try await bench.state(run).agenda() == .wait(.choice)) }
        try await bench.requireSound()
    }

    @Test func `a pool that is to end when idle ends, and names what it could not work on`() async throws {
        let bench = try await PoolBench(runs: 3)
        let pool = bench.pool("w", change: { $0.endsWhenIdle = true }) { run in
            if run == "r-1" { throw RuntimeError(.cannotPlay, "the workspace is elsewhere") }
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await pool.run()
                return true
            }
            group.addTask {
                while !Task.isCancelled {
                    bench.clock.advance(by: .milliseconds(10))
                    await Task.yield()
                }
                return false
            }
            let hasEnded = try await group.next()
            #expect(hasEnded == true)
            group.cancelAll()
        }
        #expect(pool.resting == ["r-1"])
        #expect(try await bench.state("r-0").agenda() == .wait(.choice))
        #expect(try await bench.state("r-1").claim == nil)
        #expect(await bench.store.holders().isEmpty)
    }
}
