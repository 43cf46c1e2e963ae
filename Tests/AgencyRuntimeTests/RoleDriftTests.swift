// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// Probes on the ledger, and what they come to at a choice.
@Suite struct RoleDriftTests {
    private static let questions = (1...8).map {
        ProbeQuestion(id: "q\($0)", text: "Is case \($0) safe?", choices: ["yes", "no"], right: "yes")
    }

    /// Who answers probes with a word, and works as everybody does.
    private static func performer(_ bench: RuleBench, as name: String, says answer: String) -> ScriptedPerformer {
        let usual = bench.performer(as: name)
        return ScriptedPerformer(about: name) { request in
            guard request.episode.rawValue.hasPrefix("0.probe.") else {
                return .turn(try await usual.respond(to: request))
            }
            return .output(["stance": "answer", "answer": .string(answer), "probability": 0.9])
        }
    }

    private static func probe(_ bench: RuleBench, _ performer: ScriptedPerformer) async throws -> RunState {
        bench.clock.advance(by: .seconds(1))
        let architecture = try #require(bench.simulated.architecture.probing("auditor", times: 3))
        let brief = Brief(name: "probe-auditor", title: "Probe", goals: [], questions: questions)
        let cast = Cast(everyone: performer, in: architecture)
        let run = try await bench.agency.start(brief, with: architecture, cast: cast, by: "starter")
        return try await bench.agency.work(on: run, cast: cast)
    }

    @Test func `a probe is a run of its own, whose record and replay are sound`() async throws {
        let bench = try RuleBench(mandate: nil)
        let performer = Self.performer(bench, as: "old", says: "yes")
        let state = try await Self.probe(bench, performer)
        #expect(state.finished?.outcome == .done && state.finished?.summary == "24 answers of 24")
        #expect(state.probes.count == 24 && state.anomalies == [])
        #expect(performer.requests.allSatisfy { $0.tools.isEmpty })
        #expect(try await bench.agency.state(of: state.run) == state)
        #expect(try await bench.agency.replay(state.run).counts == [:])
        #expect(try await bench.store.verify(run: state.run).isSound)
        let probed = RunForecasts(of: state.run, events: try await bench.agency.events(of: state.run)).probed
        #expect(probed.count == 24 && Set(probed.map(\.key.performer)) == ["old"])
    }

    @Test func `a swapped performer is flagged at the next choice, and takes over no record`() async throws {
        for moves in [false, true] {
            let bench = try RuleBench(mandate: nil)
            let old = Self.performer(bench, as: "old", says: "yes")
            let new = Self.performer(bench, as: "new", says: moves ? "no" : "yes")
            for _ in 0..<3 { try await bench.carry(old) }
            _ = try await Self.probe(bench, old)
            let before = try await bench.carry(old, choosing: false)
            #expect(before.records?.evaluators.allSatisfy { $0.drift == nil } == true)
            #expect(before.records?.runs == 3)
            let probe = try await Self.probe(bench, new)
            let after = try await bench.carry(new, choosing: false)
            let auditor = try #require(after.standing(of: "auditor"))
            let saboteur = try #require(after.standing(of: "saboteur"))
            #expect((auditor.drift != nil) == moves && saboteur.drift == nil)
            #expect(auditor.isAdvisory && saboteur.isAdvisory)
            // Both have said and seen the same, so that they differ in what they take over and in nothing else.
            #expect((auditor.expectedBrier > saboteur.expectedBrier + 0.05) == moves)
            guard moves else { continue }
            let words = try #require(auditor.drift)
            #expect(words.contains("new answers otherwise than old") && words.contains("see run \(probe.run)"))
            #expect(after.anomalies == [])
        }
    }

    @Test func `the same name that answers otherwise loses the record that it had`() async throws {
        let bench = try RuleBench(mandate: nil)
        for _ in 0..<2 { try await bench.carry(Self.performer(bench, as: "p", says: "yes")) }
        _ = try await Self.probe(bench, Self.performer(bench, as: "p", says: "yes"))
        let before = try await bench.carry(Self.performer(bench, as: "p", says: "yes"), choosing: false)
        #expect(before.standing(of: "auditor")?.settled == 2)
        _ = try await Self.probe(bench, Self.performer(bench, as: "p", says: "no"))
        let after = try await bench.carry(Self.performer(bench, as: "p", says: "no"), choosing: false)
        #expect(after.standing(of: "auditor")?.drift != nil && after.standing(of: "auditor")?.settled == 0)
        #expect(after.standing(of: "saboteur")?.drift == nil && after.standing(of: "saboteur")?.settled == 2)
        let book = try await bench.agency.records.book().book
        #expect(book.comparisons.map(\.isDrift) == [true])
    }

    @Test func `votes count what is answered and not how sure it is`() async throws {
        let bench = try RuleBench(mandate: nil)
        var architecture = try #require(bench.simulated.architecture.probing("auditor", times: 1))
        architecture.roles[0].vote = VotePolicy(.majority(of: 3, atMost: 3))
        let brief = Brief(name: "probe-auditor", title: "Probe", goals: [], questions: Self.questions)
        let performer = ScriptedPerformer(about: "p") { request in
            let sample = request.episode.rawValue.last.map(String.init) ?? ""
            let answer: JSONValue = sample == "2" ? "no" : "yes"
            return .output(["stance": "answer", "answer": answer, "probability": sample == "1" ? 0.5 : 0.6])
        }
        let cast = Cast(everyone: performer, in: architecture)
        let run = try await bench.agency.start(brief, with: architecture, cast: cast, by: "starter")
        let state = try await bench.agency.work(on: run, cast: cast)
        #expect(state.probes.count == 8 && state.probes.allSatisfy { $0.answer == "yes" })
        #expect(state.episodes.values.allSatisfy { $0.ballot?.votes == 3 || $0.ballot?.samples.count == 2 })
    }

    @Test func `failed answers are missing, and the probe ends all the same`() async throws {
        let bench = try RuleBench(mandate: nil)
        let performer = ScriptedPerformer(about: "p") { request in
            .text(request.episode.rawValue.contains(".q3.") ? "no JSON" : "{\"stance\":\"unsure\",\"answer\":\"\"}")
        }
        let state = try await Self.probe(bench, performer)
        #expect(state.finished?.summary == "21 answers of 24" && state.failedEpisodes.count == 3)
        #expect(state.probes.allSatisfy { $0.question != "q3" && $0.stance == .unsure })
    }
}
