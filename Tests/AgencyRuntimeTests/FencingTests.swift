// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// A worker that lost its run without knowing: it stood still longer than its lease, or its clock did.
@Suite(.timeLimit(.minutes(4)))
struct FencingTests {
    static let simulated = SimulatedRun(critique: 0)
    static let lease = Duration.seconds(30)

    /// Works on the only run to where it waits, as a worker of that name.
    @discardableResult
    static func work(
        _ bench: PoolBench,
        as worker: String,
        store: (any LedgerStore)? = nil,
        leases: (any LeaseStore)? = nil,
        clock: SteppedClock? = nil,
        performer: ScriptedPerformer? = nil
    ) async throws -> RunState {
        try await Bench.agency(store ?? bench.store, clock ?? bench.clock).work(
            on: "r-0",
            as: worker,
            through: leases ?? bench.store,
            for: lease,
            cast: Cast(everyone: performer ?? bench.performer, in: simulated.architecture),
            world: bench.world("r-0")
        )
    }

    static func isTakenOver(_ error: any Error) -> Bool { (error as? RuntimeError)?.code == .takenOver }

    @Test func `an answer that comes after another took the run is refused and on record, and nothing follows`()
        async throws
    {
        let bench = try await PoolBench(runs: 1)
        // The first worker's own clock stands still: it believes in its lease throughout.
        let standing = SteppedClock()
        let isFirst = Mutex(true)
        let answer = ScriptedPerformer.Answer.turn(
            Turn(
                text: SimulatedRun(seed: 2).output(of: "0.propose.writer.1").compactText,
                usage: Usage(calls: 3),
                performer: "late"
            )
        )
        let performer = ScriptedPerformer { request in
            guard request.episode == "0.propose.writer.1" else {
                throw PerformerError(.unreachable, "cut", retry: .never)
            }
            if isFirst.withLock({ $0 }) {
                isFirst.withLock { $0 = false }
                // Half a minute and more goes by for everybody else, and another worker goes as far as it can.
                bench.clock.advance(by: Self.lease + .seconds(1))
                try await Self.work(bench, as: "second")
            }
            return answer
        }
        await #expect { try await Self.work(bench, as: "first", clock: standing, performer: performer) } throws: {
            Self.isTakenOver($0)
        }
        let state = try await bench.state("r-0")
        #expect(state.agenda() == .wait(.choice))
        #expect(state.claim == RunClaimed(worker: "second", epoch: 2))
        let late = try #require(state.lateResults.first)
        #expect(state.lateResults.count == 1)
        #expect(late.worker == "first" && late.epoch == 1 && late.episode == "0.propose.writer.1")
        #expect(late.usage.calls == 3)
        // What it was is kept, and is not what stands.
        let kept = try #require(try await bench.store.artefact(late.result.digest))
        #expect(!kept.isEmpty)
        #expect(late.result != state.episodes["0.propose.writer.1"]?.transcript)
        #expect(state.episodes["0.propose.writer.1"]?.performer == "simulated")
        try await bench.requireSound()
    }

    @Test func `of two workers that both believe they hold a run, the later one carries on and each step is done once`()
        async throws
    {
        let bench = try await PoolBench(runs: 1)
        try await Self.work(bench, as: "first")
        try await bench.choose("r-0")
        let standing = SteppedClock()
        let isFirst = Mutex(true)
        let delayed = RivalStore(bench.store) { kinds in
            guard kinds.contains("step_intended"), isFirst.withLock({ $0 }) else { return }
            isFirst.withLock { $0 = false }
            bench.clock.advance(by: Self.lease + .seconds(1))
            try await Self.work(bench, as: "second")
        }
        await #expect { try await Self.work(bench, as: "first", store: delayed, clock: standing) } throws: {
            Self.isTakenOver($0)
        }
        let events = try await bench.events("r-0")
        #expect(events.compactMap { if case .runClaimed(let claim) = $0 { claim.epoch } else { nil } } == [1, 2, 3])
        #expect(bench.world("r-0").actsByEffect.values.allSatisfy { $0 == 1 })
        // The second went on to where the plan is revised.
        #expect(try await bench.state("r-0").agenda() == .wait(.choice))
        try await bench.requireSound()
    }

    @Test func `a worker that stood still between the intent and the act does not act`() async throws {
        let bench = try await PoolBench(runs: 1)
        try await Self.work(bench, as: "first")
        try await bench.choose("r-0")
        let own = SteppedClock()
        let isFirst = Mutex(true)
        let stopping = PausingStore(bench.store) { kinds in
            guard kinds.contains("step_intended"), isFirst.withLock({ $0 }) else { return }
            isFirst.withLock { $0 = false }
            own.advance(by: Self.lease)
            bench.clock.advance(by: Self.lease + .seconds(1))
        }
        // Nothing renews the lease while the whole process stands still.
        let leases = FaultyLeases(bench.store) { if $0 == "renew" { throw LedgerError(.unavailable, "asleep") } }
        await #expect {
            try await Self.work(bench, as: "first", store: stopping, leases: leases, clock: own)
        } throws: { Self.isTakenOver($0) }
        #expect(bench.world("r-0").acts.isEmpty)
        #expect(try await bench.state("r-0").enactment.current != nil)
        try await Self.work(bench, as: "second")
        #expect(bench.world("r-0").actsByEffect.values.allSatisfy { $0 == 1 })
    }

    @Test func `what an act showed after another took the run is refused and on record`() async throws {
        let bench = try await PoolBench(runs: 1)
        try await Self.work(bench, as: "first")
        try await bench.choose("r-0")
        let isFirst = Mutex(true)
        let delayed = RivalStore(bench.store) { kinds in
            guard kinds.contains("step_observed"), isFirst.withLock({ $0 }) else { return }
            isFirst.withLock { $0 = false }
            // Another worker takes the run; what it does about the intent is not the point here.
            bench.clock.advance(by: Self.lease + .seconds(1))
            let lease = try await bench.store.claim("r-0", worker: "second", for: Self.lease)
            let claim = RunClaimed(worker: "second", epoch: lease?.epoch ?? 0)
            let head = await bench.store.head(of: "r-0")
            let event = RecordedEvent(
                sequence: head.sequence + 1,
                atMilliseconds: bench.clock.nowMilliseconds,
                event: .runClaimed(claim)
            )
            _ = try await bench.store.append(
                [try event.storedBytes()],
                artefacts: [],
                to: "r-0",
                after: head,
                row: nil,
                durability: .full
            )
        }
        await #expect { try await Self.work(bench, as: "first", store: delayed, clock: SteppedClock()) } throws: {
            Self.isTakenOver($0)
        }
        let state = try await bench.state("r-0")
        let late = try #require(state.lateResults.first)
        #expect(late.step == "s1" && late.effect == bench.world("r-0").acts.first?.effect)
        #expect(state.enactment.current?.phase == .intended)
        #expect(state.anomalies.isEmpty)
        let result = try JSONValue(parsing: try #require(try await bench.store.artefact(late.result.digest)))
        #expect(result["status"]?.integer == 0)
    }

    @Test func `work is cancelled when the lease cannot be renewed any more`() async throws {
        let hanging = ScriptedPerformer { _ in
            try await Task.sleep(for: .seconds(3600))
            return .text("")
        }
        let bench = try await PoolBench(runs: 1, performer: hanging)
        let leases = FaultyLeases(bench.store) { if $0 == "renew" { throw LedgerError(.unavailable, "no connection") } }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await Self.work(bench, as: "w", leases: leases)
                    return false
                } catch { return Self.isTakenOver(error) }
            }
            // On a slow machine, the lease would be over before anything is under way.
            try await bench.pass(step: .zero) { hanging.requests.count == 3 }
            let start = bench.clock.now
            try await bench.pass { start.duration(to: bench.clock.now) > Self.lease * 1.5 }
            #expect(try await group.next() == true)
        }
    }

    @Test func `a lease is renewed for as long as the work takes`() async throws {
        let clock = SteppedClock()
        let simulated = Self.simulated
        let performer = ScriptedPerformer { request in
            try await clock.sleep(until: clock.now.advanced(by: .seconds(100)), tolerance: nil)
            return .output(simulated.output(of: request.episode))
        }
        let bench = try await PoolBench(runs: 1, clock: clock, performer: performer)
        try await bench.work(bench.pool("w"), step: .milliseconds(250), until: bench.isIdle)
        #expect(try await bench.state("r-0").claim?.epoch == 1)
        #expect(try await bench.state("r-0").agenda() == .wait(.choice))
        try await bench.requireSound()
    }

    @Test func `a run that somebody holds is not worked on, and who holds it is told`() async throws {
        let bench = try await PoolBench(runs: 1)
        _ = try await bench.store.claim("r-0", worker: "other", for: Self.lease)
        await #expect { try await Self.work(bench, as: "w") } throws: { error in
            (error as? RuntimeError)?.code == .busy && "\(error)".contains("other")
        }
        #expect(bench.performer.requests.isEmpty)
    }

    @Test func `a worker that was slow to claim a run with a lease that is over is refused`() async throws {
        let bench = try await PoolBench(runs: 1)
        let isFirst = Mutex(true)
        let slow = RivalStore(bench.store) { kinds in
            guard kinds.contains("run_claimed"),
                isFirst.withLock({ isFirst in
                    defer { isFirst = false }
                    return isFirst
                })
            else { return }
            bench.clock.advance(by: Self.lease + .seconds(1))
            try await Self.work(bench, as: "second")
        }
        // By its own clock no time has passed.
        await #expect {
            try await Self.work(bench, as: "first", store: slow, clock: SteppedClock())
        } throws: { Self.isTakenOver($0) }
        let claims = try await bench.events("r-0").compactMap { event -> RunClaimed? in
            if case .runClaimed(let claim) = event { claim } else { nil }
        }
        #expect(claims == [RunClaimed(worker: "second", epoch: 2)])
        try await bench.requireSound()
    }

    @Test func `a record with later claims than its ledger knows of is carried on all the same`() async throws {
        let bench = try await PoolBench(runs: 1)
        let head = await bench.store.head(of: "r-0")
        let claimed = RecordedEvent(
            sequence: head.sequence + 1,
            atMilliseconds: bench.clock.nowMilliseconds,
            event: .runClaimed(RunClaimed(worker: "elsewhere", epoch: 9))
        )
        _ = try await bench.store.append([try claimed.storedBytes()], artefacts: [], to: "r-0", after: head, row: nil)
        try await bench.work(bench.pool("w"), until: bench.isIdle)
        #expect(try await bench.state("r-0").claim == RunClaimed(worker: "w", epoch: 10))
        try await bench.requireSound()
    }
}

/// A store after whose appends something happens before anybody is told.
private final class PausingStore: WrappingLedgerStore {
    let store: any LedgerStore
    private let after: @Sendable ([String]) async throws -> Void

    init(_ store: any LedgerStore, after: @escaping @Sendable ([String]) async throws -> Void) {
        self.store = store
        self.after = after
    }

    func append(
        _ events: [[UInt8]],
        artefacts: [Artefact],
        to run: RunID,
        after head: Head,
        row: RunRow?,
        durability: Durability
    ) async throws -> [Entry] {
        let entries = try await store.append(
            events,
            artefacts: artefacts,
            to: run,
            after: head,
            row: row,
            durability: durability
        )
        try await after(events.map { try RecordedEvent(sequence: 0, storedBytes: $0).event.type })
        return entries
    }
}
