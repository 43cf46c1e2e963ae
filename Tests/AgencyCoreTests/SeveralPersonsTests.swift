// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@testable import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// Where several persons have to choose the same.
@Suite struct SeveralPersonsTests {
    static let ada = ChoiceMatrixTests.ada
    static let bo = ChoiceMatrixTests.bo

    static func waiting(_ persons: Int = 2, stakes: Stakes = .low, desks: [TestDesk] = [ada, bo]) -> History {
        var simulated = SimulatedRun(critique: 0)
        let index = simulated.architecture.flow.firstIndex { $0.word == "choose" } ?? 0
        simulated.architecture.flow[index] = .choose(expires: 3600, returns: 1, persons: persons)
        simulated.brief.stakes = stakes
        var history = History(simulated, desks: desks)
        history.driveToChoice()
        return history
    }

    static func choose(
        _ history: inout History,
        _ verdict: Choice.Verdict = .option("p1"),
        by person: String,
        at desk: TestDesk?,
        expires: Int64 = History.hour
    ) {
        let choice = Choice(
            verdict: verdict,
            person: person,
            identifiedBy: "test",
            reason: "r",
            shown: history.state.sheet?.digest ?? Digest(of: ""),
            expiresAtMilliseconds: history.now + expires
        )
        let signature = desk?.signature(of: choice, in: history.state)
        history.record(.choiceRecorded(ChoiceRecorded(choice: choice, signature: signature)))
    }

    @Test func `one of two is not enough, and two are`() throws {
        var history = Self.waiting()
        Self.choose(&history, by: "ada", at: Self.ada)
        #expect(history.state.choice == nil)
        #expect(history.state.agenda() == .wait(.choice))
        #expect(AuthorizationTests.refusal(history.state) != nil)
        Self.choose(&history, by: "bo", at: Self.bo, expires: 1_000_000)
        #expect(history.state.choice != nil)
        #expect(history.state.anomalies == [])
        #expect(history.state.chosen.map(\.choice.person) == ["ada", "bo"])
        history.driveToStep("s1")
        // It stands only as long as each of them.
        let granted = try history.state.authorize("s1", now: history.now)
        #expect(granted.expiresAtMilliseconds == 1000 + 1_000_000)
    }

    @Test func `the same person or the same desk counts once`() {
        for (person, desk) in [("ada", Self.bo), ("bo", Self.ada)] {
            var history = Self.waiting()
            Self.choose(&history, by: "ada", at: Self.ada)
            Self.choose(&history, by: person, at: desk)
            #expect(history.state.choice == nil)
            #expect(history.state.anomalies.count == 1)
        }
        var bare = Self.waiting(desks: [])
        Self.choose(&bare, by: "ada", at: nil)
        Self.choose(&bare, by: "ada", at: nil)
        #expect(bare.state.choice == nil)
        Self.choose(&bare, by: "bo", at: nil)
        #expect(bare.state.choice != nil)
    }

    @Test func `who chooses otherwise does not agree, and one no is enough`() {
        var history = Self.waiting()
        Self.choose(&history, by: "ada", at: Self.ada)
        var other = history
        Self.choose(&other, .option("p2"), by: "bo", at: Self.bo)
        #expect(other.state.choice == nil)
        #expect(other.state.agenda() == .wait(.choice))
        Self.choose(&history, Choice.Verdict.none, by: "bo", at: Self.bo)
        #expect(history.state.choice?.choice.verdict == Choice.Verdict.none)
        #expect(history.state.isDeclined)
    }

    @Test func `a choice that has lapsed before the other came is no yes`() {
        var history = Self.waiting()
        Self.choose(&history, by: "ada", at: Self.ada, expires: 1000)
        history.now += 1000
        Self.choose(&history, by: "bo", at: Self.bo)
        #expect(history.state.choice == nil)
        Self.choose(&history, by: "ada", at: Self.ada)
        #expect(history.state.choice != nil)
    }

    @Test func `at high stakes whoever asked for the work does not have the last word`() {
        var history = Self.waiting(stakes: .high)
        Self.choose(&history, by: "ada", at: Self.ada)
        var asked = history
        Self.choose(&asked, by: "starter", at: Self.bo)
        #expect(asked.state.choice == nil)
        #expect(asked.state.anomalies.last?.contains("who asked for the work") == true)
        Self.choose(&history, by: "bo", at: Self.bo)
        #expect(history.state.choice != nil)
        var low = Self.waiting(stakes: .low)
        Self.choose(&low, by: "ada", at: Self.ada)
        Self.choose(&low, by: "starter", at: Self.bo)
        #expect(low.state.choice != nil)
    }

    @Test func `what is shown anew is chosen anew by everybody`() {
        var history = Self.waiting()
        Self.choose(&history, by: "ada", at: Self.ada)
        let proposal = Proposal(id: "p1.e1", title: "t", summary: "s", plan: Plan(steps: [NounTests.step("s1")]))
        history.record(.optionAdded(OptionAdded(proposal: proposal, person: "p", reason: "r")))
        history.driveToChoice()
        Self.choose(&history, by: "bo", at: Self.bo)
        #expect(history.state.choice == nil)
    }
}
