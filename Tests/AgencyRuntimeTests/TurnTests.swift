// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencyTestKit
import Synchronization
import Testing

/// When episodes are performed whose performer lets only so many ask.
@Suite(.timeLimit(.minutes(4)))
struct TurnTests {
    /// Lets one episode at a time have its turn.
    private struct Usher: Performer {
        @TaskLocal static var turn: RunID?
        let performer: any Performer
        let log = Log()

        final class Log: Sendable {
            private let state = Mutex<(inside: Int, turns: Int, early: Int)>((0, 0, 0))
            var turns: Int { state.withLock { $0.turns } }
            var early: Int { state.withLock { $0.early } }
            func enter() -> Bool {
                state.withLock {
                    guard $0.inside == 0 else { return false }
                    $0.inside += 1
                    $0.turns += 1
                    return true
                }
            }
            func leave() { state.withLock { $0.inside -= 1 } }
            func isEarly() { state.withLock { $0.early += 1 } }
        }

        var about: String { performer.about }

        func inTurn<Result>(for run: RunID, _ work: () async throws -> Result) async throws -> Result {
            while !log.enter() { await Task.yield() }
            defer { log.leave() }
            return try await Self.$turn.withValue(run) { try await work() }
        }

        func respond(to request: TurnRequest) async throws -> Turn {
            if Self.turn != request.run { log.isEarly() }
            return try await performer.respond(to: request)
        }
    }

    @Test func `no episode asks before it is the turn of its run`() async throws {
        let simulated = SimulatedRun()
        let usher = Usher(performer: simulated.makePerformer())
        let agency = Agency(store: InMemoryLedgerStore())
        let cast = Cast(everyone: usher, in: simulated.architecture)
        let run = try await agency.start(
            simulated.brief,
            with: simulated.architecture,
            cast: cast,
            tools: SimulatedWorld.manifests,
            workspace: "notes",
            by: "starter"
        )
        let state = try await agency.work(on: run, cast: cast, world: simulated.makeWorld())
        #expect(state.agenda() == .wait(.choice))
        #expect(usher.log.turns == state.episodes.count)
        #expect(usher.log.early == 0)
    }

    @Test func `a name that there is already begins no other run, and nothing happens to the one there is`()
        async throws
    {
        let bench = try await Bench()
        let before = try await bench.store.head(of: bench.run)
        await DeskTests.expect(.busy) {
            _ = try await bench.agency.start(
                bench.simulated.brief,
                with: bench.simulated.architecture,
                cast: bench.cast,
                tools: SimulatedWorld.manifests,
                workspace: "notes",
                by: "somebody else"
            )
        }
        #expect(try await bench.store.head(of: bench.run) == before)
        let end = try await bench.finish()
        #expect(end.started?.person == "starter")
        #expect(end.finished?.outcome == .done)
    }
}
