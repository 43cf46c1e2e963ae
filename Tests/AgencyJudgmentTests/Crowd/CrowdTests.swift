// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct CrowdTests {
    /// Five items, two who agree and one who contradicts them.
    private let small: Judgements = {
        let said: [String: [Int]] = ["a": [1, 0, 1, 1, 0], "b": [1, 0, 0, 1, 0], "c": [0, 1, 0, 0, 1]]
        return Judgements(
            said.flatMap { name, categories in
                categories.enumerated().map { Judgement(item: "\($0)", evaluator: name, category: "\($1)") }
            }
        )
    }()

    /// Computed elsewhere with the same priors and thirty rounds.
    @Test func `the posterior is that computed elsewhere`() throws {
        let consensus = DawidSkene(isTempered: false).consensus(of: small)
        for (item, zero) in [0.027757765301327, 0.973508942135967, 0.524851421262993, 0.027757765301327].enumerated() {
            let found = try #require(consensus.probability(of: "0", for: "\(item)"))
            #expect(abs(found - zero) < 1e-9, "\(item) \(found)")
        }
    }

    @Test func `what is known stays and teaches, as computed elsewhere`() throws {
        let consensus = DawidSkene(isTempered: false).consensus(
            of: small,
            known: ["2": "0", "unheard-of": "0", "1": "9"]
        )
        for (item, zero) in [0.05351797754957, 0.984279593302545, 1, 0.05351797754957].enumerated() {
            let found = try #require(consensus.probability(of: "0", for: "\(item)"))
            #expect(abs(found - zero) < 1e-9, "\(item) \(found)")
        }
        let tempered = DawidSkene().consensus(of: small, known: ["2": "0"])
        #expect(tempered.probability(of: "0", for: "2") == 1)
    }

    @Test func `a majority is smoothed by one judgement for each category`() throws {
        let consensus = MajorityVote().consensus(of: small)
        #expect(consensus.probability(of: "1", for: "0") == 0.6)
        #expect(consensus.category(of: "2") == "0")
        #expect(!consensus.isWeighted)
        #expect(MajorityVote(smoothing: .nan).smoothing == 1)
    }

    /// Judges with the given rates of being right, and the truth, over items of two categories.
    private func simulated(_ rates: [Double], items: Int, seed: UInt64) -> (Judgements, [String: String]) {
        var generator = SplitMix64(seed: seed)
        var truth: [String: String] = [:]
        var given: [Judgement] = []
        for item in 0..<items {
            let isYes = Bool.random(using: &generator)
            truth["\(item)"] = isYes ? "yes" : "no"
            for (judge, rate) in rates.enumerated() {
                let isRight = Double.random(in: 0..<1, using: &generator) < rate
                given.append(
                    Judgement(item: "\(item)", evaluator: "j\(judge)", category: isRight == isYes ? "yes" : "no")
                )
            }
        }
        return (Judgements(given.shuffled(using: &generator)), truth)
    }

    private func accuracy(_ consensus: Consensus, _ truth: [String: String]) -> Double {
        Double(truth.count { consensus.category(of: $0.key) == $0.value }) / Double(truth.count)
    }

    @Test(arguments: [DawidSkene.Model.confusion, .oneCoin]) func `good judges are told from bad ones without outcomes`(
        model: DawidSkene.Model
    ) throws {
        let rates = [0.95, 0.9, 0.55, 0.55, 0.55, 0.55, 0.55]
        let (judgements, truth) = simulated(rates, items: 300, seed: 5)
        let consensus = DawidSkene(model).consensus(of: judgements)
        #expect(accuracy(consensus, truth) > 0.9)
        #expect(accuracy(consensus, truth) > accuracy(MajorityVote().consensus(of: judgements), truth) + 0.05)
        for (judge, rate) in rates.enumerated() {
            let found = try #require(consensus.accuracies["j\(judge)"])
            #expect(abs(found - rate) < 0.13, "\(judge) \(found)")
        }
        #expect(consensus.isWeighted)
    }

    @Test func `who is wrong together passes for right, which is why it is for independent judges`() {
        var generator = SplitMix64(seed: 6)
        var given: [Judgement] = []
        var truth: [String: String] = [:]
        for item in 0..<200 {
            truth["\(item)"] = "yes"
            let shared = Double.random(in: 0..<1, using: &generator) < 0.6 ? "yes" : "no"
            given += (0..<6).map { Judgement(item: "\(item)", evaluator: "copy \($0)", category: shared) }
            given += (0..<3).map {
                let own = Double.random(in: 0..<1, using: &generator) < 0.8 ? "yes" : "no"
                return Judgement(item: "\(item)", evaluator: "person \($0)", category: own)
            }
        }
        let judgements = Judgements(given, categories: ["yes", "no"])
        let estimated = DawidSkene().consensus(of: judgements)
        #expect(estimated.accuracies["copy 0"] ?? 0 > 0.95)
        #expect(judgements.consensus(areIndependent: false) == MajorityVote().consensus(of: judgements))
        #expect(judgements.consensus(areIndependent: true) == estimated)
    }

    @Test func `tempering makes it less sure and changes no answer`() throws {
        let (judgements, truth) = simulated([0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7], items: 150, seed: 2)
        let sure = DawidSkene(isTempered: false).consensus(of: judgements)
        let tempered = DawidSkene().consensus(of: judgements)
        for item in truth.keys {
            #expect(sure.category(of: item) == tempered.category(of: item))
            let category = try #require(sure.category(of: item))
            let most = try #require(sure.probability(of: category, for: item))
            let less = try #require(tempered.probability(of: category, for: item))
            #expect(less <= most + 1e-12)
        }
    }

    @Test func `the order in which judgements come does not matter, and of two the last counts`() {
        let (judgements, _) = simulated([0.8, 0.7, 0.6], items: 40, seed: 9)
        let (again, _) = simulated([0.8, 0.7, 0.6], items: 40, seed: 9)
        #expect(DawidSkene().consensus(of: judgements) == DawidSkene().consensus(of: again))
        let twice = Judgements([
            Judgement(item: "i", evaluator: "a", category: "x"), Judgement(item: "i", evaluator: "a", category: "y"),
        ])
        #expect(twice == Judgements([Judgement(item: "i", evaluator: "a", category: "y")], categories: ["x"]))
    }

    @Test func `nothing, one item and one category come out as they must`() throws {
        let nothing = Judgements([])
        #expect(DawidSkene().consensus(of: nothing).items.isEmpty)
        #expect(nothing.consensus(areIndependent: true).category(of: "i") == nil)
        let one = Judgements([Judgement(item: "i", evaluator: "a", category: "x")])
        for model in [DawidSkene.Model.confusion, .oneCoin] {
            let consensus = DawidSkene(model).consensus(of: one)
            #expect(consensus.probability(of: "x", for: "i") == 1)
            #expect(consensus.probability(of: "z", for: "i") == nil)
        }
        // Too few to tell anybody's errors.
        #expect(!one.consensus(areIndependent: true).isWeighted)
    }
}
