// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import Testing

struct TextBlockTests {
    @Test func `the comparison at the choice is laid out for 80 columns`() throws {
        try Golden.expect(OptionsText(try Fixture.waiting().state).text(width: 80), is: "options.txt")
    }

    @Test func `the status of a waiting and of a finished run takes about fifteen lines`() throws {
        let waiting = StatusText(try Fixture.waiting().state).text(width: 80)
        let finished = StatusText(try Fixture.whole().state).text(width: 100)
        try Golden.expect(waiting + "\n\n" + finished, is: "status.txt")
    }

    @Test func `a plan is shown in full`() throws {
        let proposal = try #require(try Fixture.whole().state.proposals["p2"])
        try Golden.expect(PlanText(proposal).text(width: 100), is: "plan.txt")
    }

    @Test func `a revised plan is compared line by line`() throws {
        let proposals = try Fixture.whole().state.proposals
        let old = try #require(proposals["p2"])
        let new = try #require(proposals["p2.r1"])
        try Golden.expect(DiffText(from: old, to: new).text(width: 100), is: "diff.txt")
    }

    @Test func `the steps are shown with their forecasts against the outcomes`() throws {
        try Golden.expect(StepsText(try Fixture.whole().state).text(width: 100), is: "steps.txt")
    }

    @Test func `the goals are shown as a tree`() throws {
        try Golden.expect(GoalsText(try Fixture.whole().state).text(width: 80), is: "goals.txt")
    }
}
