// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OpenAgency

/// The answers of the mock server, one for each role of the stock architecture and of the small one, ready to be sent.
struct MockAnswers: Sendable {
    private let answers: [String: [Profile.Delivery: Answer]]
    /// What comes before a role's name in the instructions of an episode.
    private static let mark = Array("You play the role “".utf8)
    private static let closingQuote = UInt8(0xE2)

    /// An answer, and where in it stands what tells it from others.
    private struct Answer {
        let buffer: ByteBuffer
        let names: [Int]

        init(_ text: String) {
            buffer = ByteBuffer(string: text)
            names = text.ranges(of: SmallAnswers.name).map { name in
                text.utf8.distance(from: text.startIndex, to: name.lowerBound)
            }
        }

        func named(after request: MockRequest) -> ByteBuffer {
            guard !names.isEmpty else { return buffer }
            let digits = String(request.number, radix: 16)
            let name = String(repeating: "0", count: SmallAnswers.name.utf8.count - digits.utf8.count) + digits
            var named = buffer
            for place in names { named.setString(name, at: place) }
            return named
        }
    }

    init() throws {
        let outputs =
            try Board.stock().roles.map { ($0.name, Self.output(of: $0)) }
            + SmallBoard.architecture.roles.map { ($0.name, SmallAnswers.output(of: $0)) }
        answers = Dictionary(
            outputs.map { name, output in
                (name.rawValue, [.stream: Answer(Self.stream(output)), .whole: Answer(Self.whole(output))])
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The answer to a request, or `nil` when it names no role that is known.
    func answer(to request: MockRequest, _ delivery: Profile.Delivery) -> ByteBuffer? {
        guard let role = request.text(after: Self.mark, until: { $0 == Self.closingQuote }) else { return nil }
        if role == SmallSteps.role || role == SmallBoard.stepper.rawValue, let step = Self.step(in: request) {
            return Self.next(after: step, delivery)
        }
        return answers[role]?[delivery]?.named(after: request)
    }

    /// The number of steps that were done, and how many there are to be, from the state in a prompt of ``SmallSteps``.
    private static func step(in request: MockRequest) -> (done: Int, of: Int)? {
        func number(_ key: String) -> Int? {
            // The brief may speak of a state as well; what an episode begins with stands after it.
            request.text(after: Array("\\\"\(key)\\\":".utf8), isLast: true) {
                !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }.flatMap { Int($0) }
        }
        guard let done = number("step"), let of = number("of") else { return nil }
        return (done, of)
    }

    /// The answer that takes one more step, put together without a writer because there are thousands of them a second.
    private static func next(after step: (done: Int, of: Int), _ delivery: Profile.Delivery) -> ByteBuffer {
        let result =
            "The small thing of number \(step.done + 1) was done as it was wanted, and nothing else was touched."
        let state = #"{\"of\":\#(step.of),\"result\":\"\#(result)\",\"step\":\#(step.done + 1)}"#
        let content = #"{\"done\":\#(step.done + 1 == step.of),\"state\":\#(state)}"#
        switch delivery {
        case .stream:
            let delta =
                #"data: {"model":"mock","choices":[{"index":0,"delta":{"content":"\#(content)"},"finish_reason":null}]}"#
            return ByteBuffer(string: delta + "\n\n" + end)
        case .whole:
            let choice = #"{"index":0,"message":{"role":"assistant","content":"\#(content)"},"finish_reason":"stop"}"#
            return ByteBuffer(string: #"{"model":"mock","choices":[\#(choice)],"usage":\#(usage)}"#)
        }
    }

    private static let usage = #"{"prompt_tokens":500,"completion_tokens":60,"total_tokens":560}"#

    /// What comes after the content: why it ends, what it took, and the mark of the end.
    private static let end = """
        data: {"model":"mock","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"model":"mock","choices":[],"usage":\(usage)}

        data: [DONE]


        """

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

    private static let longUsage: JSONValue = [
        "prompt_tokens": 2000, "completion_tokens": 300, "total_tokens": 2300,
    ]

    /// A chat completion in one piece.
    private static func whole(_ output: JSONValue) -> String {
        let message: JSONValue = ["role": "assistant", "content": .string(output.compactText)]
        let completion: JSONValue = [
            "id": "chatcmpl-mock", "object": "chat.completion", "created": 0, "model": "mock",
            "choices": [["index": 0, "message": message, "finish_reason": "stop"]], "usage": longUsage,
        ]
        return completion.compactText
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
        let last: JSONValue = [
            "id": "chatcmpl-mock", "object": "chat.completion.chunk", "created": 0, "model": "mock", "choices": [],
            "usage": longUsage,
        ]
        return events + event([:], "stop") + "data: \(last.compactText)\n\n" + "data: [DONE]\n\n"
    }
}
