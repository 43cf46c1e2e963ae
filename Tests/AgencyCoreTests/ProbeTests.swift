// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// Probes: fixed questions to a role, each in an episode of its own.
@Suite struct ProbeTests {
    private static let ids = [
        "0.probe.auditor.colour.1", "0.probe.auditor.colour.2", "0.probe.auditor.name.1", "0.probe.auditor.name.2",
    ]
    private static let blue: JSONValue = ["stance": "answer", "answer": "blue", "probability": 0.7]

    @Test func `every question is put every time, and what comes back in any order is read in one`() {
        var history = ProbeHistory()
        let orders = history.state.agendaOrders
        #expect(orders.map(\.id.rawValue) == Self.ids)
        #expect(orders.map(\.probe?.time) == [1, 2, 1, 2])
        for order in orders { history.begin(order) }
        history.answer(orders[2], ["stance": "unsure", "answer": ""])
        history.answer(orders[1], Self.blue)
        history.fail(orders[3])
        #expect(history.state.finished == nil && history.state.agendaOrders == [orders[0]])
        history.answer(orders[0], ["stance": "answer", "answer": "red", "probability": nil])
        #expect(history.state.probes.map(\.episode.rawValue) == [Self.ids[0], Self.ids[1], Self.ids[2]])
        #expect(history.state.probes.map(\.stance) == [.answer, .answer, .unsure])
        #expect(history.state.probes.map(\.probability) == [nil, 0.7, nil])
        guard case .finish(let end) = history.state.agenda() else {
            Issue.record("it should be at its end, and is at \(history.state.agenda())")
            return
        }
        #expect(end == RunFinished(outcome: .done, summary: "3 answers of 4"))
        history.record(.runFinished(end))
        #expect(history.state.status == .finished && history.state.anomalies == [])
    }

    @Test func `without a single answer nothing is reached, and only what is due is begun`() {
        var history = ProbeHistory()
        let orders = history.state.agendaOrders
        for order in orders { history.begin(order) }
        for order in orders { history.fail(order) }
        guard case .finish(let end) = history.state.agenda() else {
            Issue.record("it should be at its end")
            return
        }
        #expect(end.outcome == .unmet && end.summary == "0 answers of 4")
        var other = ProbeHistory()
        for (question, time) in [("colour", 3), ("colour", 0), ("size", 1)] {
            let asked = EpisodeOrder.Asked(question: question, time: time)
            let id = EpisodeID("0.probe.auditor.\(question).\(time)")
            other.begin(EpisodeOrder(id: id, role: "auditor", task: .probe, probe: asked))
        }
        #expect(other.state.anomalies.count == 3 && other.state.episodes.isEmpty)
    }

    @Test func `a probed role is given its instructions and the question, and never the answer`() throws {
        var started = ProbeHistory.started()
        started.brief.document = "brief-\(ProbeHistory.canary)"
        started.tools = SimulatedWorld.manifests
        started.architecture.roles[0].tools = ["notes.read"]
        started.architecture.roles[0].reads.append(.tree)
        started.architecture.roles[0].sketch = "sketch-\(ProbeHistory.canary)"
        let state = ProbeHistory(started).state
        for order in state.agendaOrders {
            let prompt = try #require(Prompt(for: order, in: state, tree: "tree-\(ProbeHistory.canary)"))
            let text = prompt.messages.map(\.text).joined() + prompt.output.json.canonicalText
            #expect(!text.contains(ProbeHistory.canary), "\(text)")
            #expect(text.contains("Do the work of the auditor."))
            let question = try #require(state.probeQuestion(of: order))
            #expect(text.contains(question.text) && !text.contains("notes.read"))
            let others = ProbeHistory.questions.filter { $0.id != question.id }
            #expect(others.allSatisfy { !text.contains($0.text) })
            #expect(order.tools(among: started.tools).isEmpty)
            let stored = prompt.storedBytes(
                role: started.architecture.roles[0],
                tools: order.tools(among: started.tools)
            )
            #expect(try JSONValue(parsing: stored)["tools"] == [])
        }
    }

