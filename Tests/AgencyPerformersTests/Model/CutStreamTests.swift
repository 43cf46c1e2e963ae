// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

@testable import AgencyPerformers

/// Complete or nothing: a stream that is cut anywhere is never an answer.
struct CutStreamTests {
    private let request = makeRequest(tools: [queryTool])

    private func read(
        _ bytes: ArraySlice<UInt8>,
        _ dialect: some WireDialect,
        type: String = "text/event-stream"
    ) throws -> Turn {
        var reader = try AnswerReader(
            translator: dialect.makeTranslator(),
            headers: [HTTPHeader("Content-Type", type)]
        )
        try reader.feed(Array(bytes))
        try reader.end()
        return try reader.translator.answer.turn(
            for: request,
            profile: makeProfile(.openai),
            names: ToolWireNames(request.tools)
        )
    }

    private func expectNothing(_ text: String, _ dialect: some WireDialect, type: String) {
        let bytes = Array(text.utf8)
        for cut in 0..<bytes.count {
            do {
                let turn = try read(bytes[..<cut], dialect, type: type)
                Issue.record("cut at \(cut) of \(bytes.count), still an answer: \(turn)")
            } catch let error as PerformerError {
                #expect(error.code == .incomplete, "cut at \(cut): \(error)")
                #expect(error.retry == .later(nil), "cut at \(cut)")
            } catch {
                Issue.record("cut at \(cut): \(error)")
            }
        }
    }

    private func expectWhole(_ turn: Turn, id: String, model: String) {
        #expect(turn.text == "Let me löök.")
        #expect(turn.calls == [ToolCall(id: id, tool: "sqlite.query", arguments: ["sql": "select 1"])])
        #expect(turn.performer == model)
        #expect(!turn.recorded)
    }

    @Test func `a whole stream of chat completions is an answer`() throws {
        let dialect = try OpenAIDialect(profile: makeProfile(.openai), key: nil)
        let turn = try read(Array(Streams.openAI.utf8)[...], dialect)
        expectWhole(turn, id: "call_a", model: "gpt-test-2")
        #expect(
            turn.usage
                == Usage(
                    inputTokens: 120,
                    cachedTokens: 100,
                    outputTokens: 30,
                    reasoningTokens: 12,
                    money: Money(microdollars: 120 * 3 + 30 * 15),
                    calls: 1
                )
        )
    }

    @Test func `a whole streamed message is an answer`() throws {
        let dialect = try AnthropicDialect(profile: makeProfile(.anthropic), key: nil)
        let turn = try read(Array(Streams.anthropic.utf8)[...], dialect)
        expectWhole(turn, id: "toolu_a", model: "claude-test-1")
        #expect(
            turn.usage
                == Usage(
                    inputTokens: 150,
                    cachedTokens: 100,
                    outputTokens: 30,
                    money: Money(microdollars: 150 * 3 + 30 * 15),
                    calls: 1
                )
        )
    }

    @Test func `a stream of chat completions cut at any byte is incomplete`() throws {
        let dialect = try OpenAIDialect(profile: makeProfile(.openai), key: nil)
        expectNothing(Streams.openAI, dialect, type: "text/event-stream")
    }

    @Test func `a streamed message cut at any byte is incomplete`() throws {
        let dialect = try AnthropicDialect(profile: makeProfile(.anthropic), key: nil)
        expectNothing(Streams.anthropic, dialect, type: "text/event-stream")
    }

    @Test func `an answer in one piece of JSON goes through the same checks`() throws {
        let openAI = """
            {"id":"1","object":"chat.completion","model":"gpt-test-2","choices":[{"index":0,"message":{"role":\
            "assistant","content":"Let me löök.","tool_calls":[{"id":"call_a","type":"function","function":{"name":\
            "sqlite_query","arguments":"{\\"sql\\":\\"select 1\\"}"}}]},"finish_reason":"tool_calls"}],"usage":\
            {"prompt_tokens":120,"completion_tokens":30}}
            """
        let dialect = try OpenAIDialect(profile: makeProfile(.openai), key: nil)
        expectWhole(
            try read(Array(openAI.utf8)[...], dialect, type: "application/json"),
            id: "call_a",
            model: "gpt-test-2"
        )
        expectNothing(openAI, dialect, type: "application/json")
        let anthropic = """
            {"id":"1","type":"message","model":"claude-test-1","content":[{"type":"text","text":"Let me löök."},{"type":\
            "tool_use","id":"toolu_a","name":"sqlite_query","input":{"sql":"select 1"}}],"stop_reason":"tool_use",\
            "usage":{"input_tokens":5,"output_tokens":5}}
            """
        let other = try AnthropicDialect(profile: makeProfile(.anthropic), key: nil)
        expectWhole(
            try read(Array(anthropic.utf8)[...], other, type: "application/json"),
            id: "toolu_a",
            model: "claude-test-1"
        )
        expectNothing(anthropic, other, type: "application/json")
    }

    @Test func `it does not matter where the chunks of a stream end`() throws {
        let dialect = try AnthropicDialect(profile: makeProfile(.anthropic), key: nil)
        let bytes = Array(Streams.anthropic.utf8)
        let whole = try read(bytes[...], dialect)
        for size in [1, 2, 3, 7, 64] {
            var reader = try AnswerReader(translator: dialect.makeTranslator(), headers: [])
            var rest = bytes[...]
            while !rest.isEmpty {
                try reader.feed(Array(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            try reader.end()
            let turn = try reader.translator.answer.turn(
                for: request,
                profile: makeProfile(.openai),
                names: ToolWireNames(request.tools)
            )
            #expect(turn == whole)
        }
    }
}
