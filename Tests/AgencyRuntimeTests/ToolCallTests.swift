// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// What an episode may look at.
@Suite(.timeLimit(.minutes(4)))
struct ToolCallTests {
    static let simulated = SimulatedRun(critique: 0)
    static let first: EpisodeID = "0.propose.writer.1"

    static func work(_ calls: [ToolCall]) async throws -> (bench: Bench, answers: [Message]) {
        let performer = simulated.makePerformer(queues: [first: [.calls(calls)]])
        let bench = try await Bench(simulated, performer: performer)
        try await bench.work()
        let messages = bench.performer.requests(of: first).last?.messages ?? []
        return (bench, messages.filter { if case .tool = $0 { true } else { false } })
    }

    @Test func `a declared tool that only looks is answered`() async throws {
        let (_, answers) = try await Self.work([
            ToolCall(id: "1", tool: "notes.read", arguments: ["path": "readme.txt"])
        ])
        #expect(answers == [.tool(call: "1", output: "hello\n", isError: false)])
    }

    @Test(arguments: ["notes.write", "notes.append", "notes.count", "shell.run", ""])
    func `a tool that the role does not declare is refused`(tool: String) async throws {
        let call = ToolCall(id: "1", tool: ToolName(tool), arguments: ["path": "readme.txt", "text": "owned"])
        let (bench, answers) = try await Self.work([call])
        #expect(answers == [.tool(call: "1", output: "there is no tool “\(tool)” for this role", isError: true)])
        #expect(bench.world.looks.isEmpty)
        #expect(bench.world.files == ["readme.txt": "hello\n"])
    }

    @Test func `a tool that changes something is refused even when the role declares it`() async throws {
        var simulated = Self.simulated
        simulated.architecture.roles[0].tools = ["notes.write", "notes.count", "notes.read"]
        let call = ToolCall(id: "1", tool: "notes.write", arguments: ["path": "readme.txt", "text": "owned"])
        let performer = simulated.makePerformer(queues: [Self.first: [.calls([call])]])
        // An architecture like this is refused at the start; a worker does not rely on that.
        let store = InMemoryLedgerStore()
        let clock = SteppedClock()
        let event = RecordedEvent(sequence: 0, atMilliseconds: 1, event: .runStarted(simulated.started("r-test")))
        _ = try await store.append(
            [try event.storedBytes()],
            artefacts: [],
            to: "r-test",
            after: Head(emptyRun: "r-test"),
            row: nil
        )
        let world = simulated.makeWorld()
        let cast = Cast(everyone: performer, in: simulated.architecture)
        _ = try await Bench.agency(store, clock).work(on: "r-test", cast: cast, world: world)
        #expect(world.files == ["readme.txt": "hello\n"])
        #expect(performer.requests(of: Self.first).first?.tools.map(\.name) == ["notes.read"])
    }

    @Test func `an architecture whose episodes could act is not taken up`() async throws {
        var simulated = Self.simulated
        simulated.architecture.roles[0].tools = ["notes.write"]
        await #expect { _ = try await Bench(simulated) } throws: { ($0 as? RuntimeError)?.code == .badInput }
    }

    @Test func `arguments that do not fit are refused before anything is looked at`() async throws {
        let (bench, answers) = try await Self.work([
            ToolCall(id: "1", tool: "notes.read", arguments: ["file": "readme.txt"])
        ])
        guard case .tool(_, let output, true)? = answers.first else {
            Issue.record("not refused: \(answers)")
            return
        }
        #expect(output.contains("“path” is missing"))
        #expect(bench.world.looks.isEmpty)
    }

    @Test func `a look that fails is told as a failure`() async throws {
        let (_, answers) = try await Self.work([ToolCall(id: "1", tool: "notes.read", arguments: ["path": "none"])])
        #expect(answers == [.tool(call: "1", output: "no such note", isError: true)])
    }

    @Test func `the transcript holds every call and its answer`() async throws {
        let (bench, _) = try await Self.work([
            ToolCall(id: "1", tool: "notes.read", arguments: ["path": "readme.txt"]),
            ToolCall(id: "2", tool: "notes.write", arguments: ["path": "readme.txt", "text": "owned"]),
        ])
        let record = try #require(try await bench.state().episodes[Self.first])
        let digest = try #require(record.transcript?.digest)
        let kept = try JSONValue(parsing: try #require(try await bench.store.artefact(digest)))
        let text = kept.canonicalText
        #expect(text.contains(#""tool":"notes.read""#))
        #expect(text.contains(#""tool":"notes.write""#))
        #expect(text.contains("hello"))
        #expect(text.contains("there is no tool “notes.write” for this role"))
        #expect(kept.array?.last?["role"] == "performer")
    }

    @Test func `the transcript refers to the prompt that is on record and does not repeat it`() async throws {
        let (bench, _) = try await Self.work([
            ToolCall(id: "1", tool: "notes.read", arguments: ["path": "readme.txt"])
        ])
        let record = try #require(try await bench.state().episodes[Self.first])
        let transcript = try #require(record.transcript)
        let kept = try JSONValue(parsing: try #require(try await bench.store.artefact(transcript.digest)))
        #expect(kept.array?.first.flatMap(ArtefactReference.init(promptEntry:)) == record.prompt)
        #expect(kept.array?.dropFirst().map { $0["role"] } == ["performer", "tool", "performer"])
        let prompt = try JSONValue(parsing: try #require(try await bench.store.artefact(record.prompt.digest)))
        #expect(prompt["messages"]?.array?.map { $0["role"] } == ["system", "user"])
    }

    @Test func `an episode that only calls tools ends when its calls are used up`() async throws {
        var simulated = Self.simulated
        simulated.architecture.roles[0].budget.calls = 4
        let look = ScriptedPerformer.Answer.calls([
            ToolCall(id: "1", tool: "notes.read", arguments: ["path": "readme.txt"])
        ])
        let performer = simulated.makePerformer(queues: [Self.first: [look, look, look, look, look]])
        let bench = try await Bench(simulated, performer: performer)
        let state = try await bench.work()
        #expect(state.failureCode(Self.first) == "out-of-calls")
        let requests = bench.performer.requests(of: Self.first)
        #expect(requests.count == 4)
        #expect(requests.last?.messages.last?.text.contains("last") == true)
    }
}
