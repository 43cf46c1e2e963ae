// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyJudgment
import AgencyRuntime
import AgencyTestKit
import Testing

/// Choices that are made by rule, because the record carries it and a person has granted it.
@Suite struct MandateTests {
    /// Has people choose until a run proposes a mandate.
    private static func proposal(_ bench: RuleBench) async throws -> RunState {
        for _ in 0..<20 {
            let state = try await bench.carry()
            #expect(state.finished?.outcome == .done)
            #expect(state.choices.allSatisfy { $0.choice.mandate == nil })
            if state.proposedMandate != nil { return state }
        }
        throw RuntimeError(.notNow, "nothing was proposed")
    }

    private static func grant(_ bench: RuleBench, in run: RunID, days: Int64 = 30) async throws -> ChoiceMandate {
        try await bench.agency.grantMandate(
            in: run,
            untilMilliseconds: bench.clock.nowMilliseconds + days * 86_400_000,
            by: Bench.person,
            reason: "it has been right each time"
        )
    }

    @Test func `it is proposed when the cases show enough, granted by a person, and then the rule chooses`()
        async throws
    {
        let bench = try RuleBench()
        let proposed = try await Self.proposal(bench)
        let evidence = try #require(proposed.proposedMandate?.evidence)
        // At a floor of one half and 5 %, six of six do not show enough and seven do (computed exactly).
        #expect(evidence.successes == 7 && evidence.failures == 0 && evidence.lowerBound > 0.5)
        // Nothing happens by itself.
        let waiting = try await bench.carry(choosing: false)
        #expect(waiting.agenda() == .wait(.choice))
        #expect(waiting.records?.mandate == nil && waiting.records?.rule?.successes == 7)

        let mandate = try await Self.grant(bench, in: proposed.run)
        let ruled = try await bench.carry(choosing: false)
        #expect(ruled.finished?.outcome == .done)
        #expect(ruled.anomalies == [])
        let choice = try #require(ruled.choices.first?.choice)
        #expect(choice.mandate == mandate.id && choice.verdict == .option("p1"))
        #expect(choice.person == "mandate \(mandate.id.prefix(8)) of chooser")
        #expect(try await bench.agency.mandates().first?.granted?.mandate == mandate)
    }

    @Test func `it ends by itself when the rule turns out wrong, and nobody is chosen for any more`() async throws {
        let bench = try RuleBench()
        let proposed = try await Self.proposal(bench)
        _ = try await Self.grant(bench, in: proposed.run)
        let wrong = bench.performer(comesTrue: false)
        var last = try await bench.carry(wrong)
        for _ in 0..<6 where last.withdrawnMandates.isEmpty { last = try await bench.carry(wrong) }
        #expect(last.withdrawnMandates.map(\.cause) == [.boundFell])
        #expect(last.withdrawnMandates.allSatisfy { $0.person == nil && $0.reason.contains("shows no more than") })
        #expect(try await bench.agency.mandates().first?.granted == nil)
        let after = try await bench.carry(choosing: false)
        #expect(after.agenda() == .wait(.choice))
        // It is said once.
        let next = try await bench.carry(wrong)
        #expect(next.withdrawnMandates.isEmpty)
    }

    @Test
    func `another performer, higher stakes, an objection or too low a probability bring the choice back to a person`()
        async throws
    {
        let bench = try RuleBench()
        let proposed = try await Self.proposal(bench)
        _ = try await Self.grant(bench, in: proposed.run)
        let other = try await bench.carry(bench.performer(as: "another model"), choosing: false)
        #expect(other.agenda() == .wait(.choice) && other.records?.mandate == nil)
        var brief = bench.simulated.brief
        brief.stakes = .high
        #expect(try await bench.carry(brief: brief, choosing: false).agenda() == .wait(.choice))
        let unsure = bench.performer(probability: 0.3)
        #expect(try await bench.carry(unsure, choosing: false).agenda() == .wait(.choice))
        let objecting = bench.performer(objections: [("it loses notes", .blocking)])
        #expect(try await bench.carry(objecting, choosing: false).agenda() == .wait(.choice))
        // And with nothing in its way it goes on.
        #expect(try await bench.carry(choosing: false).finished?.outcome == .done)
    }

    @Test func `a person takes it back, its time ends, and it cannot be granted without a proposal`() async throws {
        let bench = try RuleBench()
        let first = try await bench.carry()
        await DeskTests.expect(.notNow) { _ = try await Self.grant(bench, in: first.run) }
        let proposed = try await Self.proposal(bench)
        await DeskTests.expect(.badInput) { _ = try await Self.grant(bench, in: proposed.run, days: -1) }
        let short = try await Self.grant(bench, in: proposed.run, days: 1)
        await DeskTests.expect(.notNow) { _ = try await Self.grant(bench, in: proposed.run) }
        await DeskTests.expect(.notFound) {
            try await bench.agency.withdrawMandate("beef", by: Bench.person, reason: "no")
        }
        try await bench.agency.withdrawMandate(
            String(short.id.prefix(6)),
            by: Bench.person,
            reason: "let us look again"
        )
        #expect(try await bench.carry(choosing: false).agenda() == .wait(.choice))
        // What was proposed stands, and may be granted again.
        _ = try await Self.grant(bench, in: proposed.run, days: 1)
        #expect(try await bench.carry(choosing: false).finished?.outcome == .done)
        bench.clock.advance(by: .seconds(2 * 86_400))
        #expect(try await bench.carry(choosing: false).agenda() == .wait(.choice))
    }

