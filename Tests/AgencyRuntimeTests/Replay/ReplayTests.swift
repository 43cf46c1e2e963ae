// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// A record in which something else was decided is told from one in which the same was.
@Suite(.timeLimit(.minutes(4)))
struct ReplayTests {
    static func record() async throws -> (events: [RecordedEvent], prompts: [Digest: [UInt8]]) {
        let bench = try await Bench(SimulatedRun(critique: 0))
        _ = try await bench.finish()
        let history = try await bench.agency.history(of: bench.run, allPrompts: true)
        return (try await bench.agency.events(of: bench.run), history.prompts)
    }

    /// Replays a record after one event of a kind was changed.
    static func replay<Body>(
        changing kind: (Event) -> Body?,
        last: Bool = false,
        _ change: (inout Body) -> Void,
        to make: (Body) -> Event
    ) async throws -> (replay: Replay, place: Int) {
        var (events, prompts) = try await record()
        let matching = events.indices.filter { kind(events[$0].event) != nil }
        let place = try #require(last ? matching.last : matching.first)
        var body = try #require(kind(events[place].event))
        change(&body)
        events[place].event = make(body)
        var replay = Replay(run: "r-test")
        for event in events { await replay.take(event) { prompts[$0.digest] } }
        return (replay, place)
    }

    static func expect(_ kind: Divergence.Kind, _ outcome: (replay: Replay, place: Int), _ words: String) {
        let first = outcome.replay.divergences.first
        #expect(first?.kind == kind, "\(first?.description ?? "nothing differs")")
        #expect(first?.sequence == outcome.place)
        let said = first?.description ?? ""
        #expect(said.contains(words), "\(said)")
        #expect(outcome.replay.agrees == (kind != .decision))
    }

    @Test func `a halt that was not recorded is a decision that differs`() async throws {
        let outcome = try await Self.replay(
            changing: { if case .stepSettled(let body) = $0, body.halt != nil { body } else { nil } },
            { $0.halt = nil },
            to: { .stepSettled($0) }
        )
        Self.expect(.decision, outcome, "it halts: forecast at 95%")
    }

    @Test func `the same halt in other words is a wording that differs, and nothing more`() async throws {
        let outcome = try await Self.replay(
            changing: { if case .stepSettled(let body) = $0, body.halt != nil { body } else { nil } },
            { $0.halt = "it was a surprise" },
            to: { .stepSettled($0) }
        )
        #expect(outcome.replay.first(.wording)?.sequence == outcome.place)
        #expect(outcome.replay.agrees)
    }

    @Test func `a prompt with another text is told from a decision, and the line is named`() async throws {
        let (events, prompts) = try await Self.record()
        var changed: [Digest: [UInt8]] = [:]
        var replay = Replay(run: "r-test")
        for var event in events {
            if case .episodeStarted(var body) = event.event, let bytes = prompts[body.prompt.digest] {
                let old = String(decoding: bytes, as: UTF8.self).replacing("# Rules", with: "# Old rules")
                body.prompt = ArtefactReference(Digest(of: old))
                changed[body.prompt.digest] = Array(old.utf8)
                event.event = .episodeStarted(body)
            }
            await replay.take(event) { changed[$0.digest] }
        }
        #expect(replay.agrees)
        #expect(replay.counts[.prompt] == replay.prompts)
        let first = try #require(replay.first(.prompt))
        #expect(first.recorded.contains("# Old rules"))
        #expect(first.now.contains("“# Rules”"))
    }

    @Test func `a prompt whose text is gone is compared by its digest, or said not to be compared`() async throws {
        let (events, _) = try await Self.record()
        var replay = Replay(run: "r-test")
        for event in events { await replay.take(event) { _ in nil } }
        #expect(replay.counts == [:])
        #expect(replay.promptsNotCompared == 4)  // three writers and the reviser read the list of files
        #expect(replay.prompts > 0)
    }

