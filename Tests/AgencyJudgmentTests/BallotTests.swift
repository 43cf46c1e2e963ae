// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Testing

@Suite struct BallotTests {
    /// Reads answers one after another; “-” is a discarded sample.
    private func run(_ ballot: Ballot<Character>, _ samples: String) -> Ballot<Character> {
        var ballot = ballot
        for sample in samples {
            if sample == "-" { ballot.discard() } else { ballot.count(sample) }
        }
        return ballot
    }

    @Test(
        arguments: [
            ("aaa", 3, "a", 3), ("abaaa", 3, "a", 5), ("-abbabb", 2, "b", 7), ("a", 1, "a", 1), ("--a", 1, "a", 3),
            ("abcabcbb", 2, "b", 8), ("abbaabbbb", 3, "b", 9),
        ] as [(String, Int, Character, Int)]
    )
    func `the first that is far enough ahead wins`(samples: String, lead: Int, winner: Character, count: Int) {
        let ballot = run(Ballot(aheadBy: lead, atMost: 50), samples)
        #expect(ballot.standing == .decided(winner))
        #expect(ballot.samples == count)
        #expect(ballot.wanted() == 0)
        #expect(run(Ballot(aheadBy: lead, atMost: 50), String(samples.dropLast())).standing == .open)
    }

    @Test func `a ballot that cannot be decided any more ends before its cap`() {
        // 2 against 1 with one sample left: a lead of 3 is out of reach.
        let ballot = run(Ballot(aheadBy: 3, atMost: 4), "aab")
        #expect(ballot.standing == .undecided)
        #expect(ballot.samples == 3)
        #expect(ballot.leading == "a")
        #expect(ballot.winner == nil)
        #expect(run(Ballot(aheadBy: 3, atMost: 4), "-").standing == .open)
        #expect(run(Ballot(aheadBy: 3, atMost: 4), "--").standing == .undecided)
    }

    @Test func `a rule that can never decide says so before the first sample`() {
        #expect(Ballot<Int>(aheadBy: 3, atMost: 2).standing == .undecided)
        #expect(Ballot<Int>(aheadBy: .max, atMost: .max).wanted() == .max)
        #expect(Ballot<Int>(majorityOf: 5, atMost: 0).standing == .undecided)
        #expect(Ballot<Int>(firstAcceptedOf: -1).standing == .undecided)
    }

    @Test func `more than half of the votes decide as soon as the rest cannot matter`() {
        #expect(run(Ballot(majorityOf: 5, atMost: 5), "abaa").standing == .decided("a"))
        #expect(run(Ballot(majorityOf: 5, atMost: 5), "abc").standing == .open)
        #expect(run(Ballot(majorityOf: 5, atMost: 5), "abcd").standing == .undecided)
        #expect(run(Ballot(majorityOf: 4, atMost: 4), "abab").standing == .undecided)
        #expect(run(Ballot(majorityOf: 5, atMost: 5), "--aaa").standing == .decided("a"))
        #expect(run(Ballot(majorityOf: 5, atMost: 5), "--ab").standing == .undecided)
        // Discarded samples are replaced where more samples than votes are allowed.
        #expect(run(Ballot(majorityOf: 5, atMost: 7), "--abaa").standing == .decided("a"))
    }

    @Test func `the first accepted answer wins, and nothing runs beside it`() {
        var ballot = Ballot<Character>(firstAcceptedOf: 3)
        #expect(ballot.wanted() == 1)
        #expect(ballot.wanted(inFlight: 1) == 0)
        ballot.discard()
        ballot.count("x")
        #expect(ballot.standing == .decided("x"))
        #expect(run(Ballot(firstAcceptedOf: 3), "---").standing == .undecided)
    }

    @Test func `no more samples are wanted than surely matter`() {
        var ballot = Ballot<Character>(aheadBy: 3, atMost: 6)
        #expect(ballot.wanted() == 3)
        #expect(ballot.wanted(inFlight: 2) == 1)
        #expect(ballot.wanted(inFlight: 9) == 0)
        ballot.count("a")
        #expect(ballot.wanted() == 2)
        ballot.count("b")
        #expect(ballot.wanted() == 3)
        ballot.count("b")
        ballot.count("b")
        #expect(ballot.wanted() == 1)
        #expect(ballot.tally == [.init(answer: "a", votes: 1), .init(answer: "b", votes: 3)])
        #expect((ballot.leadingVotes, ballot.secondVotes) == (3, 1))
    }

    @Test func `a closed ballot takes nothing more`() {
        var ballot = run(Ballot(aheadBy: 1, atMost: 9), "a")
        let closed = ballot
        ballot.count("b")
        ballot.discard()
        #expect(ballot == closed)
    }
}
