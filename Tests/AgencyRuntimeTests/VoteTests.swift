// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Synchronization
import Testing

/// Episodes that are sampled several times.
@Suite(.timeLimit(.minutes(3)))
struct VoteTests {
    static let auditor: EpisodeID = "0.evaluate.auditor.p1"

    /// A run with one proposal, whose auditor is voted on.
    static func simulated(_ policy: VotePolicy, critique: Int = 0) -> SimulatedRun {
        var simulated = SimulatedRun(critique: critique)
        simulated.architecture.flow[0] = .propose(role: "writer", count: 1)
        for index in simulated.architecture.roles.indices where simulated.architecture.roles[index].name == "auditor" {
            simulated.architecture.roles[index].vote = policy
        }
        return simulated
    }

    /// An evaluation whose summary tells the answers apart.
    static func answer(_ summary: String) -> ScriptedPerformer.Answer {
        var output = SimulatedRun.evaluation(scores: [("safety", 5), ("cost", 5)], probability: 0.5).object ?? [:]
        output["summary"] = .string(summary)
        return .output(.object(output))
    }

    /// A bench whose auditor's samples answer what is listed, one after another.
    static func bench(
        _ policy: VotePolicy,
        _ answers: [ScriptedPerformer.Answer],
        resources: Budget = Budget(),
        store: any LedgerStore = InMemoryLedgerStore()
    ) async throws -> Bench {
        var simulated = simulated(policy)
        simulated.brief.resources = resources
        var queues: [EpisodeID: [ScriptedPerformer.Answer]] = [:]
        for (index, answer) in answers.enumerated() { queues["\(auditor).v\(index + 1)"] = [answer] }
        return try await Bench(simulated, store: store, performer: simulated.makePerformer(queues: queues))
    }

    private func samples(_ bench: Bench) -> Int {
        Set(bench.performer.requests.map(\.episode).filter { $0.rawValue.hasPrefix("\(Self.auditor).v") }).count
    }

    @Test func `the answer that is far enough ahead becomes the output, and no sample runs that cannot matter`()
        async throws
    {
        let bench = try await Self.bench(
            VotePolicy(.aheadBy(2, atMost: 9)),
            ["a", "b", "b", "c", "b"].map(Self.answer)
        )
        let state = try await bench.work()
        let record = try #require(state.episodes[Self.auditor])
        let ballot = try #require(record.ballot)
        #expect(state.agenda() == .wait(.choice))
        #expect(state.evaluations.first { $0.role == "auditor" }?.summary == "b")
        #expect(ballot.answers.map(\.votes) == [1, 3, 1])
        #expect(ballot.samples.map(\.answer) == [0, 1, 1, 2, 1])
        #expect(ballot.winner == 1)
        #expect(ballot.line == "ahead by 2, at most 9 samples: 5 votes 3–1–1; decided")
        #expect(samples(bench) == 5)
        #expect(record.usage.calls == 5)
        #expect(state.spent.calls == bench.performer.requests.count)
        #expect(try await bench.store.verify(run: bench.run).faults.isEmpty)
    }

