// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyTestKit
import Foundation
import Testing

@testable import AgencyJudgment

@Suite struct BoundedMeanTests {
    @Test(arguments: [0.1, 0.5, 0.9]) func `at the claim no number is expected to gain anything`(claim: Double) {
        var generator = SplitMix64(seed: 81)
        var values: [Double] = []
        for _ in 0..<60 {
            let now = BoundedMean.logE(values, above: claim)
            let up = BoundedMean.logE(values + [1], above: claim)
            let down = BoundedMean.logE(values + [0], above: claim)
            #expect(abs(claim * exp(up - now) + (1 - claim) * exp(down - now) - 1) < 1e-9)
            // What lies exactly at the claim says nothing.
            #expect(abs(BoundedMean.logE(values + [claim], above: claim) - now) < 1e-12)
            values.append(Double.random(in: 0...1, using: &generator))
        }
    }

    @Test func `the bounds hold at all times as often as was chosen, and close in`() {
        var generator = SplitMix64(seed: 82)
        var wrong = 0
        for _ in 0..<60 {
            // The mean is .3; most of it is in few large values.
            let values = (0..<120).map { _ in
                Double.random(in: 0..<1, using: &generator) < 0.25 ? 0.9 : 0.1
            }
            let isWrong = (1...12).contains { tenth in
                let seen = Array(values.prefix(10 * tenth))
                return BoundedMean.lower(seen, alpha: 0.05) > 0.3 || BoundedMean.upper(seen, alpha: 0.05) < 0.3
            }
            wrong += isWrong ? 1 : 0
        }
        // Both bounds together at .1: 60 at .1 are 6, with a spread of 2.3.
        #expect(wrong <= 10)
        let steady = Array(repeating: 0.6, count: 60)
        let (lower, upper) = (BoundedMean.lower(steady, alpha: 0.05), BoundedMean.upper(steady, alpha: 0.05))
        #expect(lower > 0.5 && lower < 0.6 && upper > 0.6 && upper < 0.7)
    }

    @Test func `of nothing nothing is known`() {
        #expect(BoundedMean.lower([], alpha: 0.05) == 0 && BoundedMean.upper([], alpha: 0.05) == 1)
        for alpha in [0, 1, .nan] as [Double] {
            #expect(BoundedMean.lower([1, 1, 1], alpha: alpha) == 0)
        }
        #expect(BoundedMean.logE([1, 1], above: 0) == 0 && BoundedMean.logE([1, 1], above: 1) == 0)
        #expect(BoundedMean.lower([0, 0, 0], alpha: 0.05) == 0)
    }
}
