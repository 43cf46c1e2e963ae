// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// What a run may consume.
@Suite(.timeLimit(.minutes(4)))
struct BudgetTests {
    static let first: EpisodeID = "0.propose.writer.1"
    static let profile = Profile(name: "any", provider: .openai, outputTokens: 1000)
    static let outside: [ScriptedPerformer.Answer] = [.text("no"), .text("no"), .text("no"), .text("no")]

    @Test func `a turn that does not fit into the role's tokens is not taken`() async throws {
        var simulated = SimulatedRun(critique: 0)
        simulated.architecture.roles[0].budget.tokens = 100
        let bench = try await Bench(simulated, profile: Self.profile)
        let state = try await bench.work()
        #expect(state.failureCode(Self.first) == "out-of-tokens")
        #expect(bench.performer.requests.isEmpty)
    }

    @Test func `an answer may be no longer than what is left of the role's tokens`() async throws {
        var simulated = SimulatedRun(critique: 0)
        simulated.architecture.roles[0].budget.tokens = 20000
        let used = Usage(inputTokens: 9000, outputTokens: 6000, calls: 1)
        let performer = simulated.makePerformer(queues: [
            Self.first: [.turn(Turn(text: "no", usage: used, performer: "long-winded"))]
        ])
        let profile = Profile(name: "any", provider: .openai, outputTokens: 16000)
        let bench = try await Bench(simulated, performer: performer, profile: profile)
        try await bench.work()
        for request in bench.performer.requests(of: Self.first) {
            let before = request.turn == 0 ? 0 : used.tokens
            let input = request.messages.reduce(0) { $0 + $1.text.utf8.count } / 3
            #expect(before + input + request.outputTokens <= 20000)
        }
    }

    @Test func `a role without limits of its own is held to the limits that the worst case counts with`() async throws {
        let simulated = SimulatedRun(critique: 0)
        let used = Usage(inputTokens: 90000, outputTokens: 9900, calls: 1)
        let greedy = ScriptedPerformer.Answer.turn(Turn(text: "no", usage: used, performer: "greedy"))
        let performer = simulated.makePerformer(queues: [Self.first: [greedy, greedy, greedy]])
        let bench = try await Bench(simulated, performer: performer, profile: Self.profile)
        let state = try await bench.work()
        #expect(state.failureCode(Self.first) == "out-of-tokens")
        #expect(bench.performer.requests(of: Self.first).count == 1)
    }

    @Test func `a role's calls bound its turns`() async throws {
        var simulated = SimulatedRun(critique: 0)
        simulated.architecture.roles[0].budget.calls = 2
        simulated.architecture.roles[0].repairs = 1
        let performer = simulated.makePerformer(queues: [Self.first: Self.outside])
        let bench = try await Bench(simulated, performer: performer)
        let state = try await bench.work()
        #expect(state.failureCode(Self.first) == "invalid-output")
        #expect(bench.performer.requests(of: Self.first).count == 2)
    }

    @Test func `an episode that takes too long is over, and says how long it took`() async throws {
        var simulated = SimulatedRun(critique: 0)
        simulated.architecture.roles[0].budget.seconds = 10
        simulated.architecture.flow[0] = .propose(role: "writer", count: 1)
        let clock = SteppedClock()
        let fixed = simulated
        let slow = ScriptedPerformer { request in
            clock.advance(by: .seconds(11))
            return request.turn == 0 ? .text("no") : .output(fixed.output(of: request.episode))
        }
        let bench = try await Bench(simulated, performer: slow, clock: clock)
        let state = try await bench.work()
        #expect(state.failureCode(Self.first) == "out-of-time")
        #expect(state.episodes[Self.first]?.milliseconds == 11000)
        #expect(slow.requests.map(\.seconds) == [10])
    }

    @Test func `a turn that could cost more than the role's money is not taken`() async throws {
        var simulated = SimulatedRun(critique: 0)
        simulated.architecture.roles[0].budget.money = Money(dollars: 0.001)
        var profile = Self.profile
        profile.outputPrice = Money(dollars: 10)
        let bench = try await Bench(simulated, profile: profile)
        let state = try await bench.work()
        #expect(state.failureCode(Self.first) == "out-of-money")
        #expect(bench.performer.requests.isEmpty)
    }

    @Test(arguments: [Budget(tokens: 3500), Budget(calls: 1), Budget(money: Money(dollars: 0.03))])
    func `two episodes side by side cannot both take the last of the brief's resources`(resources: Budget) async throws
    {
        var simulated = SimulatedRun(critique: 0)
        simulated.brief.resources = resources
        simulated.architecture.flow[0] = .propose(role: "writer", count: 2)
        let clock = SteppedClock()
        var profile = Self.profile
        profile.outputPrice = Money(dollars: 20)
        let fixed = simulated
        let performer = ScriptedPerformer(
            usage: Usage(inputTokens: 1500, outputTokens: 1000, money: Money(dollars: 0.02), calls: 1)
        ) {
            .output(fixed.output(of: $0.episode))
        }
        let bench = try await Bench(simulated, performer: performer, profile: profile, clock: clock)
        let state = try await bench.work()
        let proposing = performer.requests.filter { $0.episode.rawValue.hasPrefix("0.propose") }
        #expect(proposing.count == 1)
        #expect(state.failedEpisodes.filter { $0.rawValue.hasPrefix("0.propose") }.count == 1)
        #expect(state.failedEpisodes.allSatisfy { state.failureCode($0) == "out-of-budget" })
        if let calls = resources.calls { #expect(state.spent.calls <= calls) }
        if let tokens = resources.tokens { #expect(state.spent.tokens <= tokens) }
    }

    @Test func `the brief's seconds of performing are used up by what was performed before`() async throws {
        var simulated = SimulatedRun(critique: 0)
        simulated.brief.resources = Budget(seconds: 5)
        simulated.architecture.flow[0] = .propose(role: "writer", count: 1)
        let clock = SteppedClock()
        let fixed = simulated
        let slow = ScriptedPerformer { request in
            clock.advance(by: .seconds(6))
            return .output(fixed.output(of: request.episode))
        }
        let bench = try await Bench(simulated, performer: slow, clock: clock)
        let state = try await bench.work()
        #expect(slow.requests.count == 1)
        #expect(state.failureCode("0.evaluate.auditor.p1") == "out-of-budget")
    }

    @Test func `what failed episodes consumed is counted too`() async throws {
        let simulated = SimulatedRun(critique: 0)
        let performer = simulated.makePerformer(queues: [Self.first: Self.outside])
        let bench = try await Bench(simulated, performer: performer)
        let state = try await bench.work()
        #expect(state.spent.calls == bench.performer.requests.count)
        #expect(state.episodes[Self.first]?.usage.calls == 3)
    }
}
