// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation
import Testing

@Suite struct DocketTests {
    @Test func `the first outcome settles what was filed before it`() throws {
        var docket = Docket()
        try docket.file(0.7, by: "auditor", on: "rows kept")
        try docket.file(0.6, by: "auditor", on: "rows kept")
        try docket.file(.nan, by: "costs", on: "rows kept")
        try docket.file(nil, by: "saboteur", on: "rows kept")
        #expect(docket.unsettled == ["rows kept"])
        let effect = try docket.settle("rows kept", as: true)
        #expect(effect == .settled(["auditor": try #require(Probability(0.6))]))
        #expect(docket.statements["rows kept"]?.missing == ["costs", "saboteur"])
        #expect(docket.unsettled.isEmpty)
    }

    @Test func `the same outcome again changes nothing, another one is a dispute and changes no score`() throws {
        var docket = Docket()
        try docket.file(0.7, by: "auditor", on: "a")
        _ = try docket.settle("a", as: true)
        let settled = docket
        #expect(try docket.settle("a", as: true) == .repeated)
        #expect(docket == settled)
        #expect(try docket.settle("a", as: false) == .disputed)
        #expect(docket.statements["a"]?.outcome == true)
        #expect(docket.disputed == ["a"])
        #expect(try docket.settle("a", as: false) == .disputed)
    }

    @Test func `an outcome for an unknown statement is refused`() {
        var docket = Docket()
        #expect(throws: Docket.Refusal.unknownStatement("a")) { try docket.settle("a", as: true) }
        #expect(docket == Docket())
    }

    @Test func `what is said after the outcome is no forecast`() throws {
        var docket = Docket()
        try docket.file(0.5, by: "auditor", on: "a")
        _ = try docket.settle("a", as: false)
        #expect(throws: Docket.Refusal.alreadySettled("a")) { try docket.file(0.01, by: "late", on: "a") }
    }

    @Test func `what was said can be taken back before the outcome`() throws {
        var docket = Docket()
        try docket.file(0.5, by: "auditor", on: "a")
        try docket.file(nil, by: "auditor", on: "a")
        #expect(try docket.settle("a", as: false) == .settled([:]))
        let data = try JSONEncoder().encode(docket)
        #expect(try JSONDecoder().decode(Docket.self, from: data) == docket)
    }
}
