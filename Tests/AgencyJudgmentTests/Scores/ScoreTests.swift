// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct ScoreTests {
    @Test(arguments: [Double.nan, .infinity, -.infinity, -0.0001, 1.0001, 2, -1, .signalingNaN])
    func `what is no probability is no answer`(value: Double) {
        #expect(Probability(value) == nil)
    }

    @Test func `certainty is kept as it was given and scored as almost certain`() throws {
        let certain = try #require(Probability(1))
        let impossible = try #require(Probability(-0.0))
        #expect(certain.value == 1)
        #expect(certain.clipped == 0.99)
        #expect(impossible.clipped == 0.01)
        #expect(abs(ProperScore(impossible, outcome: true).log - log(100)) < 1e-12)
        #expect(abs(certain.logit - log(99)) < 1e-12)
    }

    @Test func `scores are those of their definitions`() throws {
        let score = ProperScore(try #require(Probability(0.8)), outcome: false)
        #expect(abs(score.log - 1.6094379124341003) < 1e-12)
        #expect(abs(score.brier - 0.64) < 1e-12)
        let half = ProperScore(try #require(Probability(0.5)), outcome: true)
        #expect(half == ProperScore.ignorance)
    }

    @Test(arguments: stride(from: 0.05, through: 0.95, by: 0.05).map { $0 })
    func `whoever says what they do not believe expects to lose by it`(belief: Double) throws {
        func expected(_ said: Double) throws -> (log: Double, brier: Double) {
            let probability = try #require(Probability(said))
            let (yes, no) = (ProperScore(probability, outcome: true), ProperScore(probability, outcome: false))
            return (
                belief * yes.log + (1 - belief) * no.log, belief * yes.brier + (1 - belief) * no.brier
            )
        }
        let honest = try expected(belief)
        for said in stride(from: 0.02, through: 0.98, by: 0.04) where abs(said - belief) > 1e-9 {
            let hedged = try expected(said)
            #expect(hedged.log > honest.log)
            #expect(hedged.brier > honest.brier)
        }
    }

    @Test func `a probability is written as a number, and no other number is read`() throws {
        let probability = try #require(Probability(0.3))
        let data = try JSONEncoder().encode([probability])
        #expect(String(decoding: data, as: UTF8.self) == "[0.3]")
        #expect(try JSONDecoder().decode([Probability].self, from: data) == [probability])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Probability].self, from: Data("[1.5]".utf8))
        }
    }
}
