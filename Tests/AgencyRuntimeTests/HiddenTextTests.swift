// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import Testing

/// What roles are shown of text in which something hides, and what is kept of it.
@Suite(.timeLimit(.minutes(4)))
struct HiddenTextTests {
    private static let simulated = SimulatedRun(critique: 0)
    private static let first: EpisodeID = "0.propose.writer.1"
    private static let secret = "\u{E0069}\u{E0067}\u{E006E}\u{E006F}\u{E0072}\u{E0065}\u{200B}\u{1B}[8m"

    private static func completed(_ bench: Bench, _ id: EpisodeID) async throws -> EpisodeCompleted {
        let events = try await bench.events().compactMap { event -> EpisodeCompleted? in
            if case .episodeCompleted(let completed) = event, completed.episode == id { completed } else { nil }
        }
        return try #require(events.first)
    }

    @Test func `what a tool shows is stripped before a model sees it, and kept whole`() async throws {
        let performer = Self.simulated.makePerformer(
            queues: [Self.first: [.calls([ToolCall(id: "1", tool: "notes.read", arguments: ["path": "readme.txt"])])]]
        )
        let world = SimulatedWorld(files: ["readme.txt": "he\(Self.secret)llo\r\n"])
        let bench = try await Bench(Self.simulated, performer: performer, world: world)
        try await bench.work()
        let messages = bench.performer.requests(of: Self.first).last?.messages ?? []
        #expect(messages.contains(.tool(call: "1", output: "hello\r\n", isError: false)))
        let event = try await Self.completed(bench, Self.first)
        #expect(
            event.hidden == "6 tag characters that spell “ignore”, 1 zero-width character, 1 terminal sequence"
        )
        let bytes = try #require(try await bench.store.artefact(event.transcript.digest))
        let transcript = try JSONValue(parsing: bytes)
        let shown = transcript.array?.first { $0["role"]?.string == "tool" }
        #expect(shown?["output"]?.string == "hello\r\n")
        #expect(shown?["original"]?.string == "he\(Self.secret)llo\r\n")
    }

    @Test func `a clean result leaves no trace of the scan`() async throws {
        let performer = Self.simulated.makePerformer(
            queues: [Self.first: [.calls([ToolCall(id: "1", tool: "notes.read", arguments: ["path": "readme.txt"])])]]
        )
        let bench = try await Bench(Self.simulated, performer: performer)
        try await bench.work()
        let event = try await Self.completed(bench, Self.first)
        #expect(event.hidden == nil)
        #expect(try JSONValue(encoding: event)["hidden"] == nil)
        let bytes = try #require(try await bench.store.artefact(event.transcript.digest))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("original"))
        let state = try await bench.state()
        #expect(state.hiddenTexts == [])
    }

    @Test func `what one role hides for another does not reach it, and the person is told`() async throws {
        var output = Self.simulated.output(of: Self.first)
        guard case .object(var object) = output else { throw RuntimeError(.badInput, "no object") }
        object["summary"] = .string("harmless\(Self.secret)")
        output = .object(object)
        let performer = Self.simulated.makePerformer(queues: [Self.first: [.output(output)]])
        let bench = try await Bench(Self.simulated, performer: performer)
        try await bench.work()
        let prompts = bench.performer.requests.map { $0.messages.map(\.text).joined(separator: "\n") }
        #expect(prompts.contains { $0.contains("harmless") })
        for hidden in ["\u{E0069}", "\u{200B}", "\u{1B}", "\\u001b"] {
            #expect(!prompts.contains { $0.unicodeScalars.contains(hidden.unicodeScalars) })
        }
        #expect(try await Self.completed(bench, Self.first).output == output, "the record has every byte")
        let state = try await bench.state()
        #expect(
            state.hiddenTexts.map(\.summary) == [
                "6 tag characters that spell “ignore”, 1 zero-width character, 1 terminal sequence"
            ]
        )
        #expect(state.hiddenTexts.first?.place.hasPrefix("proposal ") == true)
    }
}
