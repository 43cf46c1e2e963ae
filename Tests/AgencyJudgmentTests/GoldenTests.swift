// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation
import Testing

/// Published and independently computed values of the planner's formulas.
@Suite struct GoldenTests {
    private func close(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-9) -> Bool {
        guard let value else { return false }
        return abs(value - expected) <= tolerance * max(abs(expected), 1e-300)
    }

    /// The error rates of nine models and the lead that each needs for a million steps, from MAKER, arXiv 2511.09030.
    @Test(
        arguments: [
            (0.3571, 29), (0.004, 4), (0.0022, 3), (0.0018, 3), (0.1839, 12), (0.0358, 6), (0.2342, 15), (0.0569, 6),
            (0.0393, 6),
        ] as [(Double, Int)]
    )
    func `the least leads are those that were published`(error: Double, lead: Int) {
        #expect(VoteOdds(success: 1 - error).leastLead(steps: (1 << 20) - 1, target: 0.95) == lead)
        let plan = VotePlan(StepMixture(success: 1 - error, correlation: 0), steps: (1 << 20) - 1, risk: 0.05)
        #expect(plan.lead == lead)
        #expect(plan.chanceOfError(aheadBy: lead) <= 0.05)
        #expect(lead == 1 || plan.chanceOfError(aheadBy: lead - 1) > 0.05)
    }

    /// Error rate, lead, chance that a step fails, chance that all of Hanoi's 20 disks come right, votes a step.
    @Test(
        arguments: [
            (0.01, 1, 0.01, 0.0, 1.0), (0.01, 3, 1.0306090899581122e-06, 0.3393675694322389, 3.0612181799443476),
            (0.01, 5, 1.05153663546e-10, 0.9998897446725649, 5.102040815253534),
            (0.05, 3, 0.0001457725947521249, 4.0900642540338144e-67, 3.332361516034986),
            (0.05, 5, 4.038609103806934e-07, 0.6547652270827763, 5.555551068212107),
            (0.05, 8, 5.888045606e-11, 0.9999382613278326, 8.888888887842127),
            (0.1, 1, 0.1, 0.0, 1.0), (0.1, 3, 0.001369863013698569, 0.0, 3.739726027397261),
            (0.1, 5, 1.693480101616629e-05, 1.9408410454600385e-08, 6.249788314987297),
            (0.1, 8, 2.3230572465671173e-08, 0.9759352881111039, 9.99999953538855),
        ] as [(Double, Int, Double, Double, Double)]
    )
    func `a million steps come out as computed elsewhere`(
        error: Double,
        lead: Int,
        failure: Double,
        all: Double,
        votes: Double
    ) {
        let odds = VoteOdds(success: 1 - error)
        // The values were computed as 1 − P(win), which rounds them to multiples of 2^-53.
        #expect(abs(odds.failure(aheadBy: lead) - failure) < 2e-16 + 1e-12 * failure)
        // exp of a sum of a million logarithms: five digits of the failure become five digits of its exponent.
        let found = odds.success(aheadBy: lead, steps: (1 << 20) - 1)
        #expect(abs(found - all) < 1e-8 || close(found, all, 1e-6))
        #expect(close(odds.samples(aheadBy: lead), votes, 1e-9))
        #expect(close(StepMixture(success: 1 - error, correlation: 0).samples(aheadBy: lead), votes, 1e-9))
    }

    @Test(
        arguments: [
            (99, 1, 1, 0.01), (99, 1, 3, 6.573845488732388e-06), (19.8, 2.2, 5, 0.0006555223472907302),
            (0.2, 0.05, 3, 0.19676544371809754),
        ] as [(Double, Double, Int, Double)]
    )
    func `failures of a mixture are integrated to nine digits`(a: Double, b: Double, lead: Int, failure: Double) {
        let mixture = StepMixture(success: a / (a + b), correlation: 1 / (a + b + 1))
        #expect(close(mixture.failure(aheadBy: lead), failure, 1e-8), "\(mixture.failure(aheadBy: lead))")
    }

    @Test func `a pilot gives its correlation`() {
        let pilot = Pilot([4, 4, 0, 2, 3].map { Pilot.Item(samples: 4, right: $0) })
        #expect(close(pilot.success, 0.65))
        #expect(close(pilot.correlation, 0.48717948717948734))
    }

    @Test func `all of some tries, and any of them`() {
        let pilot = Pilot([Pilot.Item(samples: 4, right: 2)])
        #expect(close(pilot.allRight(of: 2), 1.0 / 6))
        #expect(close(pilot.anyRight(of: 2), 5.0 / 6))
        #expect(pilot.allRight(of: 5) == nil)
    }

    /// Right trials of four, for each of the 50 tasks of τ-bench's airline domain by gpt-4o.
    ///
    /// > Source: <https://github.com/sierra-research/tau-bench> at 59a200c6d575, MIT licence, arXiv 2406.12045.
    @Test func `a published table of repeated trials is reproduced`() {
        let pilot = Pilot(TrialCounts.airline.map { Pilot.Item(samples: 4, right: $0) })
        for (tries, share) in [(1, 0.42), (2, 0.273), (3, 0.22), (4, 0.2)] {
            #expect(abs((pilot.allRight(of: tries) ?? 0) - share) < 0.0005)
        }
        #expect(abs((pilot.correlation ?? 0) - 0.40) < 0.005)
    }

    @Test(
        arguments: [(1, 0, 0.75), (3, 0, 0.9375), (4, 1, 0.890625), (5, 0, 0.984375), (7, 2, 0.9453125)]
            as [(Int, Int, Double)]
    )
    func `how sure a majority makes`(votes: Int, other: Int, confidence: Double) {
        #expect(close(MajorityConfidence.of(votes, against: other), confidence, 1e-12))
    }

    @Test(
        arguments: [
            (0.5, 0.9, 0.1, 0.9, 2.0), (0.3, 0.9, 0.05, 0.8852459016393444, 3.278688524590164),
            (0.7, 0.8, 0.3, 0.8615384615384616, 1.5384615384615388),
        ] as [(Double, Double, Double, Double, Double)]
    )
    func `what a verifier brings`(p: Double, right: Double, wrong: Double, correct: Double, samples: Double) {
        let odds = VerifierOdds(success: p, acceptsRight: right, acceptsWrong: wrong)
        #expect(close(odds.correct, correct))
        #expect(close(odds.samples, samples))
        // The evidence is what takes the odds before to the odds after.
        let after = odds.correct ?? 0
        #expect(abs(log(p / (1 - p)) + odds.evidence - log(after / (1 - after))) < 1e-9)
    }
}