    @Test(
        arguments: [
            (["stance": "answer", "answer": "blue"], true), (["stance": "answer", "answer": "green"], false),
            (["stance": "answer", "answer": ""], false), (["stance": "refuse", "answer": ""], true),
            (["stance": "guess", "answer": "blue"], false),
            (["stance": "unsure", "answer": "", "probability": nil], true),
            (["stance": "answer", "answer": "red", "probability": 1.5], false), (["answer": "red"], false),
        ] as [(JSONValue, Bool)]
    )
    func `an answer is one of the choices, or none with another stance`(output: JSONValue, isRight: Bool) throws {
        let state = ProbeHistory().state
        let order = try #require(state.agendaOrders.first)
        let prompt = try #require(Prompt(for: order, in: state, tree: nil))
        let role = try #require(state.architecture?.roles.first)
        let faults = prompt.output.validate(output) + order.faults(in: output, role: role, tools: [], options: [])
        #expect(faults.isEmpty == isRight, "\(faults)")
    }

    @Test func `a vote compares stances and answers, and nothing else`() throws {
        let policy = VotePolicy(.majority(of: 3, atMost: 3), sameWhen: [try #require(JSONPointer("/plan"))])
        func key(_ output: JSONValue) -> Digest? { policy.answer(of: output, to: .probe) }
        #expect(key(Self.blue) == key(["stance": "answer", "answer": "blue", "probability": 0.1]))
        #expect(key(Self.blue) != key(["stance": "answer", "answer": "red"]))
        #expect(key(["stance": "refuse", "answer": "because"]) == key(["stance": "refuse", "answer": ""]))
        #expect(key(["stance": "refuse", "answer": ""]) != key(["stance": "unsure", "answer": ""]))
        #expect(key(["answer": "blue"]) == nil)
        #expect(policy.answer(of: Self.blue, to: .evaluate) == nil)
    }

    @Test func `what was recorded before there were probes has the digests that it had`() throws {
        let brief = SimulatedRun().brief
        #expect(try JSONValue(encoding: brief)["questions"] == nil)
        let order = EpisodeOrder(id: "x", role: "auditor", task: .evaluate)
        #expect(try JSONValue(encoding: order).object?.keys.sorted() == ["id", "narrative", "role", "task"])
        var history = History(SimulatedRun(critique: 0))
        history.step()
        #expect(history.state.probes.isEmpty)
        var probe = ProbeHistory()
        let before = probe.state.digest
        for order in probe.state.agendaOrders { probe.begin(order) }
        #expect(probe.state.digest != before)
        let json = try JSONValue(encoding: ProbeHistory.started())
        #expect(try json.decode(RunStarted.self) == ProbeHistory.started())
    }

    @Test func `a replay finds every decision and every prompt as it was`() async throws {
        var history = ProbeHistory()
        history.finish { _ in Self.blue }
        // The second question has no choices, so that any text is an answer to it.
        var replay = Replay(run: history.state.run)
        for event in history.events { await replay.take(event) { _ in nil } }
        #expect(replay.counts[.decision] == nil && replay.prompts == 4)
    }

    @Test func `the worst case is known before the start, and a probe is a flow of its own`() throws {
        let architecture = ProbeHistory.started(times: 5).architecture
        let brief = Brief(name: "b", title: "t", goals: [], questions: ProbeHistory.questions)
        #expect(architecture.faults().isEmpty && architecture.faults(for: brief).isEmpty)
        let bounds = architecture.bounds(for: brief, profiles: [])
        #expect(bounds.episodes == 10 && bounds.calls == 30 && bounds.effects == 0)
        #expect(bounds.tokens == 10 * Limits.tokensPerEpisode)
        #expect(architecture.loops.contains { $0.what == "answers to each question" && $0.most == 5 })
        let voted = ProbeHistory.started(times: 5, vote: VotePolicy(.majority(of: 3, atMost: 3))).architecture
        #expect(voted.bounds(for: brief, profiles: []).calls == 30)
        #expect(architecture.faults(for: SimulatedRun().brief).map(\.rule) == [.missingPart])

        func rules(_ change: (inout Architecture) -> Void) -> Set<Rule> {
            var changed = architecture
            change(&changed)
            return Set(changed.faults().map(\.rule))
        }
        #expect(rules { $0.flow = [.probe(role: "auditor", times: 0)] } == [.noBound])
        #expect(rules { $0.flow = [.probe(role: "auditor", times: 101)] } == [.noBound])
        #expect(rules { $0.flow = [.probe(role: "nobody", times: 1)] }.contains(.unknownReference))
        #expect(rules { $0.flow.append(.choose(expires: 3600, returns: 1)) }.contains(.flowOrder))
        #expect(rules { $0.flow.append(.probe(role: "auditor", times: 1)) }.contains(.flowOrder))
        #expect(rules { $0.roles[0].vote = VotePolicy(.verified(by: "v", atMost: 3)) }.contains(.misplacedPart))
    }

    @Test func `the prompt of a role is the same whether it is probed or works, and its verifier is left out`() {
        var board = SimulatedRun().architecture
        let index = board.roles.firstIndex { $0.name == "auditor" } ?? 0
        board.roles[index].vote = VotePolicy(.verified(by: "critic", atMost: 3))
        let probing = board.probing("auditor", times: 3)
        #expect(probing?.name == board.name && probing?.roles.count == 1)
        #expect(probing?.roles[0].prompt == board.roles[index].prompt && probing?.roles[0].vote == nil)
        #expect(board.probing("keeper", times: 3) == nil && board.probing("nobody", times: 3) == nil)
    }

    @Test(
        arguments: [
            ([], [.outOfLimits]), ([ProbeQuestion(id: "Bad Name", text: "t")], [.badName]),
            ([ProbeQuestion(id: "a", text: "t"), ProbeQuestion(id: "a", text: "u")], [.duplicate]),
            ([ProbeQuestion(id: "a", text: " ")], [.missingPart]),
            ([ProbeQuestion(id: "a", text: "t", choices: ["one"])], [.outOfLimits]),
            ([ProbeQuestion(id: "a", text: "t", choices: ["one", "one"])], [.duplicate]),
            ([ProbeQuestion(id: "a", text: "t", choices: ["one", ""])], [.missingPart]),
            ([ProbeQuestion(id: "a", text: "t", choices: ["b", "c"], right: "d")], [.unknownReference]),
            ([ProbeQuestion(id: "a", text: "t", right: " ")], [.missingPart]), (ProbeHistory.questions, []),
        ] as [([ProbeQuestion], [Rule])]
    )
    func `questions have names of their own, and the right answer is one of the choices`(
        questions: [ProbeQuestion],
        rules: [Rule]
    ) {
        #expect(questions.faults().map(\.rule) == rules)
    }

    @Test func `right is a choice to the letter, or a text whatever its case`() {
        func isRight(_ question: ProbeQuestion, _ answer: String, _ stance: ProbeAnswer.Stance = .answer) -> Bool? {
            question.isRight(
                ProbeAnswer(question: question.id, time: 1, stance: stance, answer: answer, episode: "e")
            )
        }
        let (choice, text) = (ProbeHistory.questions[0], ProbeQuestion(id: "a", text: "t", right: "Lima"))
        #expect(isRight(choice, "blue") == true && isRight(choice, "Blue") == false)
        #expect(isRight(choice, "blue", .unsure) == false)
        #expect(isRight(text, " lima\n") == true && isRight(text, "Lima, Peru") == false)
        #expect(isRight(ProbeQuestion(id: "a", text: "t"), "x") == nil)
        #expect(choice.asked != ProbeQuestion(id: "colour", text: choice.text).asked)
        #expect(choice.asked == ProbeQuestion(id: "b", text: choice.text, choices: choice.choices).asked)
    }
}
