// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Testing

@Suite struct EffectiveVotesTests {
    @Test func `the formula is Kish's`() {
        let votes = EffectiveVotes(voters: 9, correlation: 0.4375, basis: .outcomes, questions: 100)
        #expect(votes.count == 2)
        #expect(votes.isWarning)
        #expect(EffectiveVotes(voters: 9, correlation: 1, basis: .outcomes, questions: 1).count == 1)
        #expect(EffectiveVotes(voters: 9, correlation: -0.1, basis: .outcomes, questions: 1).count == 9)
        #expect(!EffectiveVotes(voters: 1, correlation: 1, basis: .outcomes, questions: 1).isWarning)
    }

    @Test func `fifteen ways of asking one model are worth less than two judges`() throws {
        let judges = JudgeErrors.of { model, _ in model == "GPT-4" }
        #expect(judges.count == 15)
        let votes = try #require(EffectiveVotes.measured(wrong: judges))
        #expect(abs(votes.correlation - 0.581600) < 1e-6)
        #expect(abs(votes.count - 1.6407) < 1e-4)
        #expect(votes.isWarning)
        // And so it is: the majority of fifteen is hardly better than one of them.
        let right = judges.map { Double($0.count { $0 == false }) / 239 }.reduce(0, +) / 15
        let majority = Double((0..<239).count { question in judges.count { $0[question] == true } <= 7 }) / 239
        #expect(abs(right - 0.8636) < 1e-4)
        #expect(abs(majority - 0.8661) < 1e-4)
    }

    @Test func `without outcomes far too many voters seem independent, so that it is said to be at most so many`()
        throws
    {
        let judges = JudgeErrors.of { model, _ in model == "GPT-4" }
        let ballots = (0..<239).map { question in judges.map { $0[question] } }
        let estimated = try #require(EffectiveVotes.estimated(ballots: ballots))
        let measured = try #require(EffectiveVotes.measured(wrong: judges))
        #expect(estimated.basis == .agreement)
        #expect(abs(estimated.count - 4.0469) < 1e-4)
        #expect(estimated.count > 2 * measured.count)
        // Four models who are often wrong together look wholly independent.
        let models = JudgeErrors.of { _, prompt in prompt == "Vanilla" }
        let mixed = try #require(
            EffectiveVotes.estimated(ballots: (0..<239).map { question in models.map { $0[question] } })
        )
        #expect(mixed.count == 4)
        #expect(try #require(EffectiveVotes.measured(wrong: models)).count < 1.81)
    }

    @Test func `who always agrees cannot be told from who is always right`() {
        #expect(EffectiveVotes.estimated(ballots: [[1, 1, 1], [2, 2, 2]]) == nil)
        #expect(EffectiveVotes.estimated(ballots: [[1], [2]]) == nil)
        #expect(EffectiveVotes.estimated(ballots: [[Int]]()) == nil)
        #expect(EffectiveVotes.measured(wrong: [[false, false, false, false, false, false]]) == nil)
        #expect(EffectiveVotes.measured(wrong: [[true, false, nil], [true, nil, false]]) == nil)
    }

    @Test(arguments: [0.0, 0.3, 0.7]) func `samples of a known correlation are measured as having it`(
        rho: Double
    ) throws {
        var generator = SplitMix64(seed: 11)
        // Each item is easy for all or hard for all with probability rho; else each sample is on its own.
        let items = (0..<20_000).map { _ in
            let isShared = Double.random(in: 0..<1, using: &generator) < rho
            let shared = Double.random(in: 0..<1, using: &generator) < 0.8
            let right = (0..<5).count { _ in
                isShared ? shared : Double.random(in: 0..<1, using: &generator) < 0.8
            }
            return Pilot.Item(samples: 5, right: right)
        }
        let votes = try #require(EffectiveVotes.measured(pilot: Pilot(items)))
        #expect(abs(votes.correlation - rho) < 0.02)
        #expect(abs(votes.count - 5 / (1 + 4 * rho)) < 0.3)
    }
}
