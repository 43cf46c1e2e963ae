// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct DelegationGradeTests {
    private static let terms = DelegationTerms(floor: 0.8, leastCases: 20, ceiling: 100)

    private func granted(_ terms: DelegationTerms = terms, cases: Int = 40) -> DelegationGrade {
        var grade = DelegationGrade(terms, stakes: 10, performer: "a")
        for _ in 0..<cases { _ = grade.settle(succeeded: true) }
        _ = grade.grant()
        return grade
    }

    @Test func `it is proposed with the evidence, and granted by a person only`() {
        var grade = DelegationGrade(Self.terms, stakes: 10, performer: "a")
        #expect(grade.grant() == nil)
        var changes: [DelegationGrade.Change] = []
        for _ in 0..<30 { grade.settle(succeeded: true).map { changes.append($0) } }
        #expect(changes == [.becameProposable])
        #expect(!grade.isGranted && grade.evidence.cases == 30)
        #expect(grade.lowerBound > 0.8)
        #expect(grade.grant() == .granted)
        #expect(grade.isGranted)
        #expect(grade.grant() == nil)
    }

    @Test func `not before enough cases are settled`() {
        var grade = DelegationGrade(
            DelegationTerms(floor: 0.5, leastCases: 30, ceiling: 100),
            stakes: 1,
            performer: "a"
        )
        for case_ in 1...30 {
            let change = grade.settle(succeeded: true)
            #expect(change == (case_ == 30 ? .becameProposable : nil))
        }
    }

    @Test func `it is withdrawn when the bound falls, and proposed again when the bound has recovered`() {
        var grade = granted(DelegationTerms(floor: 0.8, patience: 1e6, ceiling: 100), cases: 21)
        let cases = grade.evidence.cases
        #expect(grade.settle(succeeded: false) == .withdrawn(.boundFell))
        #expect(!grade.isGranted && grade.evidence.cases == cases + 1)
        var change: DelegationGrade.Change?
        while change == nil { change = grade.settle(succeeded: true) }
        #expect(change == .becameProposable)
        #expect(grade.settle(succeeded: false) == .lapsed)
        #expect(grade.standing == .unproven)
    }

    @Test func `it is withdrawn when a decline is seen, and begins again from zero`() {
        var grade = granted(cases: 400)
        var failures = 0
        var change: DelegationGrade.Change?
        while change == nil {
            change = grade.settle(succeeded: false)
            failures += 1
        }
        // The bound alone would have held for many more.
        #expect(change == .withdrawn(.decline))
        #expect(failures < 10)
        #expect(grade.evidence.cases == 0 && grade.lowerBound == 0)
    }

    @Test func `what happened under an earlier grant is no decline under this one`() {
        var grade = granted(cases: 400)
        for _ in 0..<4 { #expect(grade.settle(succeeded: false) == nil) }
        #expect(grade.stake(500) == .withdrawn(.stakes))
        #expect(grade.stake(10) == .becameProposable)
        #expect(grade.grant() == .granted)
        for _ in 0..<4 { #expect(grade.settle(succeeded: false) == nil) }
        #expect(grade.settle(succeeded: false) == .withdrawn(.decline))
    }

    /// Floor .9, computed elsewhere.
    @Test func `the sum that tells of a decline is the one computed elsewhere`() {
        var test = DeclineTest(floor: 0.9)
        #expect(test.logSum == -.infinity)
        let steps: [(Bool, Double)] = [
            (true, 0.6666666666666666), (true, 1.1234567901234567), (false, 8.23456790123457),
            (false, 38.02469135802471), (true, 24.507544581618667), (false, 106.74759945130323),
        ]
        for (succeeded, sum) in steps {
            test.see(succeeded: succeeded)
            #expect(abs(exp(test.logSum) / sum - 1) < 1e-12)
        }
    }

    @Test func `drift and another performer take it back, and nothing is carried over`() {
        var grade = granted()
        #expect(grade.driftSeen() == .withdrawn(.drift))
        #expect(grade.evidence.cases == 0 && grade.standing == .unproven)
        grade = granted()
        #expect(grade.perform(by: "a") == nil)
        #expect(grade.isGranted)
        #expect(grade.perform(by: "b") == .withdrawn(.performerChanged))
        #expect(grade.performer == "b" && grade.evidence.cases == 0)
        #expect(grade.perform(by: "a") == nil)
        #expect(grade.performer == "a")
    }

    @Test func `a person takes it back at any time, and may grant it again on the same cases`() {
        var grade = granted()
        #expect(grade.takeBack() == .withdrawn(.person))
        #expect(grade.takeBack() == nil)
        #expect(grade.standing == .proposable)
        #expect(grade.grant() == .granted)
    }

    @Test func `no record is enough above the ceiling`() {
        for stakes in [101, .nan, .infinity] as [Double] {
            var grade = DelegationGrade(Self.terms, stakes: stakes, performer: "a")
            for _ in 0..<1000 { #expect(grade.settle(succeeded: true) == nil) }
            #expect(grade.standing == .beyondCeiling && grade.grant() == nil)
            #expect(grade.stake(50) == .becameProposable)
        }
        var grade = granted()
        #expect(grade.stake(500) == .withdrawn(.stakes))
        #expect(grade.driftSeen() == nil)
        #expect(grade.standing == .beyondCeiling)
        // Nothing may be delegated under a ceiling that is none, and all but the unknown under one that is infinite.
        #expect(
            DelegationGrade(DelegationTerms(floor: 0.8, ceiling: .nan), stakes: 0, performer: "a").standing
                == .beyondCeiling
        )
        let open = DelegationTerms(floor: 0.8, ceiling: .infinity)
        #expect(DelegationGrade(open, stakes: 1e9, performer: "a").standing == .unproven)
        #expect(DelegationGrade(open, stakes: .nan, performer: "a").standing == .beyondCeiling)
    }

    @Test func `the floor follows from what an error costs`() {
        #expect(abs(DelegationTerms.floor(loss: 100, acceptable: 5) - 0.95) < 1e-12)
        #expect(DelegationTerms.floor(loss: 1, acceptable: 5) == 0)
        for (loss, acceptable) in [(0, 1), (1, 0), (.nan, 1), (1, .nan), (.infinity, 1)] as [(Double, Double)] {
            #expect(DelegationTerms.floor(loss: loss, acceptable: acceptable) == 1)
        }
    }

    @Test func `bad terms are the defaults, and several classes share the rate`() {
        let terms = DelegationTerms(floor: .nan, alpha: .nan, leastCases: -3, patience: 0, ceiling: 1)
        #expect(terms.floor == 1 && terms.alpha == 0.05 && terms.leastCases == 0 && terms.patience == 100)
        #expect(Self.terms.oneOf(10).alpha == 0.005)
        #expect(Self.terms.oneOf(0).alpha == 0.05)
    }

    @Test func `its state survives being written down, at every step`() throws {
        var generator = SplitMix64(seed: 4)
        var grade = DelegationGrade(
            DelegationTerms(floor: 0.7, leastCases: 5, patience: 30, ceiling: .infinity),
            stakes: .nan,
            performer: "a"
        )
        _ = grade.stake(3)
        for step in 0..<300 {
            let bytes = try JSONEncoder().encode(grade)
            let copy = try JSONDecoder().decode(DelegationGrade.self, from: bytes)
            #expect(copy == grade)
            grade = copy
            _ = grade.settle(succeeded: Double.random(in: 0..<1, using: &generator) < (step < 150 ? 0.95 : 0.4))
            _ = grade.grant()
        }
        #expect(grade.standing == .unproven)
    }
}
