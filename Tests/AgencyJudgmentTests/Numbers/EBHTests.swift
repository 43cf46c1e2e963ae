// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct EBHTests {
    @Test func `the k strongest are picked for the largest k that carries`() {
        // Of four at .05 the thresholds are 80, 40, 26.7 and 20.
        let logE = [1.0, 45, 30, 39].map { log($0) }
        #expect(EBH.found(logE, alpha: 0.05) == [1, 2, 3])
        #expect(EBH.found([79.0, 39, 26, 19].map { log($0) }, alpha: 0.05) == [])
        #expect(EBH.found([20.0, 20, 20, 20].map { log($0) }, alpha: 0.05) == [0, 1, 2, 3])
        #expect(EBH.found([log(20)], alpha: 0.05) == [0])
    }

    @Test func `bad input picks nothing`() {
        #expect(EBH.found([], alpha: 0.05) == [])
        #expect(EBH.found([100], alpha: 0) == [])
        #expect(EBH.found([100], alpha: .nan) == [])
        #expect(EBH.found([.nan, -.infinity, 100], alpha: 0.05) == [2])
        #expect(EBH.found([.infinity], alpha: 0.05) == [0])
    }

    @Test func `of what is picked few are false`() {
        var generator = SplitMix64(seed: 21)
        var falseShare = 0.0
        var found = 0
        for _ in 0..<400 {
            // 20 classes at the floor and 5 well above it, 100 cases each.
            let logE = (0..<25).map { index in
                let successes = (0..<100).count { _ in
                    Double.random(in: 0..<1, using: &generator) < (index < 20 ? 0.8 : 0.97)
                }
                return DelegationEvidence.logE(successes: successes, failures: 100 - successes, floor: 0.8)
            }
            let picked = EBH.found(logE, alpha: 0.1)
            found += picked.count { $0 >= 20 }
            if !picked.isEmpty { falseShare += Double(picked.count { $0 < 20 }) / Double(picked.count) }
        }
        #expect(falseShare / 400 <= 0.1)
        #expect(found > 400 * 4)
    }
}
