// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// Steps of a long work that are voted on: what the means allow, and what is left over when a ballot closes.
@Suite(.timeLimit(.minutes(4)))
struct IterationVoteTests {
    private static func architecture(_ rule: VotePolicy.Rule, budget: Budget = Budget()) -> Architecture {
        var architecture = IterationTests.architecture
        architecture.roles[0].repairs = Role.usualRepairs
        architecture.roles[0].vote = VotePolicy(rule)
        architecture.roles[0].budget = budget
        return architecture
    }

    private static func work(
        _ architecture: Architecture,
        _ performer: ScriptedPerformer,
        resources: Budget = Budget(),
        profile: Profile = Profile(name: "any", provider: .program)
    ) async throws -> (RunState, [Event]) {
        var brief = IterationTests.brief
        brief.resources = resources
        let agency = Agency(store: InMemoryLedgerStore(), now: { 0 })
        let cast = Cast([(profile: profile, performer: performer)])
        let run = try await agency.start(brief, with: architecture, cast: cast, by: "ada")
        let state = try await agency.work(on: run, cast: cast)
        #expect(try await agency.store.verify(run: run).isSound)
        return (state, try await agency.events(of: run).map(\.event))
    }

    private static func answer(_ state: Int64, done: Bool = true) -> ScriptedPerformer.Answer {
        .output(["done": .bool(done), "state": .integer(state)])
    }

    private static func failure(_ events: [Event]) -> AdvanceFailed? {
        events.lazy.compactMap { if case .advanceFailed(let failed) = $0 { failed } else { nil } }.first
    }

    @Test func `answers that could not be paid for side by side are asked for one after another`() async throws {
        // Each call reserves 10,000 tokens and takes 20: three at once do not fit, one after another they do.
        let performer = ScriptedPerformer { _ in
            await Task.yield()
            return Self.answer(1)
        }
        let (state, _) = try await Self.work(
            Self.architecture(.aheadBy(3, atMost: 9)),
            performer,
            resources: Budget(tokens: 16_000),
            profile: Profile(name: "any", provider: .openai, outputTokens: 10_000)
        )
        #expect(state.finished?.outcome == .done)
        #expect(state.iteration?.answers == 3)
        #expect(performer.requests.count == 3)
    }

    @Test func `a step whose means run out says so, with what it has`() async throws {
        let answers = Mutex<[Int64]>([1, 2, 1])
        let performer = ScriptedPerformer { _ in Self.answer(answers.withLock { $0.removeFirst() }) }
        let (state, events) = try await Self.work(
            Self.architecture(.aheadBy(3, atMost: 9)),
            performer,
            resources: Budget(calls: 3)
        )
        let failed = try #require(Self.failure(events))
        #expect(failed.code == "out-of-budget")
        #expect(failed.answers.count == 2)
        #expect(failed.usage.calls == 3)
        #expect(state.spent.calls == 3)
    }

    @Test func `what is under way when no answer can win any more is cancelled, and is on the record`() async throws {
        let begun = Mutex(0)
        let wasCancelled = Mutex(false)
        let performer = ScriptedPerformer { _ in
            let number = begun.withLock { number in
                number += 1
                return number
            }
            guard number == 3 else { return Self.answer(Int64(number)) }
            // It answers all the same, and too late: only being cancelled makes it answer at all.
            try? await Task.sleep(for: .seconds(600))
            wasCancelled.withLock { $0 = Task.isCancelled }
            return Self.answer(3)
        }
        let (state, events) = try await Self.work(Self.architecture(.aheadBy(3, atMost: 4)), performer)
        let failed = try #require(Self.failure(events))
        #expect(wasCancelled.withLock { $0 })
        #expect(failed.code == "undecided")
        #expect(failed.message == "ahead by 3, at most 4 samples: 2 votes 1–1, 1 discarded (late); undecided")
        #expect(failed.answers.count == 3)
        #expect(failed.usage.calls == 3)
        #expect(state.spent.calls == 3)
    }

    @Test func `a sample that is cancelled before it answers is counted as such`() async throws {
        let begun = Mutex(0)
        let performer = ScriptedPerformer { _ in
            let number = begun.withLock { number in
                number += 1
                return number
            }
            if number == 3 { try await Task.sleep(for: .seconds(600)) }
            return Self.answer(Int64(number))
        }
        let (_, events) = try await Self.work(Self.architecture(.aheadBy(3, atMost: 4)), performer)
        let failed = try #require(Self.failure(events))
        #expect(failed.message.hasSuffix("1 discarded (cancelled); undecided"))
        #expect(failed.answers.count == 2)
    }

    @Test func `the limits of a role that is voted on hold for each sample`() async throws {
        let performer = ScriptedPerformer { _ in Self.answer(1) }
        let (state, _) = try await Self.work(
            Self.architecture(.aheadBy(3, atMost: 9), budget: Budget(calls: 1)),
            performer
        )
        #expect(state.finished?.outcome == .done)
        #expect(state.iteration?.answers == 3)
    }
}
