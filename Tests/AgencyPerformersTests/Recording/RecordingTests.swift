// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import AgencySchema
import Foundation
import Testing

struct RecordingTests {
    /// Answers with the number of the turn.
    private struct Counting: Performer {
        var about: String { "a counter" }
        func respond(to request: TurnRequest) async throws -> Turn {
            let call = ToolCall(id: "c\(request.turn)", tool: "sqlite.query", arguments: ["sql": "select 1"])
            let usage = Usage(inputTokens: 10, outputTokens: 2, money: Money(microdollars: 7), calls: 1)
            guard request.turn == 0 else { return Turn(text: "done", usage: usage, performer: "counter") }
            return Turn(text: "", calls: [call], usage: usage, performer: "counter")
        }
    }

    private static let opening: [Message] = [.system("You audit."), .user([.text("Line 1\nLine 2\nLine 3")])]

    private func second(_ output: String = "1") -> TurnRequest {
        let call = ToolCall(id: "c0", tool: "sqlite.query", arguments: ["sql": "select 1"])
        return makeRequest(
            Self.opening + [.performer(text: "", calls: [call]), .tool(call: "c0", output: output, isError: false)],
            tools: [queryTool],
            turn: 1
        )
    }

    private func record(in directory: String) async throws -> [Turn] {
        let recording = RecordingPerformer(wrapping: Counting(), directory: directory)
        return [
            try await recording.respond(to: makeRequest(Self.opening, tools: [queryTool])),
            try await recording.respond(to: second()),
        ]
    }

    @Test func `what was recorded is played again word for word`() async throws {
        try await withTemporaryDirectory { directory in
            let recorded = try await record(in: directory)
            let replay = ReplayPerformer(directory: directory)
            let played = [
                try await replay.respond(to: makeRequest(Self.opening, tools: [queryTool])),
                try await replay.respond(to: second()),
            ]
            #expect(recorded.allSatisfy { !$0.recorded })
            #expect(played.allSatisfy { $0.recorded })
            #expect(played.map(\.text) == recorded.map(\.text))
            #expect(played.map(\.calls) == recorded.map(\.calls))
            #expect(played.map(\.usage) == recorded.map(\.usage))
        }
    }

