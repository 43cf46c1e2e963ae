// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// A machine that loses power at any moment.
@Suite(.timeLimit(.minutes(5)))
struct CrashTests {
    /// What a whole run comes to, whatever happened on the way.
    struct Outcome: Hashable {
        var ending: RunFinished?
        var files: [String: String]
        var plans: [ProposalID: Digest]
        var done: [StepID]
        var standing: [StepID]
        var spent: Usage
    }

    static func outcome(_ state: RunState, _ world: SimulatedWorld) -> Outcome {
        Outcome(
            ending: state.finished,
            files: world.files,
            plans: state.proposals.mapValues(\.plan.digest),
            done: state.enactment.done.map(\.step.id),
            standing: world.standing.map(\.step),
            spent: state.spent
        )
    }

    /// Works and chooses, through a store that fails once, and as a new process from then on.
    static func live(
        _ simulated: SimulatedRun,
        crashAt append: Int?,
        _ side: CrashingLedgerStore.Side
    ) async throws -> Life {
        let ledger = InMemoryLedgerStore()
        let crashing = CrashingLedgerStore(ledger, crashAt: append, side)
        let clock = SteppedClock()
        let world = simulated.makeWorld()
        let performer = simulated.makePerformer()
        let cast = Cast(everyone: performer, in: simulated.architecture)
        var store: any LedgerStore = crashing
        var finishedBefore: Set<EpisodeID> = []
        var requestsBefore = 0
        for _ in 0..<40 {
            let agency = Bench.agency(store, clock)
            do {
                if await ledger.head(of: "r-test").isEmpty {
                    _ = try await agency.start(
                        simulated.brief,
                        with: simulated.architecture,
                        cast: cast,
                        tools: simulated.tools,
                        by: "starter"
                    )
                }
                let state = try await agency.work(on: "r-test", cast: cast, world: world)
                guard state.agenda() == .wait(.choice), let shown = state.sheet?.digest,
                    let option = state.options.first
                else {
                    let verification = try await ledger.verify(run: "r-test")
                    return Life(
                        state: state,
                        outcome: outcome(state, world),
                        world: world,
                        events: try await agency.events(of: "r-test").map(\.event),
                        repeated: performer.requests.dropFirst(requestsBefore).map(\.episode).filter(
                            finishedBefore.contains
                        ),
                        isSound: verification.isSound,
                        appends: crashing.appends
                    )
                }
                try await agency.choose(
                    .option(option.id),
                    in: "r-test",
                    shown: shown,
                    by: Bench.person,
                    reason: "fine"
                )
            } catch is SimulatedFault {
                // The process is gone with all that it knew; the store, the workspace and the performers are not.
                store = ledger
                requestsBefore = performer.requests.count
                let left = try await Bench.agency(ledger, clock).events(ofAny: "r-test")
                finishedBefore = Set(
                    left.compactMap { if case .episodeCompleted(let event) = $0 { event.episode } else { nil } }
                )
            }
        }
        throw SimulatedFault("the run does not come to an end")
    }

    struct Life {
        var state: RunState
        var outcome: Outcome
        var world: SimulatedWorld
        var events: [Event]
        var repeated: [EpisodeID]
        var isSound: Bool
        var appends: Int
    }

    @Test(arguments: CrashingLedgerStore.Side.allCases)
    func `after a crash at any append a run comes to the same end`(side: CrashingLedgerStore.Side) async throws {
        // Two proposals, so that every history is short and the objections of the first are mended.
        var simulated = SimulatedRun(seed: 1)
        simulated.architecture.flow[0] = .propose(role: "writer", count: 2)
        let undisturbed = try await Self.live(simulated, crashAt: nil, side)
        #expect(undisturbed.state.finished?.outcome == .done)
        #expect(undisturbed.appends > 40)
        for append in 1...undisturbed.appends {
            let life = try await Self.live(simulated, crashAt: append, side)
            let place = Comment(rawValue: "append \(append), \(side)")
            #expect(life.outcome == undisturbed.outcome, place)
            #expect(life.isSound, place)
            #expect(life.state.anomalies.isEmpty, place)
            #expect(life.repeated.isEmpty, place)
            #expect(Self.completions(life.events).values.allSatisfy { $0 == 1 }, place)
            // A try that was broken off is undone before it is made again; no effect stands twice.
            #expect(Set(life.world.standing.map(\.effect)).count == life.world.standing.count, place)
            #expect(life.world.standing.map(\.step) == life.state.enactment.done.map(\.step.id), place)
        }
    }

    private static func completions(_ events: [Event]) -> [EpisodeID: Int] {
        events.reduce(into: [:]) { counts, event in
            if case .episodeCompleted(let body) = event { counts[body.episode, default: 0] += 1 }
        }
    }

    @Test(arguments: [
        SimulatedWorld.Crash.beforeActing, .afterActing, .beforeCheckpoint, .afterCheckpoint, .beforeRestoring,
        .afterRestoring,
    ])
    func `a crash of the workspace is made good, and every step is done exactly once`(
        crash: SimulatedWorld.Crash
    ) async throws {
        let simulated = SimulatedRun(critique: 0)
        let bench = try await Bench(simulated)
        try await bench.work()
        try await bench.choose()
        bench.world.crash(crash)
        await #expect(throws: SimulatedFault.self) { try await bench.work() }
        let end = try await bench.finish()
        #expect(end.finished?.outcome == .done)
        #expect(bench.world.standing.map(\.step) == ["s1", "s2", "s3"])
        #expect(bench.world.files["a.txt"] == "first\n")
        #expect(end.anomalies.isEmpty)
    }

    @Test func `an intent without an observation is undone before it is tried again`() async throws {
        let bench = try await Bench(SimulatedRun(critique: 0))
        try await bench.work()
        try await bench.choose()
        bench.world.crash(.afterActing)
        await #expect(throws: SimulatedFault.self) { try await bench.work() }
        #expect(bench.world.files["a.txt"] == "first\n")
        let state = try await bench.work()
        #expect(state.enactment.trials.first?.reverted?.reason == .interrupted)
        #expect(state.enactment.trials.prefix(2).map(\.attempt) == [1, 2])
        #expect(state.enactment.trials[0].effect == state.enactment.trials[1].effect)
        #expect(bench.world.files["a.txt"] == "first\n")
        #expect(bench.world.restores.first == "c0")
    }

    @Test func `a choice that was stored without anybody being told still stands`() async throws {
        let ledger = InMemoryLedgerStore()
        let bench = try await Bench(SimulatedRun(critique: 0), store: ledger)
        let state = try await bench.work()
        let crashing = Bench.agency(CrashingLedgerStore(ledger, crashAt: 1, .after), bench.clock)
        await #expect(throws: SimulatedFault.self) {
            try await crashing.choose(
                .option("p1"),
                in: bench.run,
                shown: state.sheet?.digest ?? Digest(of: ""),
                by: Bench.person,
                reason: "fine"
            )
        }
        #expect(try await bench.state().choice?.choice.verdict == .option("p1"))
        #expect(try await bench.work().anomalies.isEmpty)
    }
}

extension Agency {
    /// The events of a run that may not have begun.
    func events(ofAny run: RunID) async throws -> [Event] {
        do {
            return try await events(of: run).map(\.event)
        } catch let error as RuntimeError where error.code == .notFound {
            return []
        }
    }
}
