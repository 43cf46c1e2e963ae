// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Testing

@Suite struct PlanTests {
    @Test(arguments: [(0.9, 3), (0.75, 2), (0.6, 4), (0.99, 4)] as [(Double, Int)])
    func `ballots come out as the formulas say`(success: Double, lead: Int) {
        var generator = SplitMix64(seed: 7)
        let rounds = 20_000
        var wrong = 0
        var samples = 0
        for _ in 0..<rounds {
            var ballot = Ballot<Bool>(aheadBy: lead, atMost: 10_000)
            while ballot.isOpen { ballot.count(Double.random(in: 0..<1, using: &generator) < success) }
            wrong += ballot.winner == true ? 0 : 1
            samples += ballot.samples
        }
        let odds = VoteOdds(success: success)
        let failure = odds.failure(aheadBy: lead)
        let spread = (failure * (1 - failure) / Double(rounds)).squareRoot()
        #expect(abs(Double(wrong) / Double(rounds) - failure) < 5 * spread + 1e-4)
        let votes = odds.samples(aheadBy: lead)
        #expect(abs(Double(samples) / Double(rounds) - votes) < 0.03 * votes)
    }

    @Test func `at one half the walk takes the square of the distance`() {
        #expect(abs(VoteOdds(success: 0.5).samples(aheadBy: 4) - 16) < 1e-6)
        #expect(abs(VoteOdds(success: 0.5 + 1e-5).samples(aheadBy: 4) - 16) < 1e-3)
        #expect(VoteOdds(success: 0.9).samples(aheadBy: 8, valid: 0.5) > 19.99)
        #expect(VoteOdds(success: 1).samples(aheadBy: 3) == 3)
        #expect(VoteOdds(success: 1).failure(aheadBy: 3) == 0)
        #expect(VoteOdds(success: 0).failure(aheadBy: 3) == 1)
        #expect(VoteOdds(success: .nan).success == 0)
    }

    @Test func `votes make what is wrong half of the time worse, and no lead is found`() {
        let plan = VotePlan(StepMixture(success: 0.4, correlation: 0), steps: 10, risk: 0.05)
        #expect(plan.lead == nil)
        #expect(plan.independentLead == nil)
        #expect(VotePlan(StepMixture(success: 1, correlation: 0), steps: 1_000_000, risk: 0.01).lead == 1)
    }

    @Test func `where errors repeat, more votes stop helping`() {
        let mixture = StepMixture(success: 0.99, correlation: 1.0 / 11)
        let naive = VoteOdds(success: 0.99)
        // Integrated with thirty digits elsewhere.
        #expect(abs(mixture.failure(aheadBy: 5) / 9.98122673e-5 - 1) < 1e-8)
        #expect(abs(mixture.failure(aheadBy: 8) / 4.535258674e-5 - 1) < 1e-8)
        #expect(naive.failure(aheadBy: 5) < 1.1e-10)
        let plan = VotePlan(mixture, steps: 1_048_575, risk: 0.05)
        #expect(plan.isCorrelated)
        #expect(plan.lead == nil)
        #expect(plan.independentLead == 4)
    }

    @Test(arguments: [1e-6, 1e-3, 0.1, 0.5, 0.9, 0.999]) func `a mixture lies between independence and copies`(
        rho: Double
    ) {
        for success in [0.6, 0.9, 0.99] {
            let mixture = StepMixture(success: success, correlation: rho)
            for lead in [1, 3, 9] {
                let failure = mixture.failure(aheadBy: lead)
                let least = VoteOdds(success: success).failure(aheadBy: lead)
                #expect(failure >= least * (1 - 1e-6) && failure <= (1 - success) * (1 + 1e-6), "\(success) \(lead)")
            }
            // One vote ahead is one vote, whatever repeats.
            #expect(abs(mixture.failure(aheadBy: 1) - (1 - success)) < 1e-9)
            #expect(abs(mixture.samples(aheadBy: 1) - 1) < 1e-9)
        }
    }

    @Test func `an even number of votes can be a tie, which is no majority`() {
        #expect(abs(VoteOdds(success: 0.9).failure(majorityOf: 3) - 0.028) < 1e-12)
        #expect(abs(VoteOdds(success: 0.5).failure(majorityOf: 2) - 0.75) < 1e-12)
        #expect(abs(VoteOdds(success: 0.9).failure(majorityOf: 1) - 0.1) < 1e-12)
    }

    @Test func `a pilot that cannot tell says so`() {
        #expect(Pilot([]).success == nil)
        #expect(Pilot([]).mixture == nil)
        #expect(Pilot([Pilot.Item(samples: 1, right: 1), Pilot.Item(samples: 1, right: 0)]).correlation == nil)
        #expect(Pilot([Pilot.Item(samples: 9, right: 9)]).correlation == nil)
        #expect(Pilot([Pilot.Item(samples: 2, right: 5)]).success == 1)
    }
}
