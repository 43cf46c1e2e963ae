// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencySchema
import Foundation
import Testing

struct ProvenanceTests {
    private func provenance(_ fixture: Fixture) -> ProvenanceReport {
        ProvenanceReport(state: fixture.state, events: fixture.events)
    }

    @Test func `a verified claim is followed over the quoted record and its author to the brief`() throws {
        let fixture = try Fixture.waiting()
        let explanation = try #require(fixture.state.explanation)
        let claim = try #require(
            explanation.claims.first { $0.citations.contains { $0.found && $0.record.hasPrefix("evaluation/") } }
        )
        let html = provenance(fixture).origin(of: claim, in: explanation).source
        #expect(MarkupCheck(html).faults == [])
        // The explainer, the evaluator that it quotes, the proposer of what that judged, and the person who asked.
        let way = [
            "claimed by ", ">0.explain.explainer</a>", "✓ quotes", ">0.evaluate.auditor.p2</a>",
            "untrusted text can have reached it: sqlite.query → auditor", ">proposal/p2</code>",
            ">0.refine.migrator.p2.1</a>", ">0.propose.migrator.2</a>",
            "workspace.tree</code> from the workspace /srv/orders",
        ]
        for piece in way { #expect(html.contains(piece), "\(piece)") }
        #expect(html.contains("brief</code> by uid 1000, event 0"))
    }

    @Test func `a claim that cites nothing, and a quotation that is not there, are told as such`() throws {
        let fixture = try Fixture.waiting()
        let explanation = try #require(fixture.state.explanation)
        let uncited = try #require(explanation.claims.first { $0.standing == .uncited })
        let html = provenance(fixture).origin(of: uncited, in: explanation).source
        #expect(html.contains("It quotes nothing"))
        #expect(html.contains("brief, proposal/p1, proposal/p2, proposal/p3"))
        let asserted = try #require(explanation.claims.first { $0.standing == .asserted })
        #expect(provenance(fixture).origin(of: asserted, in: explanation).source.contains("? does not quote"))
    }

    @Test func `what an episode is said to have read is what its conversation holds`() throws {
        let fixture = try Fixture.whole()
        var state = RunState(run: fixture.state.run)
        let report = provenance(fixture)
        var compared = 0
        for recorded in fixture.events {
            defer { state.apply(recorded) }
            guard case .episodeStarted(let event) = recorded.event else { continue }
            let prompt = try #require(Prompt(for: event.order, in: state, tree: "orders.db"))
            let given = prompt.messages.flatMap { StoredInput.pieces(of: $0.text) }.compactMap { piece in
                if case .input(let input) = piece { input.label } else { nil }
            }
            let told = report.inputs(of: event.order.id)
            #expect(told == given, "\(event.order.id)")
            compared += given.count
        }
        #expect(compared > 60)
    }

    @Test func `the values of a step are followed to the plan that has them, and what fills a hole to what was shown`()
        throws
    {
        let report = provenance(try Fixture.filled())
        #expect(report.arguments(of: 0) == ["sql"])
        let first = report.origin(ofArgument: "sql", inTry: 0).source
        #expect(first.contains("It was written into the plan of <code>p1</code>"))
        #expect(first.contains("could be written by "))
        let second = report.origin(ofArgument: "total", inTry: 1).source
        #expect(MarkupCheck(second).faults == [])
        #expect(second.contains("It is copied from what step s1 (sqlite.query) showed, field <code>output</code>"))
        #expect(second.contains("could be written by anyone"))
        // What was shown comes from what the tool was given.
        #expect(second.contains("<code>sql</code> = "))
        #expect(report.origin(ofArgument: "none", inTry: 0).source.isEmpty)
        #expect(report.origin(ofArgument: "sql", inTry: 9).source.isEmpty)
    }

    @Test func `hostile text in what is followed stays text, and the same run gives the same bytes`() throws {
        let fixture = try Fixture.whole(mark: ReportTests.hostile)
        let report = provenance(fixture)
        let explanation = try #require(fixture.state.explanation)
        let all =
            explanation.claims.map { report.origin(of: $0, in: explanation) }
            + fixture.state.enactment.trials.indices.map { report.origins(ofTry: $0) }
            + fixture.state.proposals.keys.sorted().map { report.origin(of: $0) }
        let html = tag("div") { Markup(joining: all) }.source
        let check = MarkupCheck(html)
        #expect(check.faults == [])
        #expect(check.elements["script"] == nil && check.elements["img"] == nil)
        #expect(html.contains("&lt;script&gt;"))
        #expect(!html.unicodeScalars.contains("\u{202E}"))
        let again = ProvenanceReport(state: fixture.state, events: fixture.events)
        #expect(
            explanation.claims.map { again.origin(of: $0, in: explanation).source }
                == all.prefix(explanation.claims.count).map(\.source)
        )
    }

    @Test func `without events nothing is said that is not known`() throws {
        let fixture = try Fixture.waiting()
        let explanation = try #require(fixture.state.explanation)
        let html = ProvenanceReport(state: fixture.state, events: []).origin(of: explanation.claims[0], in: explanation)
        #expect(html.source.contains("by an episode that the events do not tell"))
    }
}
