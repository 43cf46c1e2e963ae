// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyRuntime
import AgencyTestKit
import Testing

/// What is forecast in runs, and what it comes to.
@Suite struct RecordTests {
    private static func forecasts(_ bench: Bench) async throws -> [RunForecasts.Forecast] {
        RunForecasts(of: bench.run, events: try await bench.agency.events(of: bench.run)).forecasts
    }

    @Test func `a halt settles what was said of the option, and the goals what was said of its revision`() async throws
    {
        let bench = try await Bench(SimulatedRun(critique: 0))
        let end = try await bench.finish()
        #expect(end.finished?.outcome == .done)
        let all = try await Self.forecasts(bench)
        func outcomes(_ statement: String) -> Set<Bool?> {
            Set(all.filter { $0.statement == statement }.map(\.outcome))
        }
        #expect(outcomes("p1 reaches the goals") == [false])
        #expect(outcomes("p1.r1 reaches the goals") == [true])
        // Nobody chose these, so that nothing is known of them.
        #expect(outcomes("p2 reaches the goals") == [nil])
        let steps = all.filter { $0.statement.hasPrefix("forecast") }
        #expect(Set(steps.map(\.key.role)) == ["writer", "reviser"])
        #expect(Set(steps.map(\.outcome)) == [true, false])
        #expect(
            all.filter { $0.key.role == "auditor" }.allSatisfy {
                $0.key.task == "evaluate" && $0.key.prompt.count == 12
            }
        )
        let settled = end.enactment.trials.flatMap { $0.settlements.map(\.outcome) }
        #expect(steps.map(\.outcome).count == settled.count)
    }

    @Test func `what a person changed is theirs, and the rest stays with who wrote it`() async throws {
        let bench = try await Bench(SimulatedRun(seed: 2, critique: 0))
        try await bench.work()
        let state = try await bench.state()
        let option = try #require(state.options.first)
        var plan = option.plan
        plan.steps[0].forecasts[0].probability = 0.51
        let edited = try await bench.agency.addOption(
            plan,
            title: "Edited",
            from: option.id,
            to: bench.run,
            by: Bench.person,
            reason: "less sure"
        )
        try await bench.work()
        try await bench.choose(edited)
        try await bench.work()
        let steps = try await Self.forecasts(bench).filter { $0.statement.hasPrefix("forecast") }
        let first = try #require(steps.first { $0.statement.contains("of s1,") })
        #expect(first.key.role == "person" && first.probability?.value == 0.51)
        #expect(steps.filter { !$0.statement.contains("of s1,") }.allSatisfy { $0.key.role == "writer" })
    }

    @Test func `an outcome can come long after, and a second one that contradicts it disputes it`() async throws {
        let bench = try await Bench(SimulatedRun(critique: 0))
        _ = try await bench.finish()
        func file(_ outcome: Bool, _ subject: ForecastSubject, _ why: String = "it was seen") async throws {
            try await bench.agency.file(outcome, of: subject, in: bench.run, by: Bench.person, reason: why)
        }
        try await file(true, .goals("p2"))
        #expect(
            try await Self.forecasts(bench).filter { $0.statement == "p2 reaches the goals" }.allSatisfy {
                $0.outcome == true
            }
        )
        try await file(false, .goals("p2"))
        let disputed = try await Self.forecasts(bench).filter(\.isDisputed)
        #expect(Set(disputed.map(\.statement)) == ["p2 reaches the goals"])
        #expect(disputed.allSatisfy { $0.outcome == true })
        await DeskTests.expect(.notFound) { try await file(true, .goals("p9")) }
        await DeskTests.expect(.notFound) { try await file(true, .step("s1", forecast: 9)) }
        await DeskTests.expect(.notFound) { try await file(true, .step("s9", forecast: 1)) }
        await DeskTests.expect(.badInput) { try await file(true, .goals("p1"), " ") }
        let state = try await bench.state()
        #expect(state.anomalies == [] && state.outcomes.count == 2)
        #expect(state.finished?.outcome == .done)
        #expect(try await bench.agency.replay(bench.run).counts == [:])
    }

    @Test func `goals that are rewritten leave what was said of them unsettled`() async throws {
        let bench = try await Bench(SimulatedRun(seed: 2, critique: 0))
        try await bench.work()
        try await bench.agency.editGoals([Lives.goal], in: bench.run, by: Bench.person, reason: "less is more")
        _ = try await bench.finish()
        let all = try await Self.forecasts(bench).filter { $0.statement.contains("reaches the goals") }
        #expect(all.filter { !$0.statement.contains("rewritten") }.allSatisfy { $0.outcome == nil })
        #expect(all.contains { $0.statement.contains("as rewritten 1 times") && $0.outcome != nil })
    }

    @Test func `the same runs give the same book in any order, and a newcomer starts near who came before`()
        async throws
    {
        var runs: [RunForecasts] = []
        for seed in 1...6 {
            let clock = SteppedClock()
            clock.advance(by: .seconds(seed))
            let bench = try await Bench(SimulatedRun(seed: UInt64(seed), critique: 0), clock: clock)
            _ = try await bench.finish()
            runs.append(RunForecasts(of: bench.run, events: try await bench.agency.events(of: bench.run)))
        }
        let book = RecordBook(runs)
        #expect(RecordBook(runs.reversed()) == book)
        #expect(RecordBook([runs[3], runs[0], runs[5], runs[1], runs[4], runs[2]]) == book)
        let writer = try #require(book.entries.first { $0.key.role == "writer" })
        #expect(writer.record.count > 10 && !writer.record.isAdvisory)
        #expect(writer.unsettled == 0)
        let auditor = try #require(book.entries.first { $0.key.role == "auditor" })
        #expect(auditor.unsettled > 0 && auditor.record.count > 0)
        #expect(book.only(of: "auditor").entries == [auditor])
        #expect(RecordBook([]).entries.isEmpty)
    }
}
