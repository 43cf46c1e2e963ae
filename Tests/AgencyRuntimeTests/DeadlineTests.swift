// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyRuntime
import AgencyTestKit
import Testing

/// Where there is only so much time to choose.
@Suite(.timeLimit(.minutes(4)))
struct DeadlineTests {
    /// An undertaking in which there are two hours to choose.
    private static var hurried: SimulatedRun {
        var simulated = SimulatedRun(critique: 0)
        let index = simulated.architecture.flow.firstIndex { $0.word == "choose" } ?? 0
        simulated.architecture.flow[index] = .choose(expires: 3600, returns: 1, within: 7200)
        return simulated
    }

    @Test func `a choice in time counts, and each that is asked for has its own time`() async throws {
        let bench = try await Bench(Self.hurried)
        try await bench.work()
        bench.clock.advance(by: .seconds(7000))
        try await bench.decide(.sendBack, reason: "think of the readers")
        try await bench.work()
        bench.clock.advance(by: .seconds(7000))
        try await bench.choose()
        let end = try await bench.finish()
        #expect(end.finished?.outcome == .done)
        #expect(end.anomalies == [])
    }

    @Test func `when the time is over nothing is done, whatever is said then`() async throws {
        let bench = try await Bench(Self.hurried)
        let waiting = try await bench.work()
        #expect(waiting.choiceDeadline == waiting.updatedAtMilliseconds + 7_200_000)
        // Asking anew gives nobody more time.
        bench.clock.advance(by: .seconds(7000))
        try await bench.agency.ask("Why three notes?", in: bench.run, by: Bench.person)
        let again = try await bench.work()
        #expect(again.choiceDeadline == waiting.choiceDeadline)
        bench.clock.advance(by: .seconds(201))
        await DeskTests.expect(.notNow) { try await bench.choose("p1") }
        let end = try await bench.work()
        #expect(end.finished?.outcome == .declined)
        #expect(end.finished?.summary == "nobody chose in time")
        #expect(end.anomalies == [])
        #expect(bench.world.standing.isEmpty)
        await DeskTests.expect(.notNow) { try await bench.choose("p1") }
        let replay = try await bench.agency.replay(bench.run)
        #expect(replay.counts == [:], "\(replay.divergences.first?.description ?? "")")
        #expect(replay.state == end)
    }

    @Test func `a revised plan that nobody chooses in time is not enacted, and what was done before stays`()
        async throws
    {
        let bench = try await Bench(Self.hurried)
        try await bench.work()
        try await bench.choose()
        let halted = try await bench.work()
        #expect(halted.agenda() == .wait(.choice))
        let standing = bench.world.standing
        bench.clock.advance(by: .seconds(7201))
        let end = try await bench.work()
        #expect(end.finished?.outcome == .declined)
        #expect(bench.world.standing == standing)
    }

    @Test func `a pool that ends when nothing is due ends what is too late first`() async throws {
        let bench = try await PoolBench(runs: 1, simulated: Self.hurried)
        let first = bench.pool("a", change: { $0.endsWhenIdle = true })
        try await bench.work(first, until: bench.isIdle)
        #expect(try await bench.state(bench.runs[0]).agenda() == .wait(.choice))
        bench.clock.advance(by: .seconds(7201))
        let second = bench.pool("b", change: { $0.endsWhenIdle = true })
        try await bench.work(second) { try await bench.state(bench.runs[0]).finished != nil }
        #expect(try await bench.state(bench.runs[0]).finished?.outcome == .declined)
    }

    @Test func `goals that are rewritten give time anew, and not when it is over`() async throws {
        let bench = try await Bench(Self.hurried)
        try await bench.work()
        bench.clock.advance(by: .seconds(7000))
        try await bench.agency.editGoals([Lives.goal], in: bench.run, by: Bench.person, reason: "less is more")
        let again = try await bench.work()
        #expect(again.choiceDeadline == again.updatedAtMilliseconds + 7_200_000)
        bench.clock.advance(by: .seconds(7201))
        await DeskTests.expect(.notNow) {
            try await bench.agency.editGoals([Lives.goal], in: bench.run, by: Bench.person, reason: "too late")
        }
        #expect(try await bench.work().finished?.outcome == .declined)
    }

    @Test func `a pool ends what nobody chose in time, without being told`() async throws {
        let bench = try await PoolBench(runs: 2, simulated: Self.hurried)
        let pool = bench.pool("w", change: { $0.period = .seconds(3600) })
        try await bench.work(pool, step: .seconds(2)) {
            if try await bench.isIdle() { bench.clock.advance(by: .seconds(3000)) }
            for run in bench.runs where try await bench.state(run).finished == nil { return false }
            return true
        }
        for run in bench.runs {
            let events = try await bench.agency.events(of: run).map(\.event.type)
            #expect(
                events.suffix(2) == ["choice_overdue", "run_finished"] || events.suffix(3).contains("choice_overdue")
            )
            #expect(try await bench.state(run).finished?.outcome == .declined)
        }
        try await bench.requireSound()
    }
}