    @Test func `a recording is pretty JSON with only what is new in each turn`() async throws {
        try await withTemporaryDirectory { directory in
            _ = try await record(in: directory)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["0.evaluate.auditor.p1.json"])
            let text = try String(contentsOfFile: directory + "/0.evaluate.auditor.p1.json", encoding: .utf8)
            let json = try JSONValue(parsing: text)
            #expect(text == json.prettyText + "\n")
            #expect(json["episode"] == "0.evaluate.auditor.p1")
            #expect(json["role"] == "auditor")
            #expect(json["turns"]?[0]?["request"]?.string == makeRequest(Self.opening, tools: [queryTool]).digest.hex)
            #expect(json["turns"]?[0]?["messages"]?.array?.count == 2)
            #expect(json["turns"]?[1]?["messages"]?.array?.count == 2)
            #expect(json["turns"]?[1]?["turn"]?["text"] == "done")
            #expect(json["turns"]?[1]?["turn"]?["recorded"] == false)
        }
    }

    @Test func `a changed prompt is told by its first differing line`() async throws {
        try await withTemporaryDirectory { directory in
            _ = try await record(in: directory)
            let replay = ReplayPerformer(directory: directory)
            let changed: [Message] = [.system("You audit."), .user([.text("Line 1\nLine 2 \u{1B}!\nLine 3")])]
            let error = await performerError { try await replay.respond(to: makeRequest(changed, tools: [queryTool])) }
            #expect(error?.code == .promptChanged)
            #expect(error?.retry == .never)
            #expect(
                error?.message
                    == "turn 0 of 0.evaluate.auditor.p1: message 2 differs: recorded “Line 2”, now “Line 2 \\u{1b}!”"
            )
            let later = await performerError { try await replay.respond(to: second("2")) }
            #expect(later?.message.hasSuffix("message 4 differs: recorded “1”, now “2”") == true)
            let shorter = await performerError {
                try await replay.respond(to: makeRequest([.system("You audit.")], tools: [queryTool]))
            }
            #expect(shorter?.message.hasSuffix("message 2 differs: recorded “[user]”, now nothing") == true)
            let long = await performerError {
                try await replay.respond(
                    to: makeRequest([.system(String(repeating: "x", count: 999))], tools: [queryTool])
                )
            }
            #expect((long?.message.count ?? 999) < 400)
        }
    }

    @Test func `changed tools or another output schema are told as such`() async throws {
        try await withTemporaryDirectory { directory in
            _ = try await record(in: directory)
            let replay = ReplayPerformer(directory: directory)
            for request in [makeRequest(Self.opening), makeRequest(Self.opening, tools: [queryTool], output: .any)] {
                let error = await performerError { try await replay.respond(to: request) }
                #expect(error?.code == .promptChanged)
                #expect(error?.message.contains("the tools or the output schema differ") == true)
            }
        }
    }

    @Test func `the run's own name does not matter`() async throws {
        try await withTemporaryDirectory { directory in
            _ = try await record(in: directory)
            var request = makeRequest(Self.opening, tools: [queryTool])
            request.run = "another"
            request.seconds = 1
            #expect(try await ReplayPerformer(directory: directory).respond(to: request).recorded)
        }
    }

    @Test func `what is not recorded is told by its name`() async throws {
        try await withTemporaryDirectory { directory in
            _ = try await record(in: directory)
            let replay = ReplayPerformer(directory: directory)
            let missing = await performerError { try await replay.respond(to: makeRequest(episode: "1.propose.x")) }
            #expect(missing?.code == .notRecorded)
            #expect(missing?.message.contains("1.propose.x") == true)
            let beyond = await performerError { try await replay.respond(to: makeRequest(turn: 2)) }
            #expect(beyond?.code == .notRecorded)
        }
    }

    @Test(arguments: ["../evil", "a/b", "", ".hidden", "..", "a b", "é", "a\u{0}"])
    func `a name that could lead elsewhere is refused`(_ name: String) async throws {
        try await withTemporaryDirectory { directory in
            let request = makeRequest(episode: EpisodeID(name))
            let replay = await performerError { try await ReplayPerformer(directory: directory).respond(to: request) }
            #expect(replay?.code == .notRecorded)
            let recording = RecordingPerformer(wrapping: Counting(), directory: directory)
            let recorded = await performerError { try await recording.respond(to: request) }
            #expect(recorded?.code == .notRecorded)
            let files = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(files.isEmpty)
        }
    }

    @Test(arguments: [
        "", "{", "[]", #"{"episode":"other","role":"r","turns":[]}"#, #"{"episode":"e","role":"r","turns":[{}]}"#,
    ])
    func `a file that is no recording is refused`(_ text: String) async throws {
        try await withTemporaryDirectory { directory in
            try text.write(toFile: directory + "/e.json", atomically: true, encoding: .utf8)
            let error = await performerError {
                try await ReplayPerformer(directory: directory).respond(to: makeRequest(episode: "e"))
            }
            #expect(error?.code == .notRecorded)
        }
    }

    @Test func `a first turn begins anew and a later one needs those before it`() async throws {
        try await withTemporaryDirectory { directory in
            let recording = RecordingPerformer(wrapping: Counting(), directory: directory)
            let early = await performerError { try await recording.respond(to: second()) }
            #expect(early?.code == .notRecorded)
            _ = try await record(in: directory)
            _ = try await recording.respond(to: makeRequest(Self.opening, tools: [queryTool]))
            let beyond = await performerError { try await ReplayPerformer(directory: directory).respond(to: second()) }
            #expect(beyond?.code == .notRecorded)
        }
    }
}
