// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import AgencySchema
import Synchronization
import Testing

/// A terminal whose lines are written beforehand.
private final class ScriptedTerminal: Terminal {
    private let state: Mutex<(lines: [String], shown: [String], prompts: [String])>

    init(_ lines: [String]) { state = Mutex((lines, [], [])) }

    var shown: String { state.withLock { $0.shown.joined(separator: "\n") } }
    var prompts: [String] { state.withLock { $0.prompts } }

    func show(_ text: String) async { state.withLock { $0.shown.append(text) } }
    func readLine(prompt: String) async -> String? {
        state.withLock {
            $0.prompts.append(prompt)
            return $0.lines.isEmpty ? nil : $0.lines.removeFirst()
        }
    }
}

struct PersonPerformerTests {
    private let schema = JSONSchema.object(
        [
            "verdict": .oneOf(["sound", "unsound"], "What you think."), "score": .number(in: 0...1),
            "count": .integer(),
            "sure": .boolean(), "why": .string(minLength: 3), "risks": .array(of: .string()), "note": .string(),
        ],
        optional: ["note"]
    )

    @Test func `a person answers field by field and is asked again after a slip`() async throws {
        let terminal = ScriptedTerminal([
            "maybe", "sound", "2", "x", "0.5", "1.5", "7", "perhaps", "yes", "", "ok", "because", "fire", " flood ", "",
            "",
        ])
        let turn = try await PersonPerformer(terminal: terminal).respond(to: makeRequest(output: schema))
        #expect(
            try JSONValue(parsing: turn.text) == [
                "verdict": "sound", "score": 0.5, "count": 7, "sure": true, "why": "because",
                "risks": ["fire", "flood"],
            ]
        )
        #expect(turn.performer == "person")
        #expect(terminal.shown.contains("Is it sound?"))
        #expect(terminal.shown.contains("What you think."))
        #expect(terminal.shown.contains("Expected one of sound, unsound."))
        #expect(terminal.shown.contains("more than 1"))
        #expect(terminal.prompts.first == "verdict (one of sound, unsound): ")
    }

    @Test func `control characters are drawn and not obeyed`() async throws {
        let terminal = ScriptedTerminal(["x"])
        let request = makeRequest([.user([.text("a\u{1B}]0;b\u{7}\nc\u{202E}d\u{200B}")])], output: .string())
        #expect(try await PersonPerformer(terminal: terminal).respond(to: request).text == "\"x\"")
        #expect(terminal.shown.contains("a\\u{1b}]0;b\\u{7}\nc\\u{202e}d\\u{200b}"))
    }

    @Test func `a complex shape is asked for as JSON ended by a dot`() async throws {
        let nested = JSONSchema.object(["steps": .array(of: .object(["title": .string()]))])
        let terminal = ScriptedTerminal(["{", ".", "{\"steps\":[]", "}", "."])
        let turn = try await PersonPerformer(terminal: terminal).respond(to: makeRequest(output: nested))
        #expect(turn.text == #"{"steps":[]}"#)
        #expect(terminal.shown.contains("Not JSON:"))
    }

    @Test(arguments: [[], ["sound"], ["sound", "0.5", "1", "yes", "because", "fire"]])
    func `an input that ends means later`(_ lines: [String]) async {
        let terminal = ScriptedTerminal(lines)
        let error = await performerError {
            try await PersonPerformer(terminal: terminal).respond(to: makeRequest(output: schema))
        }
        #expect(error?.code == .incomplete)
        #expect(error?.retry == .later(nil))
        #expect(error?.failsEpisode == false)
    }

    @Test func `nobody is asked for ever`() async {
        let terminal = ScriptedTerminal(Array(repeating: "nonsense", count: 1000))
        let error = await performerError {
            try await PersonPerformer(terminal: terminal).respond(to: makeRequest(output: schema))
        }
        #expect(error?.code == .protocolViolation)
        #expect(terminal.prompts.count == 10)
    }
}
