// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// What becomes of outputs that do not fit, and of performers that give none.
@Suite(.timeLimit(.minutes(4)))
struct OutputTests {
    static let simulated = SimulatedRun(critique: 0)
    static let first: EpisodeID = "0.propose.writer.1"

    static func bench(_ queues: [EpisodeID: [ScriptedPerformer.Answer]]) async throws -> Bench {
        try await Bench(simulated, performer: simulated.makePerformer(queues: queues))
    }

    @Test(arguments: [
        ("no JSON at all", "not one JSON value"),
        (#"{"title": "x"}"#, "is missing"),
        (#"{"title":"t","summary":"s","assumptions":[],"steps":[],"dissent":null}"#, "fewer than 1"),
    ])
    func `an output that does not fit is sent back with the fault`(text: String, fault: String) async throws {
        let bench = try await Self.bench([Self.first: [.text(text)]])
        let state = try await bench.work()
        let requests = bench.performer.requests(of: Self.first)
        #expect(requests.count == 2)
        #expect(requests[1].turn == 1)
        #expect(requests[1].messages.last?.text.contains(fault) == true)
        #expect(state.episodes[Self.first]?.status == .completed)
        #expect(state.episodes[Self.first]?.usage.calls == 2)
    }

    @Test func `a plan that refers to what is not there is sent back with a pointer to the place`() async throws {
        var steps = SimulatedRun.steps(first: "a", second: "b", third: "c", forecast: 1)
        steps[1].after = ["s9"]
        steps[2].action = Action(tool: "notes.write", arguments: ["file": "a.txt"])
        let bench = try await Self.bench([Self.first: [.output(SimulatedRun.proposal("Dangling", steps))]])
        try await bench.work()
        let sent = try #require(bench.performer.requests(of: Self.first).last?.messages.last?.text)
        #expect(sent.contains("/steps/1/after: there is no step “s9”"))
        #expect(sent.contains("/steps/2/action/arguments: “path” is missing"))
    }

    @Test func `a step with a tool that only looks is sent back`() async throws {
        var steps = SimulatedRun.steps(first: "a", second: "b", third: "c", forecast: 1)
        steps[2].action = Action(tool: "notes.read", arguments: ["path": "a.txt"])
        let bench = try await Self.bench([Self.first: [.output(SimulatedRun.proposal("Idle", steps))]])
        try await bench.work()
        let sent = try #require(bench.performer.requests(of: Self.first).last?.messages.last?.text)
        #expect(sent.contains("/steps/2/action/tool"))
    }

    @Test func `after its repairs an episode is recorded as failed, and the others go on`() async throws {
        let bench = try await Self.bench([Self.first: [.text("no"), .text("no"), .text("no"), .text("no")]])
        let state = try await bench.work()
        #expect(bench.performer.requests(of: Self.first).count == 3)
        #expect(state.failureCode(Self.first) == "invalid-output")
        #expect(state.options.map(\.id) == ["p2", "p3"])
        #expect(state.agenda() == .wait(.choice))
    }

    @Test func `an evaluation that fails is no low score`() async throws {
        let failing: [ScriptedPerformer.Answer] = [.text("x"), .text("y"), .text("z")]
        let bench = try await Self.bench(["0.evaluate.auditor.p1": failing])
        let state = try await bench.work()
        #expect(state.failureCode("0.evaluate.auditor.p1") == "invalid-output")
        #expect(state.evaluations.count == 5)
        #expect(!state.evaluations.contains { $0.role == "auditor" && $0.proposal == "p1" })
    }

    @Test func `a refusal is recorded in the performer's words and not asked again`() async throws {
        let bench = try await Self.bench([Self.first: [.failure(PerformerError(.refusal, "I would rather not"))]])
        let state = try await bench.work()
        #expect(bench.performer.requests(of: Self.first).count == 1)
        #expect(state.episodes[Self.first]?.status == .failed(code: "refusal", message: "I would rather not"))
    }

    @Test func `when every proposer fails the run stalls, and tries again when it is let go on`() async throws {
        let no = ScriptedPerformer.Answer.failure(PerformerError(.refusal, "no"))
        let bench = try await Self.bench([
            "0.propose.writer.1": [no], "0.propose.writer.2": [no], "0.propose.writer.3": [no],
        ])
        let stalled = try await bench.work()
        guard case .wait(.stalled(let why)) = stalled.agenda() else {
            Issue.record("not stalled: \(stalled.whereabouts)")
            return
        }
        #expect(why.contains("refusal"))
        #expect(try await bench.work().agenda() == stalled.agenda())
        #expect(bench.performer.requests.count == 3)
        try await bench.agency.letGoOn(bench.run, by: Bench.person)
        let state = try await bench.work()
        #expect(state.agenda() == .wait(.choice))
        #expect(state.options.count == 3)
        #expect(state.anomalies.isEmpty)
    }

    @Test func `an unreachable performer leaves the run to be resumed, with what the others wrote`() async throws {
        let down = ScriptedPerformer.Answer.failure(PerformerError(.unreachable, "no route", retry: .later(nil)))
        let bench = try await Self.bench([Self.first: [down]])
        await #expect(throws: PerformerError.self) { try await bench.work() }
        let left = try await bench.state()
        #expect(left.options.map(\.id) == ["p2", "p3"])
        #expect(left.failedEpisodes.isEmpty)
        let state = try await bench.work()
        #expect(state.options.map(\.id) == ["p1", "p2", "p3"])
        #expect(bench.performer.requests(of: "0.propose.writer.2").count == 1)
        #expect(bench.performer.requests(of: Self.first).count == 2)
    }

    /// A tool that takes anything lets whatever a performer writes through to the record.
    static var looseTools: [ToolManifest] {
        SimulatedWorld.manifests.map { tool in
            var tool = tool
            if tool.name == "notes.count" { tool.parameters = JSONSchema(["type": "object"]) }
            return tool
        }
    }

    static func counting(_ extra: String) throws -> String {
        let step = """
            {"id": "s1", "intent": "count", "action": {"tool": "notes.count", "arguments": {"path": "a", "x": \(extra)}},
            "forecasts": [], "reversibility": "reversible", "stakes": "low", "after": []}
            """
        return #"{"title": "t", "summary": "s", "assumptions": [], "dissent": null, "steps": ["# + step + "]}"
    }

    @Test func `an output nested too deeply to be kept is sent back and never stored`() async throws {
        let deep = String(repeating: "[", count: 123) + String(repeating: "]", count: 123)
        let performer = Self.simulated.makePerformer(queues: [Self.first: [.text(try Self.counting(deep))]])
        let bench = try await Bench(Self.simulated, performer: performer, tools: Self.looseTools)
        try await bench.work()
        #expect(bench.performer.requests(of: Self.first).last?.messages.last?.text.contains("nested deeper") == true)
        #expect(try await bench.another.state(of: bench.run).options.count == 3)
    }

    @Test func `an option nested too deeply to be kept is refused`() async throws {
        let bench = try await Bench(Self.simulated, tools: Self.looseTools)
        try await bench.work()
        let deep = (0..<125).reduce(JSONValue.null) { inner, _ in [inner] }
        let action = Action(tool: "notes.count", arguments: ["path": "a", "x": deep])
        let plan = Plan(steps: [Step(id: "s1", intent: "count", action: action)])
        await #expect {
            _ = try await bench.agency.addOption(
                plan,
                title: "deep",
                from: "p1",
                to: bench.run,
                by: Bench.person,
                reason: "r"
            )
        } throws: {
            ($0 as? RuntimeError)?.code == .badInput
        }
        #expect(try await bench.another.state(of: bench.run).options.count == 3)
    }

    @Test func `a number written with a fraction of zero is the same to a worker and to the record`() async throws {
        let performer = Self.simulated.makePerformer(queues: [Self.first: [.text(try Self.counting("1.0"))]])
        let bench = try await Bench(Self.simulated, performer: performer, tools: Self.looseTools)
        let state = try await bench.work()
        #expect(state.proposals["p1"]?.plan.steps.first?.action.tool == "notes.count")
        let isSame = try await bench.another.state(of: bench.run) == state
        #expect(isSame)
    }

    @Test func `a performer that reports less than nothing earns no credit`() async throws {
        let text = Self.simulated.output(of: Self.first).compactText
        let usage = Usage(inputTokens: -1_000_000, outputTokens: .min, money: Money(microdollars: -5), calls: -3)
        let turn = Turn(text: text, usage: usage, performer: "generous")
        let bench = try await Self.bench([Self.first: [.turn(turn)]])
        let state = try await bench.work()
        #expect(state.episodes[Self.first]?.usage == Usage())
    }

    @Test func `a dissent in any output stands beside the options`() async throws {
        let steps = SimulatedRun.steps(first: "first", second: "b", third: "third", forecast: 1)
        let output = SimulatedRun.proposal("With a doubt", steps, dissent: "The goal itself is wrong.")
        let bench = try await Self.bench([Self.first: [.output(output)]])
        let state = try await bench.work()
        #expect(state.dissents.contains { $0.role == "writer" && $0.statement == "The goal itself is wrong." })
    }
}