    @Test func `a grant is for the run that proposed it, and none comes back`() async throws {
        let bench = try RuleBench()
        let proposed = try await Self.proposal(bench)
        _ = try await Self.grant(bench, in: proposed.run)
        let granted = try #require(try await bench.agency.state(of: proposed.run).grantedMandates.first)
        var other = try await bench.carry(choosing: false)
        for event in [Event.mandateProposed(try #require(proposed.proposedMandate)), .mandateGranted(granted)] {
            other.apply(
                RecordedEvent(
                    sequence: other.sequence + 1,
                    atMilliseconds: bench.clock.nowMilliseconds,
                    event: event
                )
            )
        }
        #expect(other.proposedMandate != nil && other.grantedMandates.isEmpty && other.anomalies.count == 1)

        // The grant itself once more, after it was taken back, in the record of its own run.
        try await bench.agency.withdrawMandate(granted.granted.mandate.id, by: Bench.person, reason: "enough")
        var state = try await bench.agency.state(of: proposed.run)
        state.apply(
            RecordedEvent(
                sequence: state.sequence + 1,
                atMilliseconds: bench.clock.nowMilliseconds,
                event: .mandateGranted(granted)
            )
        )
        #expect(state.grantedMandates.count == 1 && state.anomalies.count == 1)
    }

    @Test func `what was chosen at desks that this machine does not trust carries nothing here`() async throws {
        let bench = try RuleBench()
        _ = try await Self.proposal(bench)
        let clock = bench.clock
        func cases(trusting desk: Desk) async throws -> Int {
            let agency = Agency(
                store: bench.store,
                now: { clock.nowMilliseconds },
                desk: desk,
                trust: DeskTrust([], takesUnsigned: false)
            )
            return try await agency.mandates().map(\.evidence.cases).max() ?? 0
        }
        #expect(try await cases(trusting: RuleBench.desk("here")) == 7)
        #expect(try await cases(trusting: RuleBench.desk("elsewhere")) == 0)
    }

    @Test func `a fork makes no case of what its parent has shown`() async throws {
        let bench = try RuleBench()
        let parent = try await bench.carry()
        let asked = try #require(
            try await bench.agency.events(of: parent.run).first { $0.event.type == "choice_requested" }
        )
        bench.clock.advance(by: .seconds(1))
        let cast = Cast(everyone: bench.performer(), in: bench.simulated.architecture)
        let fork = try await bench.agency.fork(
            parent.run,
            at: asked.sequence - 1,
            cast: cast,
            workspace: "notes",
            by: Bench.person,
            reason: "once more"
        )
        let end = try await bench.finish(fork, cast, bench.simulated.makeWorld())
        #expect(end.finished?.outcome == .done)
        #expect(try await bench.agency.mandates().map(\.evidence.cases) == [1])
        let judges = try await bench.agency.records.book().book.entries.filter { $0.key.task == "evaluate" }
        #expect(judges.map(\.record.count) == [1, 1])
    }

    @Test func `what is found out later counts, and a mandate that it does not carry any more is said to have ended`()
        async throws
    {
        let bench = try RuleBench()
        let proposed = try await Self.proposal(bench)
        _ = try await Self.grant(bench, in: proposed.run)
        try await bench.agency.file(
            false,
            of: .goals("p1"),
            in: "r-1",
            by: Bench.person,
            reason: "it was taken back on Tuesday"
        )
        let next = try await bench.carry()
        #expect(next.choices.allSatisfy { $0.choice.mandate == nil })
        #expect(next.withdrawnMandates.map(\.cause) == [.boundFell])
        #expect(try await bench.agency.mandates().first?.evidence.failures == 1)
    }

    @Test func `a grant that no desk of the run has signed lets nothing be chosen`() async throws {
        let bench = try RuleBench()
        let proposed = try await Self.proposal(bench)
        let event = try #require(proposed.proposedMandate)
        let mandate = ChoiceMandate(
            id: Nonces.random(),
            run: proposed.run,
            evidence: event.evidence,
            work: event.work,
            cast: event.cast,
            terms: event.terms,
            untilMilliseconds: .max
        )
        let elsewhere = try RuleBench.desk("elsewhere")
        let forged = GrantedMandate(
            mandate: mandate,
            person: "chooser",
            key: try RuleBench.desk("here").key.id,
            signature: try elsewhere.signature(of: mandate, by: "chooser")
        )
        var state = proposed
        state.apply(
            RecordedEvent(
                sequence: state.sequence + 1,
                atMilliseconds: bench.clock.nowMilliseconds,
                event: .mandateGranted(MandateGranted(granted: forged, identifiedBy: "nobody", reason: "r"))
            )
        )
        #expect(state.grantedMandates.isEmpty && state.anomalies.count == 1)

        // And a choice that claims a mandate which was not shown counts as none.
        var waiting = try await bench.carry(choosing: false)
        let sheet = try #require(waiting.sheet)
        let choice = Choice(
            verdict: .option("p1"),
            person: "mandate of nobody",
            identifiedBy: "rule",
            reason: "r",
            shown: sheet.digest,
            expiresAtMilliseconds: bench.clock.nowMilliseconds + 1000,
            mandate: mandate.id
        )
        let signature = try RuleBench.desk("here").signature(
            of: choice,
            in: waiting.run,
            revision: sheet.revision ?? 0,
            nonce: waiting.nonce ?? ""
        )
        waiting.apply(
            RecordedEvent(
                sequence: waiting.sequence + 1,
                atMilliseconds: bench.clock.nowMilliseconds,
                event: .choiceRecorded(ChoiceRecorded(choice: choice, signature: signature))
            )
        )
        #expect(waiting.choice == nil && waiting.anomalies.count == 1)
    }
}
