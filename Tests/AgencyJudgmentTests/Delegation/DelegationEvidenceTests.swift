// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct DelegationEvidenceTests {
    /// Computed with SciPy.
    @Test(
        arguments: [
            (59, 0, 0.95, 1.8805273054302631), (88, 0, 0.95, 3.010442454491461), (98, 2, 0.9, 4.109038285393593),
            (45, 5, 0.8, 1.1568862898023191), (10, 10, 0.9, -2.3024107620809495),
        ] as [(Int, Int, Double, Double)]
    )
    func `evidence computed elsewhere`(successes: Int, failures: Int, floor: Double, logE: Double) {
        let found = DelegationEvidence.logE(successes: successes, failures: failures, floor: floor)
        #expect(abs(found - logE) < 1e-10)
    }

    @Test func `without failures it has a closed form`() {
        // (1 − p^(n + 1)) / ((n + 1) (1 − p) p^n).
        for floor in [0.01, 0.5, 0.9, 0.999] {
            for n in [0, 1, 10, 1000, 100_000] {
                let count = Double(n)
                let expected =
                    log(-expm1((count + 1) * log(floor))) - log(count + 1) - log(1 - floor) - count * log(floor)
                let found = DelegationEvidence.logE(successes: n, failures: 0, floor: floor)
                #expect(abs(found - expected) < 1e-10 * max(1, abs(expected)), "\(floor) \(n)")
            }
        }
    }

    /// Each case multiplies it by what is expected to be 1 at the floor: E(s, f) = p E(s + 1, f) + (1 − p) E(s, f + 1).
    @Test func `at the floor no case is expected to gain anything, however many there were`() {
        for (successes, failures) in [(0, 0), (7, 2), (950, 50), (90_000, 10_000), (899_000, 101_000)] {
            for floor in [0.3, 0.9, 0.99] {
                let now = DelegationEvidence.logE(successes: successes, failures: failures, floor: floor)
                let up = DelegationEvidence.logE(successes: successes + 1, failures: failures, floor: floor)
                let down = DelegationEvidence.logE(successes: successes, failures: failures + 1, floor: floor)
                let mean = floor * exp(up - now) + (1 - floor) * exp(down - now)
                #expect(now.isFinite && abs(mean - 1) < 1e-8, "\(successes) \(failures) \(floor) \(mean)")
            }
        }
    }

    @Test(
        arguments: [
            (98, 100, 0.9146675902391523), (59, 59, 0.9267804405131944), (88, 88, 0.9501999306508095),
            (8, 10, 0.3781982674230482),
        ] as [(Int, Int, Double)]
    )
    func `lower bounds computed elsewhere`(successes: Int, cases: Int, bound: Double) {
        let found = DelegationEvidence.lowerBound(successes: successes, failures: cases - successes, alpha: 0.05)
        #expect(abs(found - bound) < 1e-9)
    }

    @Test(arguments: [(0.8, 20), (0.9, 43), (0.95, 88), (0.99, 449)] as [(Double, Int)])
    func `as many successes in a row are needed`(floor: Double, cases: Int) {
        var evidence = DelegationEvidence(floor: floor)
        while !evidence.isEarned(alpha: 0.05), evidence.cases < 1000 { evidence.see(succeeded: true) }
        #expect(evidence.cases == cases)
        #expect(evidence.lowerBound(alpha: 0.05) >= floor)
    }

    @Test func `what was earned once is earned, though the bound falls again`() {
        var evidence = DelegationEvidence(floor: 0.8)
        for _ in 0..<20 { evidence.see(succeeded: true) }
        for _ in 0..<5 { evidence.see(succeeded: false) }
        #expect(evidence.isEarned(alpha: 0.05))
        #expect(evidence.lowerBound(alpha: 0.05) < 0.8)
        #expect(evidence.logE < evidence.peak)
    }

    @Test func `looking after every case earns wrongly as rarely as was chosen`() {
        for (seed, floor) in [(UInt64(1), 0.8), (2, 0.95)] {
            var generator = SplitMix64(seed: seed)
            var earned = 0
            for _ in 0..<200 {
                var evidence = DelegationEvidence(floor: floor)
                for _ in 0..<200 { evidence.see(succeeded: Double.random(in: 0..<1, using: &generator) < floor) }
                earned += evidence.isEarned(alpha: 0.05) ? 1 : 0
            }
            // 200 at .05 are 10, with a spread of 3.
            #expect(earned <= 16)
        }
    }

    @Test func `bad floors and rates earn nothing`() {
        for floor in [1, 2, .nan] as [Double] {
            var evidence = DelegationEvidence(floor: floor)
            for _ in 0..<100 { evidence.see(succeeded: true) }
            #expect(!evidence.isEarned(alpha: 0.05))
            #expect(evidence.logE <= 0)
        }
        var evidence = DelegationEvidence(floor: -1)
        #expect(evidence.floor > 0)
        for _ in 0..<100 { evidence.see(succeeded: true) }
        for alpha in [0, -1, 1, .nan] as [Double] {
            #expect(!evidence.isEarned(alpha: alpha))
            #expect(evidence.lowerBound(alpha: alpha) == 0)
        }
        #expect(evidence.isEarned(alpha: 0.05))
        #expect(DelegationEvidence.logE(successes: 5, failures: 0, floor: .nan).isNaN)
        #expect(DelegationEvidence.logE(successes: -5, failures: -1, floor: 0.5) == 0)
        #expect(DelegationEvidence.lowerBound(successes: 0, failures: 9, alpha: 0.05) == 0)
    }
}
