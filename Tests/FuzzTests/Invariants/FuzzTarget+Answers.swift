// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

@testable import AgencyPerformers

extension FuzzTarget {
    /// An answer of an OpenAI-compatible endpoint means the same however it arrives.
    static let openAI = answers("openai") {
        OpenAIEventTranslator(errors: OpenAIErrorMapper(key: key))
    } error: {
        OpenAIErrorMapper(key: key).error(status: $0, headers: $1, body: $2)
    }

    /// An answer of Anthropic's interface means the same however it arrives.
    static let anthropic = answers("anthropic") {
        AnthropicEventTranslator(errors: AnthropicErrorMapper(key: key))
    } error: {
        AnthropicErrorMapper(key: key).error(status: $0, headers: $1, body: $2)
    }

    private static let key = "sk-secret-123"

    /// The first byte says whether the rest is a stream of events, an answer that came whole, or that of an error.
    private static func answers<Translator: EventTranslator>(
        _ name: String,
        _ translator: @escaping @Sendable () -> Translator,
        error: @escaping @Sendable (Int, [HTTPHeader], [UInt8]) -> PerformerError
    ) -> FuzzTarget {
        FuzzTarget(name: name, longest: 8192) { bytes in
            guard let kind = bytes.first else { return }
            let body = Array(bytes.dropFirst())
            switch kind % 4 {
            case 0: try read(translator(), body, type: "text/event-stream")
            case 1: try read(translator(), body, type: "application/json")
            default:
                // The rest of the first byte is the status, and the first line of the body two headers.
                let line = body.prefix { $0 != 0x0A }
                let words = String(decoding: line, as: UTF8.self).split(separator: "|").map(String.init)
                let headers = zip(["retry-after", "date"], words).map { HTTPHeader($0, $1) }
                let status = [301, 400, 401, 404, 408, 413, 429, 500, 503, 529][Int(kind / 4) % 10]
                try check(error(status, headers, Array(body.dropFirst(line.count + 1))))
            }
        }
    }

    private static func read(_ translator: some EventTranslator, _ body: [UInt8], type: String) throws {
        let whole = outcome { () throws(PerformerError) in try answer(translator, [body[...]], type) }
        for cuts in body.cuts {
            let cut = outcome { () throws(PerformerError) in try answer(translator, body.cut(at: cuts), type) }
            try hold("cut at \(cuts), it is another answer: \(cut), not \(whole)", isSame(cut, whole))
        }
        switch whole {
        case .failure(let error): try check(error)
        case .success(let answer):
            try hold("\(answer.byteCount) bytes came of \(body.count)", answer.byteCount <= body.count * 24)
            let turn = outcome { () throws(PerformerError) in
                try answer.turn(for: request, profile: profile, names: try ToolWireNames(request.tools))
            }
            switch turn {
            case .failure(let error): try check(error)
            case .success(let turn):
                try hold("it says nothing and calls nothing", !turn.text.isEmpty || !turn.calls.isEmpty)
                try hold("it calls what was not offered", turn.calls.allSatisfy { $0.tool == "sqlite.query" })
                try hold("arguments are no object", turn.calls.allSatisfy { $0.arguments.object != nil })
                try hold("two calls have one id", Set(turn.calls.map(\.id)).count == turn.calls.count)
                try check(turn.usage)
            }
        }
    }

    private static func answer(
        _ translator: some EventTranslator,
        _ pieces: [ArraySlice<UInt8>],
        _ type: String
    ) throws(PerformerError) -> AssembledAnswer {
        var reader = try AnswerReader(translator: translator, headers: [HTTPHeader("Content-Type", type)])
        for piece in pieces { try reader.feed(Array(piece)) }
        try reader.end()
        return reader.translator.answer
    }

    private static func isSame(
        _ one: Result<AssembledAnswer, PerformerError>,
        _ other: Result<AssembledAnswer, PerformerError>
    ) -> Bool {
        switch (one, other) {
        case (.success(let one), .success(let other)): one == other
        // A message may tell of what had come, which is more when it came in pieces.
        case (.failure(let one), .failure(let other)): one.code == other.code
        default: false
        }
    }

    private static func check(_ error: PerformerError) throws(Broken) {
        try hold("a message is not bounded: \(error.message.count)", error.message.count <= 700)
        try hold("a message tells the key", !error.message.contains(key))
        try hold("a message has lines", !error.message.contains { $0.isNewline })
        if case .later(let pause?) = error.retry {
            try hold("it waits \(pause)", (.zero...Duration.seconds(60)).contains(pause))
        }
        try check(error.usage)
    }

    private static func check(_ usage: Usage) throws(Broken) {
        let counts = [usage.inputTokens, usage.cachedTokens, usage.outputTokens, usage.reasoningTokens]
        try hold("it consumed \(counts)", counts.allSatisfy { (0...10_000_000).contains($0) })
        try hold("it cost \(usage.money)", (0...1_000_000_000).contains(usage.money.microdollars))
    }

    private static let profile = Profile(
        name: "strong",
        provider: .openai,
        model: "m",
        inputPrice: Money(dollars: 3),
        outputPrice: Money(dollars: 15)
    )

    private static let request = TurnRequest(
        run: "r",
        episode: "0.evaluate.auditor.p1",
        role: "auditor",
        turn: 0,
        messages: [.user([.text("Is it sound?")])],
        tools: [
            ToolManifest(
                name: "sqlite.query",
                about: "Runs a query.",
                parameters: .object(["sql": .string()]),
                effect: .read
            )
        ],
        output: .object(["verdict": .string()]),
        outputTokens: 1000,
        seconds: 60
    )
}
