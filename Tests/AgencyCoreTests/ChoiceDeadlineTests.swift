// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@testable import AgencyCore
import AgencyTestKit
import Testing

/// A choice that has to be made within some time, as the fold sees it, whoever writes the record.
@Suite struct ChoiceDeadlineTests {
    private static func waiting() -> History {
        var simulated = SimulatedRun(critique: 0)
        let index = simulated.architecture.flow.firstIndex { $0.word == "choose" } ?? 0
        simulated.architecture.flow[index] = .choose(expires: 3600, returns: 1, within: 60)
        var history = History(simulated)
        history.driveToChoice()
        return history
    }

    @Test func `a choice that is recorded when the time is over changes nothing`() throws {
        var history = Self.waiting()
        let deadline = try #require(history.state.choiceDeadline)
        history.now = deadline + 1
        history.choose(.option("p1"))
        #expect(history.state.choice == nil)
        #expect(history.state.anomalies.count == 1)
        #expect(history.state.agenda() == .wait(.choice))
    }

    @Test func `nobody can say that the time is over while there is time`() throws {
        var history = Self.waiting()
        let deadline = try #require(history.state.choiceDeadline)
        history.now = deadline
        history.record(.choiceOverdue(ChoiceOverdue(deadlineMilliseconds: deadline)))
        history.record(.choiceOverdue(ChoiceOverdue(deadlineMilliseconds: deadline - 1)))
        #expect(history.state.anomalies.count == 2)
        #expect(history.state.agenda() == .wait(.choice))
        history.choose(.option("p1"))
        #expect(history.state.choice != nil)
        history.now = deadline + 1
        history.record(.choiceOverdue(ChoiceOverdue(deadlineMilliseconds: deadline)))
        #expect(history.state.anomalies.count == 3)
    }

    @Test func `when it is over the run ends, and no choice is taken any more`() throws {
        var history = Self.waiting()
        let deadline = try #require(history.state.choiceDeadline)
        history.now = deadline + 1
        history.record(.choiceOverdue(ChoiceOverdue(deadlineMilliseconds: deadline)))
        #expect(history.state.anomalies == [])
        history.choose(.option("p1"))
        #expect(history.state.choice == nil)
        #expect(history.state.anomalies.count == 1)
        guard case .finish(let end) = history.state.agenda() else {
            Issue.record("\(history.state.agenda()) is due")
            return
        }
        #expect(end.outcome == .declined)
    }

    @Test func `without an end there is time for ever`() {
        var history = History(SimulatedRun(critique: 0))
        history.driveToChoice()
        #expect(history.state.choiceDeadline == nil)
        history.record(.choiceOverdue(ChoiceOverdue(deadlineMilliseconds: 0)))
        #expect(history.state.anomalies.count == 1)
        #expect(history.state.agenda() == .wait(.choice))
    }
}
