// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Testing

/// Samples that arrive in any order give what counting them one after another gives.
@Suite struct ArrivalTests {
    private static func ballot(_ generator: inout SplitMix64) -> Ballot<Int> {
        let cap = Int.random(in: 1...20, using: &generator)
        return switch Int.random(in: 0..<3, using: &generator) {
        case 0: Ballot(aheadBy: Int.random(in: 1...5, using: &generator), atMost: cap)
        case 1: Ballot(majorityOf: Int.random(in: 1...11, using: &generator), atMost: cap)
        default: Ballot(firstAcceptedOf: cap)
        }
    }

    /// `nil` is a discarded sample.
    private static func samples(_ generator: inout SplitMix64) -> [Int?] {
        let answers = Int.random(in: 1...4, using: &generator)
        let right = Double.random(in: 0...1, using: &generator)
        let flagged = Double.random(in: 0...0.5, using: &generator)
        return (0..<40).map { _ in
            if Double.random(in: 0..<1, using: &generator) < flagged { return nil }
            let isRight = Double.random(in: 0..<1, using: &generator) < right
            return isRight ? 0 : Int.random(in: 0..<answers, using: &generator)
        }
    }

    @Test(arguments: UInt64(0)..<400) func `the order of arrival does not matter`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<20 {
            let empty = Self.ballot(&generator)
            let samples = Self.samples(&generator)
            var inTurn = empty
            for sample in samples where inTurn.isOpen {
                if let sample { inTurn.count(sample) } else { inTurn.discard() }
            }
            var mixed = empty
            var begun = 0
            var flying: [Int] = []
            while mixed.isOpen {
                for _ in 0..<mixed.wanted(inFlight: flying.count) {
                    flying.append(begun)
                    begun += 1
                }
                let next = flying.remove(at: Int.random(in: flying.indices, using: &generator))
                if let sample = samples[next] { mixed.count(sample) } else { mixed.discard() }
            }
            #expect(mixed.standing == inTurn.standing)
            if mixed.winner != nil {
                #expect(flying.isEmpty, "a sample was begun that did not matter")
                #expect(begun == inTurn.samples)
            }
        }
    }
}
