// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct ContestTests {
    private func items(_ count: Int, cost: Double = 1) -> [Contest.Item] {
        (0..<count).map { Contest.Item(evaluator: "judge", question: "\($0)", cost: cost) }
    }

    private func contest(_ count: Int, items: [Contest.Item], rules: Contest.Rules) -> Contest {
        Contest((0..<count).map { Contest.Entry("\($0)") }, criteria: [.init("score")], items: items, rules: rules)
    }

    /// Runs a contest to its end; `nil` is an evaluator that does not answer.
    private func run(_ contest: inout Contest, _ score: (Contest.Request) -> Double?) {
        while case let requests = contest.next(), !requests.isEmpty {
            for request in requests { contest.take(request, scores: score(request).map { ["score": $0] }) }
        }
    }

    /// Four proposals, a budget of forty: computed elsewhere.
    @Test func `sequential halving with the same questions for all`() {
        var contest = contest(4, items: items(100), rules: .init(budget: 40, risk: 0))
        run(&contest) { request in
            let noise = Double((7919 * request.item + 104_729 * request.proposal) % 101) / 500
            // At most 1 here, as the scores computed elsewhere are not.
            return ([0.1, 0.9, 0.5, 0.4][request.proposal] + noise) / 1.1
        }
        #expect(contest.leader == 1)
        #expect(contest.spent == 40)
        #expect(contest.fates[0] == .outranked(round: 1) && contest.fates[3] == .outranked(round: 1))
        #expect(contest.outcome == .notDetermined([1, 2]))
    }

    @Test func `every proposal that still stands meets the same questions`() {
        var contest = contest(8, items: items(100), rules: .init(budget: 160, risk: 0, together: 3))
        var asked: [Int: Set<Int>] = [:]
        while case let requests = contest.next(), !requests.isEmpty {
            for item in Set(requests.map(\.item)) {
                #expect(requests.filter { $0.item == item }.map(\.proposal) == contest.standing)
                asked[item] = Set(contest.standing)
            }
            for request in requests { contest.take(request, scores: ["score": Double(request.proposal) / 8]) }
        }
        #expect(asked[0]?.count == 8)
        #expect(contest.leader == 7)
        #expect(contest.spent <= 160)
    }

    @Test func `it stops when the answer is clear`() {
        var generator = SplitMix64(seed: 42)
        var contest = contest(3, items: items(500), rules: .init(budget: 1500))
        run(&contest) { request in
            [0.7, 0.2, 0.3][request.proposal] + Double.random(in: -0.2...0.2, using: &generator)
        }
        #expect(contest.outcome == .clear(0))
        #expect(contest.spent < 200)
        #expect(contest.fates[1] == .beaten(by: 0))
    }

    @Test(arguments: UInt64(0)..<40) func `the last one falls to proof only`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let count = Int.random(in: 2...20, using: &generator)
        var contest = contest(count, items: items(80), rules: .init(budget: 20 * Double(count), risk: 0.3))
        run(&contest) { request in
            let score = Double(request.proposal) / 40 + Double.random(in: 0...0.5, using: &generator)
            return Bool.random(using: &generator) ? score : nil
        }
        #expect(contest.spent <= 20 * Double(count))
        if case .clear(let place) = contest.outcome {
            #expect(contest.standing == [place])
            #expect(contest.fates.contains { if case .beaten = $0 { true } else { false } })
        } else {
            #expect(contest.standing.count >= 2)
            #expect(contest.outcome == .notDetermined(contest.ranking))
        }
    }

    @Test func `rank never decides between the last two`() {
        // Five of eight are beaten in the first of three rounds; what is left is alike.
        var contest = contest(8, items: items(200), rules: .init(budget: 288))
        run(&contest) { request in
            request.proposal < 5 ? 0 : (request.proposal + request.item).isMultiple(of: 3) ? 0.8 : 0.9
        }
        #expect(contest.fates.prefix(5).allSatisfy { if case .beaten = $0 { true } else { false } })
        #expect(contest.outcome == .notDetermined(contest.ranking))
        #expect(contest.standing.count == 2)
    }

    @Test func `where all are alike it is not determined, and seldom held to be clear`() {
        var generator = SplitMix64(seed: 43)
        var clear = 0
        for _ in 0..<60 {
            var contest = contest(2, items: items(60), rules: .init(budget: 120))
            run(&contest) { _ in Double.random(in: 0...1, using: &generator) < 0.5 ? 1 : 0 }
            if case .clear = contest.outcome { clear += 1 }
        }
        // 60 at .05 are 3; each of the two may be held to be better, so that it is twice as much at most.
        #expect(clear <= 8)
    }

    @Test func `common questions find what independent ones would not`() {
        var generator = SplitMix64(seed: 44)
        var right = 0
        for _ in 0..<30 {
            var contest = contest(4, items: items(100), rules: .init(budget: 160, risk: 0.05))
            let hard = (0..<100).map { _ in Double.random(in: 0...0.8, using: &generator) }
            run(&contest) { request in
                // What a question is like matters eight times as much as what the proposal is like.
                hard[request.item] + 0.1 * Double(request.proposal == 2 ? 1 : 0)
                    + Double.random(in: 0...0.1, using: &generator)
            }
            right += contest.leader == 2 ? 1 : 0
        }
        #expect(right == 30)
    }

    @Test func `below ten questions a proposal none is dropped by rank`() {
        var contest = contest(4, items: items(100), rules: .init(budget: 36, risk: 0))
        run(&contest) { Double($0.proposal) / 4 }
        #expect(contest.standing == [0, 1, 2, 3])
        #expect(contest.spent == 36)
        #expect(contest.outcome == .notDetermined([3, 2, 1, 0]))
    }

    @Test func `vetoes come first, and what nobody checked vetoes nothing`() {
        let entries = [
            Contest.Entry("a", constraints: ["lawful": 0.99, "reversible": 0.2]),
            Contest.Entry("b", constraints: ["lawful": 0.5, "reversible": 0.1]),
            Contest.Entry("c", constraints: ["lawful": 0.95]), Contest.Entry("d", constraints: ["lawful": .nan]),
        ]
        let rules = Contest.Rules(budget: 100, floors: ["lawful": 0.9, "reversible": 0.15])
        let contest = Contest(entries, criteria: [.init("score")], items: items(10), rules: rules)
        #expect(contest.fates[1] == .vetoed(["lawful", "reversible"]))
        #expect(contest.standing == [0, 2, 3])
        #expect(contest.unchecked(2) == ["reversible"] && contest.unchecked(3) == ["lawful", "reversible"])
        #expect(contest.unchecked(0) == [] && contest.unchecked(99) == [])
        #expect(!contest.next().contains { $0.proposal == 1 })
        let none = Contest([entries[1]], criteria: [.init("score")], items: items(10), rules: rules)
        #expect(none.outcome == .noneStands && none.next().isEmpty && none.spent == 0)
    }

    @Test func `cheap evaluators come first`() {
        let items = [
            Contest.Item(evaluator: "person", question: "1", cost: 50),
            Contest.Item(evaluator: "model", question: "1", cost: 2),
            Contest.Item(evaluator: "test", question: "1", cost: 0.1),
            Contest.Item(evaluator: "model", question: "2", cost: 2),
        ]
        var contest = contest(2, items: items, rules: .init(budget: 10))
        #expect(contest.items.map(\.evaluator) == ["test", "model", "model", "person"])
        run(&contest) { _ in 0.5 }
        #expect(abs(contest.spent - 8.2) < 1e-9)
    }

    @Test func `a missing result is missing, and never a low score`() {
        var contest = contest(3, items: items(40), rules: .init(budget: 120, risk: 0))
        // The best fails to answer half of the time, and only easy questions are left to the second.
        run(&contest) { request in
            let ease = request.item.isMultiple(of: 2) ? 0.4 : 0.0
            switch request.proposal {
            case 0: return request.item.isMultiple(of: 2) ? nil : 0.5 + ease
            case 1: return 0.4 + ease
            default: return request.item.isMultiple(of: 2) ? 0.3 + ease : nil
            }
        }
        #expect(contest.leader == 0)
        // One that was never answered about cannot be dropped, nor can anything be clear.
        var silent = self.contest(4, items: items(100), rules: .init(budget: 100))
        run(&silent) { $0.proposal == 2 ? nil : Double($0.proposal) / 4 }
        #expect(silent.standing.contains(2))
        if case .notDetermined(let places) = silent.outcome {
            #expect(places == [3, 2])
        } else {
            Issue.record("\(silent.outcome)")
        }
    }

    @Test func `criteria count as a person has weighed them`() {
        let criteria = [Contest.Criterion("safe", weight: 3), .init("cheap", weight: 1), .init("odd", weight: .nan)]
        var contest = Contest(
            [.init("a"), .init("b")],
            criteria: criteria,
            items: items(20),
            rules: .init(budget: 40, risk: 0)
        )
        while let request = contest.next().first {
            let safe = request.proposal == 0 ? 0.8 : 0.5
            contest.take(request, scores: ["safe": safe, "cheap": 1 - safe])
        }
        #expect(contest.leader == 0)
        #expect(contest.pareto.set.members.count == 2)
    }

    @Test func `the finalists' Pareto set says what is not yet known`() {
        var contest = Contest(
            [.init("a"), .init("b"), .init("c")],
            criteria: [.init("safe"), .init("cheap")],
            items: items(60),
            rules: .init(budget: 180, risk: 0.05, leastToHalve: 1000)
        )
        while let request = contest.next().first {
            let scores = [[0.9, 0.1], [0.2, 0.8], [0.52, 0.5]][request.proposal]
            contest.take(request, scores: ["safe": scores[0], "cheap": scores[1]])
        }
        let pareto = contest.pareto
        #expect(pareto.places == [0, 1, 2])
        #expect(pareto.set.standings == [.undominated, .undominated, .undominated])
    }

    @Test func `results nobody asked for are left out`() {
        var contest = contest(2, items: items(5), rules: .init(budget: 10))
        let request = contest.next()[0]
        contest.take(request, scores: ["score": 0.5])
        contest.take(request, scores: ["score": 0.9])
        contest.take(.init(proposal: 9, item: 0), scores: nil)
        contest.take(.init(proposal: 0, item: 4), scores: nil)
        #expect(contest.unusable == 3 && contest.spent == 1)
    }

    @Test func `scores that are none are missing`() {
        var contest = contest(2, items: items(5), rules: .init(budget: 10))
        run(&contest) { request in request.proposal == 0 ? .nan : [2, -1, .infinity, 0.3, 0.1][request.item] }
        #expect(contest.leader == 1)
        #expect(contest.outcome == .notDetermined([1, 0]))
    }

    @Test(arguments: [0, 1, 2]) func `nothing to spend, nothing to ask, nothing to judge by`(count: Int) {
        let outcomes: [Contest.Outcome] = [.noneStands, .clear(0), .notDetermined([0, 1])]
        for (budget, questions) in [(0.0, 5), (.nan, 5), (100, 0), (1, 5)] {
            let contest = contest(count, items: items(questions), rules: .init(budget: budget))
            #expect(contest.outcome == outcomes[count] && contest.next().isEmpty && contest.spent == 0)
        }
        var blind = Contest([.init("a"), .init("a")], criteria: [], items: items(3), rules: .init(budget: 6))
        run(&blind) { _ in 1 }
        #expect(blind.outcome == .notDetermined([0, 1]))
    }

    @Test func `a thousand proposals`() {
        var contest = contest(1000, items: items(20), rules: .init(budget: 12_000))
        run(&contest) { request in (request.proposal == 617 ? 0.9 : 0.3) + Double(request.proposal % 7) / 100 }
        #expect(contest.leader == 617)
        #expect(contest.spent <= 12_000)
    }

    @Test func `its state survives being written down, and goes on the same`() throws {
        var generator = SplitMix64(seed: 45)
        var contest = contest(5, items: items(60), rules: .init(budget: 200, together: 2))
        while let request = contest.next().randomElement(using: &generator) {
            let copy = try JSONDecoder().decode(Contest.self, from: JSONEncoder().encode(contest))
            #expect(copy == contest)
            contest = copy
            contest.take(request, scores: ["score": Double.random(in: 0...1, using: &generator)])
        }
        #expect(contest.outcome != .open)
    }
}