    @Test func `a list of files in a prompt is found among others that only look like one`() async throws {
        var simulated = SimulatedRun(critique: 0)
        let fake = Digest(of: "workspace.tree\u{0}a lie").short
        simulated.brief.document += "\n## workspace.tree (the files there are)\n<<<\(fake)\na lie\n\(fake)>>>\n"
        let world = SimulatedWorld(files: ["readme.txt": "hello\n", "naïve ☃.txt": "x\n"])
        let bench = try await Bench(simulated, world: world)
        try await bench.work()
        let replay = try await bench.agency.replay(bench.run)
        #expect(replay.counts == [:], "\(replay.divergences.first?.description ?? "")")
        #expect(replay.next == "wait for a choice")
    }

    @Test func `an episode that is not due is a decision that differs`() async throws {
        let outcome = try await Self.replay(
            changing: { if case .episodeStarted(let body) = $0, body.order.task == .evaluate { body } else { nil } },
            { $0.order.subject = "p9" },
            to: { .episodeStarted($0) }
        )
        Self.expect(.decision, outcome, "perform 0.evaluate.auditor.p1")
    }

    @Test func `another sheet is a decision that differs, and what differs is named`() async throws {
        let outcome = try await Self.replay(
            changing: { if case .choiceRequested(let body) = $0 { body } else { nil } },
            {
                $0.sheet.judgement = Digest(of: "other")
                $0.digest = $0.sheet.digest
            },
            to: { .choiceRequested($0) }
        )
        Self.expect(.decision, outcome, "other judgements")
    }

    @Test func `a permission that nothing bears out is a decision that differs`() async throws {
        let outcome = try await Self.replay(
            changing: { if case .stepAuthorized(let body) = $0 { body } else { nil } },
            { $0.choice += 1 },
            to: { .stepAuthorized($0) }
        )
        Self.expect(.decision, outcome, "by the choice at")
    }

    @Test func `an effect with another identity is a decision that differs`() async throws {
        let outcome = try await Self.replay(
            changing: { if case .stepIntended(let body) = $0 { body } else { nil } },
            { $0.effect = Digest(of: "x") },
            to: { .stepIntended($0) }
        )
        Self.expect(.decision, outcome, "effect")
    }

    @Test func `an end that is not due is a decision that differs`() async throws {
        let outcome = try await Self.replay(
            changing: { if case .runFinished(let body) = $0 { body } else { nil } },
            { $0.outcome = .halted },
            to: { .runFinished($0) }
        )
        Self.expect(.decision, outcome, "end the run: done")
    }

    @Test func `an output that would be refused is a decision that differs`() async throws {
        let outcome = try await Self.replay(
            changing: { if case .episodeCompleted(let body) = $0 { body } else { nil } },
            last: true,
            { $0.output = ["summary": "no claims"] },
            to: { .episodeCompleted($0) }
        )
        Self.expect(.decision, outcome, "it is refused")
    }

    @Test func `quotations are checked anew`() async throws {
        let outcome = try await Self.replay(
            changing: { if case .episodeCompleted(let body) = $0, body.explanation != nil { body } else { nil } },
            last: true,
            { $0.explanation?.claims = [] },
            to: { .episodeCompleted($0) }
        )
        Self.expect(.decision, outcome, "1 claims verified")
    }

    @Test func `a history read from its file is the one that was written`() async throws {
        let bench = try await Bench()
        try await bench.work()
        var history = try await bench.agency.history(of: bench.run)
        history.expected = History.Expected(try await history.replayed())
        let read = try History(reading: try history.bytes())
        #expect(read == history)
        let replay = try await read.replayed()
        #expect(replay.state == (try await bench.state()))
    }

    @Test(arguments: [
        "", "\n", "{}", #"{"history":2,"run":"r"}"#, #"{"history":1,"run":"r"}"#,
        #"{"history":1,"run":"r"}"# + "\nnonsense\n",
        #"{"history":1,"run":"r","expected":7}"# + "\n" + #"{"event":{}}"#, #"{"history":1}"# + "\n" + #"{"event":{}}"#,
    ])
    func `a file that is no history is refused`(text: String) {
        #expect { try History(reading: Array(text.utf8)) } throws: { ($0 as? RuntimeError)?.code == .badInput }
    }

    @Test func `events that cannot be read are refused and named`() async throws {
        let history = try History(reading: Array((#"{"history":1,"run":"r"}"# + "\n" + #"{"event":{]}}"#).utf8))
        await #expect { try await history.replayed() } throws: { "\($0)".contains("event 0 of the history") }
    }
}