    @Test func `every sample's conversation is on the record and is missed when it is gone`() async throws {
        let bench = try await Self.bench(VotePolicy(.majority(of: 3, atMost: 3)), ["a", "b", "a"].map(Self.answer))
        let state = try await bench.work()
        let ballot = try #require(state.episodes[Self.auditor]?.ballot)
        let references = ballot.samples.compactMap(\.transcript)
        #expect(references.count == 3)
        for reference in references { #expect(try await bench.store.artefact(reference.digest) != nil) }
        let entries = try await bench.store.entries(of: bench.run, from: 0, limit: 1000)
        let named = Set(entries.flatMap { ArtefactReference.all(inEvent: $0.bytes) })
        #expect(named.isSuperset(of: references))
    }

    @Test func `red flags discard a sample before it counts, and nothing is sent back`() async throws {
        let policy = VotePolicy(.aheadBy(1, atMost: 5), flags: .init(bytes: 600))
        let bench = try await Self.bench(
            policy,
            [
                .text("no JSON"), .output(["summary": "only"]), Self.answer(String(repeating: "long ", count: 200)),
                .failure(PerformerError(.refusal, "no")), Self.answer("fine"),
            ]
        )
        let state = try await bench.work()
        let ballot = try #require(state.episodes[Self.auditor]?.ballot)
        #expect(ballot.samples.map(\.flag) == ["ill-formed", "schema-invalid", "too-long", "refusal", nil])
        #expect(ballot.winner == 4)
        #expect(state.evaluations.first { $0.role == "auditor" }?.summary == "fine")
        #expect(bench.performer.requests.filter { $0.role == "auditor" }.allSatisfy { $0.turn == 0 })
    }

    @Test func `what cannot be decided fails as undecided and shows how it was counted`() async throws {
        let bench = try await Self.bench(
            VotePolicy(.aheadBy(3, atMost: 4)),
            ["a", "b", "c", "d"].map(Self.answer)
        )
        let state = try await bench.work()
        #expect(state.failureCode(Self.auditor) == "undecided")
        guard case .failed(_, let message)? = state.episodes[Self.auditor]?.status else { return }
        #expect(message.hasPrefix("ahead by 3, at most 4 samples:"))
        #expect(message.hasSuffix("; undecided"))
        // 1–1 with two samples left cannot become a lead of 3, whatever the third that was under way says.
        let ballot = try #require(state.episodes[Self.auditor]?.ballot)
        #expect(ballot.winner == nil)
        #expect((2...3).contains(ballot.samples.count))
        #expect(state.evaluations.allSatisfy { $0.role != "auditor" })
    }

    @Test func `answers are the same when the declared parts are`() async throws {
        let pointer = try #require(JSONPointer("/scores"))
        let bench = try await Self.bench(
            VotePolicy(.aheadBy(3, atMost: 3), sameWhen: [pointer]),
            ["a", "b", "c"].map(Self.answer)
        )
        let state = try await bench.work()
        let ballot = try #require(state.episodes[Self.auditor]?.ballot)
        #expect(ballot.answers.map(\.votes) == [3])
        // The words of the first sample with the answer stand for all.
        #expect(state.evaluations.first { $0.role == "auditor" }?.summary == "a")
    }

    @Test func `the winner does not depend on which sample answers first`() async throws {
        for seed in UInt64(0)..<12 {
            let simulated = Self.simulated(VotePolicy(.aheadBy(3, atMost: 20)))
            let performer = ScriptedPerformer { request in
                guard request.role == "auditor" else { return .output(simulated.output(of: request.episode)) }
                let number = UInt64(request.episode.rawValue.split(separator: "v").last ?? "") ?? 0
                var generator = SplitMix64(seed: seed &* 31 &+ number)
                for _ in 0..<Int.random(in: 0...4, using: &generator) { await Task.yield() }
                return Self.answer(["a", "a", "b"][Int(number % 3)])
            }
            let bench = try await Bench(simulated, performer: performer)
            let ballot = try #require(try await bench.work().episodes[Self.auditor]?.ballot)
            // a b a, a b a, a: one after another the lead is 3 after the seventh.
            #expect(ballot.samples.map(\.answer) == [0, 1, 0, 0, 1, 0, 0], "seed \(seed)")
        }
    }

    @Test func `a verifier decides which sample stands`() async throws {
        var simulated = Self.simulated(VotePolicy(.verified(by: "checker", atMost: 4)))
        simulated.architecture.roles.append(
            Role(name: "checker", kind: .verify, performer: "any", instructions: "Check.", reads: [.output])
        )
        let fixed = simulated
        let performer = ScriptedPerformer { request in
            guard request.role == "checker" else {
                let isAudit = request.role == "auditor"
                return isAudit ? Self.answer(request.episode.rawValue) : .output(fixed.output(of: request.episode))
            }
            let isThird = request.messages.last?.text.contains("\(Self.auditor).v3") == true
            return .output(["reason": .string("looked"), "accept": .bool(isThird)])
        }
        #expect(simulated.architecture.faults(tools: simulated.tools).isEmpty)
        let bench = try await Bench(simulated, performer: performer)
        let state = try await bench.work()
        let ballot = try #require(state.episodes[Self.auditor]?.ballot)
        #expect(ballot.samples.map(\.flag) == ["rejected", "rejected", nil])
        #expect(ballot.samples.allSatisfy { $0.verdict != nil && $0.usage.calls == 2 })
        // What a verifier was asked is on no record but its own.
        for sample in ballot.samples {
            for (reference, role) in [(sample.transcript, "prompt"), (sample.verdict, "system")] {
                let digest = try #require(reference).digest
                let bytes = try #require(try await bench.store.artefact(digest))
                #expect(try JSONValue(parsing: bytes)[0]?["role"]?.string == role)
            }
        }
        #expect(state.evaluations.first { $0.role == "auditor" }?.summary == "\(Self.auditor).v3")
        #expect(state.spent.calls == performer.requests.count)
        #expect(try await bench.store.verify(run: bench.run).faults.isEmpty)
    }

    @Test func `a run whose means run out ends the ballot with what it has, and says so`() async throws {
        let policy = VotePolicy(.aheadBy(3, atMost: 9))
        let bench = try await Self.bench(policy, ["a", "b", "a"].map(Self.answer), resources: Budget(calls: 3))
        let state = try await bench.work()
        #expect(state.failureCode(Self.auditor) == "out-of-budget")
        #expect(state.spent.calls <= 3)
    }

    @Test func `samples that could not be paid for side by side are made one after another`() async throws {
        // Each call reserves 10,000 tokens and takes 20: three at once do not fit, one after another they do.
        let policy = VotePolicy(.aheadBy(3, atMost: 9))
        var simulated = Self.simulated(policy)
        simulated.brief.resources = Budget(tokens: 16_000)
        simulated.architecture.flow[1] = .evaluate(roles: ["auditor"])
        simulated.architecture.roles.removeAll { $0.name == "saboteur" }
        let fixed = simulated
        let performer = ScriptedPerformer { request in
            await Task.yield()
            return request.role == "auditor" ? Self.answer("a") : .output(fixed.output(of: request.episode))
        }
        let profile = Profile(name: "any", provider: .openai, outputTokens: 10_000)
        let bench = try await Bench(simulated, performer: performer, profile: profile)
        let state = try await bench.work()
        let ballot = try #require(state.episodes[Self.auditor]?.ballot)
        #expect(ballot.samples.map(\.answer) == [0, 0, 0])
    }

    @Test func `a ballot that was broken off is held again, and both are paid for in sight`() async throws {
        let policy = VotePolicy(.aheadBy(2, atMost: 9))
        let isDown = Mutex(true)
        let simulated = Self.simulated(policy)
        let performer = ScriptedPerformer { request in
            guard request.role == "auditor" else { return .output(simulated.output(of: request.episode)) }
            if request.episode.rawValue.hasSuffix("v2"), isDown.withLock({ $0 }) {
                throw PerformerError(.unreachable, "no route", retry: .later(nil))
            }
            return Self.answer("a")
        }
        let bench = try await Bench(simulated, performer: performer)
        await #expect(throws: PerformerError.self) { try await bench.work() }
        isDown.withLock { $0 = false }
        let state = try await bench.work()
        #expect(state.episodes[Self.auditor]?.ballot?.samples.map(\.answer) == [0, 0])
        let begun = try await bench.events().count { event in
            if case .episodeStarted(let started) = event { started.order.id == Self.auditor } else { false }
        }
        #expect(begun == 2)
    }
}
