// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenAgency

/// The answers of the mock server, one for each role of the stock architecture, ready to be sent.
struct MockAnswers: Sendable {
    private let streams: [String: ByteBuffer]
    /// What comes before a role's name in the instructions of an episode.
    private static let mark = Array("You play the role “".utf8)
    private static let closingQuote = UInt8(0xE2)

    init() throws {
        let roles = try Board.stock().roles
        streams = Dictionary(
            roles.map { ($0.name.rawValue, ByteBuffer(string: Self.stream(Self.output(of: $0)))) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The events of the answer to a request, or `nil` when it names no role that is known.
    func answer(to request: ByteBufferView) -> ByteBuffer? {
        guard let place = request.firstRange(of: Self.mark) else { return nil }
        let name = request[place.upperBound...].prefix { $0 != Self.closingQuote }
        return streams[String(decoding: name, as: UTF8.self)]
    }

    /// An output as an episode of the role writes it: a plan of three steps, four sentences of reasons, no objections.
    static func output(of role: Role) -> JSONValue {
        switch role.kind {
        case .propose, .update:
            [
                "title": "Do it in three steps",
                "summary": .string(sentences), "assumptions": ["Nobody else is changing the same thing meanwhile."],
                "steps": .array((1...3).map(step)), "dissent": nil,
            ]
        case .critique: ["objections": [], "suggestions": [], "dissent": nil]
        case .evaluate, .redTeam:
            [
                "summary": .string(sentences), "objections": [],
                "scores": .array(
                    role.criteria.map { ["criterion": .string($0), "reason": "It was looked at.", "value": 7] }
                ),
                "probability": 0.8, "dissent": nil,
            ]
        case .verify: ["accept": true, "reason": "It was looked at.", "dissent": nil]
        case .advance: ["done": true, "state": nil]
        case .explain, .enact:
            [
                "summary": .string(sentences),
                "claims": [
                    [
                        "text": "It is about what was asked.",
                        "citations": [["record": "brief", "quote": .string(Board.brief.title)]],
                    ]
                ],
                "dissent": nil,
            ]
        }
    }

    private static let sentences = """
        The cheap look comes first and commits to nothing. Each step can be undone by going back to the one before. \
        What could go wrong is seen before the next step begins. The rest is what was asked for.
        """

    private static func step(_ number: Int) -> JSONValue {
        let check: JSONValue = [
            "tool": "files.read", "arguments": ["path": "note.txt"], "expect": ["contains": .string("line \(number)")],
        ]
        return [
            "id": .string("s\(number)"), "intent": "Write a line and look whether it is there.",
            "action": ["tool": "files.write", "arguments": ["path": "note.txt", "text": .string("line \(number)")]],
            "forecasts": [["statement": "The line is there.", "check": check, "probability": 0.95]],
            "reversibility": "reversible", "stakes": "low", "after": number == 1 ? [] : [.string("s\(number - 1)")],
        ]
    }

    /// The server-sent events of a chat completion, its content in pieces of some words each.
    private static func stream(_ output: JSONValue) -> String {
        func event(_ delta: JSONValue, _ reason: JSONValue = .null) -> String {
            let choice: JSONValue = ["index": 0, "delta": delta, "finish_reason": reason]
            let chunk: JSONValue = [
                "id": "chatcmpl-mock", "object": "chat.completion.chunk", "created": 0, "model": "mock",
                "choices": [choice],
            ]
            return "data: \(chunk.compactText)\n\n"
        }
        var events = event(["role": "assistant", "content": ""])
        var rest = output.compactText[...]
        while !rest.isEmpty {
            events += event(["content": .string(String(rest.prefix(48)))])
            rest = rest.dropFirst(48)
        }
        let usage: JSONValue = ["prompt_tokens": 2000, "completion_tokens": 300, "total_tokens": 2300]
        let last: JSONValue = [
            "id": "chatcmpl-mock", "object": "chat.completion.chunk", "created": 0, "model": "mock", "choices": [],
            "usage": usage,
        ]
        return events + event([:], "stop") + "data: \(last.compactText)\n\n" + "data: [DONE]\n\n"
    }
}
