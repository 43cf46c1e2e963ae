// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct DriftTests {
    @Test func `bets on the order come out as computed elsewhere`() {
        var bet = OrderBet()
        let pairs: [(String, String, Double)] = [
            ("0", "1", 0.0), ("0", "1", 0.5877866649021191), ("0", "0", 0.5877866649021191),
            ("1", "2", -0.5108256237659907), ("0", "1", -0.04652001563489294),
        ]
        for (old, new, logE) in pairs {
            bet.see(old: old, new: new)
            #expect(abs(bet.logE - logE) < 1e-12)
        }
        #expect(bet.pairs == 5)
    }

    @Test func `bets on the sign come out as computed elsewhere`() {
        var bet = SignBet()
        let differences: [(Double, Double)] = [
            (3, 0.0), (5, 0.4054651081081644), (0, 0.4054651081081644), (2, 0.9162907318741551),
            (-1, -0.47000362924573547),
        ]
        for (difference, logE) in differences {
            bet.see(difference)
            #expect(abs(bet.logE - logE) < 1e-12)
        }
        #expect(bet.rises == 3 && bet.falls == 1)
        bet.see(.nan)
        #expect(bet.rises == 3 && bet.falls == 1)
        bet.see(.infinity)
        #expect(bet.rises == 4 && bet.logE.isFinite)
    }

    private static let answers = ["yes", "no", "refuses"]

    private func answer(_ generator: inout SplitMix64, yes: Double, length: Double) -> DriftTest.Answer {
        let draw = Double.random(in: 0..<1, using: &generator)
        let kind = draw < yes ? "yes" : draw < yes + (1 - yes) / 2 ? "no" : "refuses"
        return DriftTest.Answer(
            kind,
            measures: ["length": length + Double(Int.random(in: -5...5, using: &generator))]
        )
    }

    @Test func `the order of a pair is expected to gain nothing`() {
        var generator = SplitMix64(seed: 9)
        var test = DriftTest(probes: ["a", "b"], measures: ["length"])
        for step in 0..<200 {
            let first = answer(&generator, yes: 0.2, length: 10)
            let second = answer(&generator, yes: 0.7, length: 14)
            let probe = step.isMultiple(of: 3) ? "a" : "b"
            var (one, other) = (test, test)
            one.see(probe, old: first, new: second)
            other.see(probe, old: second, new: first)
            let mean = (exp(one.logE - test.logE) + exp(other.logE - test.logE)) / 2
            #expect(abs(mean - 1) < 1e-9)
            test = one
        }
        #expect(test.isDrift(alpha: 0.01))
    }

    @Test func `without a change alarms are as rare as was chosen, and dependent answers do not matter`() {
        var generator = SplitMix64(seed: 10)
        var alarms = 0
        for _ in 0..<300 {
            var test = DriftTest(probes: ["a", "b", "c"], measures: ["length"])
            for step in 0..<60 {
                // What the question is like decides for both answers.
                let yes = Double.random(in: 0...1, using: &generator)
                let old = answer(&generator, yes: yes, length: yes * 100)
                let new = answer(&generator, yes: yes, length: yes * 100)
                test.see(["a", "b", "c"][step % 3], old: old, new: new)
            }
            alarms += test.isDrift(alpha: 0.05) ? 1 : 0
        }
        // 300 at .05 are 15, with a spread of 3.8.
        #expect(alarms <= 26)
    }

    @Test func `a change in all probes and a change in one of twenty both show`() {
        for changed in [20, 1] {
            var generator = SplitMix64(seed: 12)
            var found = 0
            for _ in 0..<20 {
                var test = DriftTest(probes: (0..<20).map { "\($0)" })
                for step in 0..<1200 {
                    let probe = step % 20
                    let old = answer(&generator, yes: 0.9, length: 0)
                    let new = answer(&generator, yes: probe < changed ? 0.2 : 0.9, length: 0)
                    test.see("\(probe)", old: old, new: new)
                    if test.isDrift(alpha: 0.01) { break }
                }
                found += test.isDrift(alpha: 0.01) ? 1 : 0
                if changed == 20 { #expect(test.pairs < 120) }
            }
            #expect(found >= 17, "\(changed)")
        }
    }

    @Test func `a change of manner shows where the answers are the same`() {
        var test = DriftTest(probes: ["a"], measures: ["length"])
        for _ in 0..<40 {
            test.see(
                "a",
                old: DriftTest.Answer("yes", measures: ["length": 20]),
                new: DriftTest.Answer("yes", measures: ["length": 90])
            )
        }
        #expect(test.isDrift(alpha: 0.01))
        #expect(test.order(of: "a")?.logE == 0)
        #expect(test.sign(of: "length")?.rises == 40)
    }

    @Test func `bad input has no part in it`() {
        var test = DriftTest(probes: ["a", "a"], measures: ["length", "length"])
        #expect(test.probes == ["a"] && test.measures == ["length"])
        let odd = DriftTest.Answer("yes", measures: ["length": .nan, "colour": 3])
        test.see("unknown", old: odd, new: odd)
        #expect(test.unusable == 1 && test.pairs == 0)
        test.see("a", old: DriftTest.Answer(nil, measures: ["length": 1]), new: odd)
        #expect(test.unusable == 2 && test.pairs == 1 && test.logE == 0)
        for alpha in [0, 1, -1, .nan] as [Double] { #expect(!test.isDrift(alpha: alpha)) }
        let empty = DriftTest(probes: [])
        #expect(empty.logE == 0 && !empty.isDrift(alpha: 0.5))
    }

    @Test func `nothing overflows, and its state survives being written down`() throws {
        var test = DriftTest(probes: (0..<5).map { "\($0)" }, measures: ["length"])
        for step in 0..<5000 {
            test.see(
                "\(step % 5)",
                old: DriftTest.Answer("yes", measures: ["length": 1]),
                new: DriftTest.Answer("no", measures: ["length": 2])
            )
        }
        #expect(test.logE.isFinite && test.logE > 2000)
        let bytes = try JSONEncoder().encode(test)
        #expect(try JSONDecoder().decode(DriftTest.self, from: bytes) == test)
    }
}
