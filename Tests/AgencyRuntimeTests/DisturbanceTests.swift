// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// What people do to a run from elsewhere while it is being worked on.
@Suite(.timeLimit(.minutes(4)))
struct DisturbanceTests {
    static let simulated = SimulatedRun(critique: 0)

    /// Works on a run in which somebody elsewhere does something while an episode is performed, which then never ends by
    /// itself.
    static func work(
        during episode: EpisodeID,
        _ disturb: @escaping @Sendable (Agency, RunID) async throws -> Void
    ) async throws -> (bench: Bench, state: RunState) {
        let clock = SteppedClock()
        let store = InMemoryLedgerStore()
        let isFirst = Mutex(true)
        let performer = ScriptedPerformer { request in
            let waits =
                request.episode == episode
                && isFirst.withLock { value in
                    defer { value = false }
                    return value
                }
            if waits {
                try await disturb(Bench.agency(store, clock), request.run)
                // The watch looks after a while; the performance itself would take for ever.
                while true {
                    try Task.checkCancellation()
                    clock.advance(by: .milliseconds(400))
                    await Task.yield()
                }
            }
            return .output(simulated.output(of: request.episode))
        }
        let bench = try await Bench(simulated, store: store, performer: performer, clock: clock)
        return (bench, try await bench.work())
    }

    @Test func `a pause from elsewhere is obeyed while episodes are performed`() async throws {
        let (bench, state) = try await Self.work(during: "0.evaluate.auditor.p2") { agency, run in
            try await agency.pause(run, by: Bench.person, reason: "wait")
        }
        #expect(state.agenda() == .wait(.paused))
        #expect(state.episodes["0.evaluate.auditor.p2"]?.status == .started)
        try await bench.agency.letGoOn(bench.run, by: Bench.person)
        let resumed = try await bench.work()
        #expect(resumed.agenda() == .wait(.choice))
        #expect(resumed.evaluations.count == 6)
        #expect(resumed.anomalies.isEmpty)
    }

    @Test func `a stop from elsewhere is obeyed while episodes are performed`() async throws {
        let (_, state) = try await Self.work(during: "0.propose.writer.1") { agency, run in
            try await agency.stop(run, by: Bench.person, reason: "no more")
        }
        #expect(state.status == .stopped)
        #expect(state.agenda() == .nothing)
    }

    @Test func `goals rewritten while options are judged have them judged by the new goals`() async throws {
        let goal = Goal(id: "only", want: "one note", check: SimulatedWorld.lines("a.txt", 1))
        let (_, state) = try await Self.work(during: "0.evaluate.auditor.p2") { agency, run in
            try await agency.editGoals([goal], in: run, by: Bench.person, reason: "less")
        }
        #expect(state.agenda() == .wait(.choice))
        #expect(state.evaluations.count == 6)
        #expect(state.evaluations.allSatisfy { $0.episode.rawValue.hasPrefix("1.") })
        #expect(state.failureCode("0.evaluate.auditor.p2") == "overtaken")
        #expect(state.anomalies.isEmpty)
    }

    @Test func `goals rewritten while plans are proposed are read by those proposed anew`() async throws {
        let goal = Goal(id: "only", want: "one note only", check: SimulatedWorld.lines("a.txt", 1))
        let (bench, state) = try await Self.work(during: "0.propose.writer.2") { agency, run in
            try await agency.editGoals([goal], in: run, by: Bench.person, reason: "less")
        }
        #expect(state.options.count == 3)
        let last = try #require(bench.performer.requests(of: "0.propose.writer.2").last)
        #expect(last.messages.map(\.text).joined().contains("one note only"))
    }

    @Test(arguments: ["run_paused", "run_stopped", "goals_edited"])
    func `a word from elsewhere just before a step keeps the step from being done`(kind: String) async throws {
        let ledger = InMemoryLedgerStore()
        let bench = try await Bench(Self.simulated, store: ledger)
        try await bench.work()
        try await bench.choose("p1")
        let isFirst = Mutex(true)
        let interrupted = RivalStore(ledger) { kinds in
            let isDue =
                kinds.contains("step_intended")
                && isFirst.withLock { value in
                    defer { value = false }
                    return value
                }
            guard isDue else { return }
            switch kind {
            case "run_paused": try await bench.agency.pause(bench.run, by: Bench.person)
            case "run_stopped": try await bench.agency.stop(bench.run, by: Bench.person)
            default:
                let goal = Goal(id: "only", want: "one note", check: SimulatedWorld.lines("a.txt", 1))
                try await bench.agency.editGoals([goal], in: bench.run, by: Bench.person, reason: "r")
            }
        }
        let agency = Bench.agency(interrupted, bench.clock)
        let state = try await agency.work(on: bench.run, cast: bench.cast, world: bench.world)
        #expect(bench.world.acts.isEmpty)
        #expect(state.enactment.trials.isEmpty)
        #expect(state.anomalies.isEmpty)
        #expect(try await bench.events().contains { $0.type == kind })
    }

    @Test func `a worker that is cancelled leaves a run that can be resumed`() async throws {
        let clock = SteppedClock()
        let isFirst = Mutex(true)
        let (reached, signal) = AsyncStream.makeStream(of: Void.self)
        let performer = ScriptedPerformer { request in
            if request.episode == "0.propose.writer.2", isFirst.withLock({ $0 }) {
                isFirst.withLock { $0 = false }
                signal.yield()
                while true {
                    try Task.checkCancellation()
                    await Task.yield()
                }
            }
            return .output(Self.simulated.output(of: request.episode))
        }
        let bench = try await Bench(Self.simulated, performer: performer, clock: clock)
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    try await bench.work()
                    return false
                } catch { return error is CancellationError }
            }
            var arrivals = reached.makeAsyncIterator()
            _ = await arrivals.next()
            group.cancelAll()
            for await wasCancelled in group { #expect(wasCancelled) }
        }
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(state.options.count == 3)
    }
}
