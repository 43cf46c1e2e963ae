// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import AgencySchema
import Testing

/// Answers that are asked for in one piece.
struct DeliveryTests {
    typealias Reply = ScriptedTransport.Reply

    private static let completion = """
        {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-test-2","choices":[{"index":0,"message":\
        {"role":"assistant","content":"Sound.","refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":120,\
        "completion_tokens":30,"total_tokens":150}}
        """
    private static let message = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-test-1","content":[{"type":"text","text":\
        "Sound."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":120,"output_tokens":30}}
        """

    private static func answer(_ provider: Profile.Provider) -> Reply {
        .json(provider == .openai ? completion : message)
    }

    @Test(arguments: [Profile.Provider.openai, .anthropic])
    func `an answer is asked for in one piece and taken`(_ provider: Profile.Provider) async throws {
        let transport = ScriptedTransport([Self.answer(provider)])
        let turn = try await ask(provider, transport, delivery: .whole)
        #expect(turn.text == "Sound.")
        #expect(turn.usage.inputTokens == 120)
        #expect(turn.usage.outputTokens == 30)
        #expect(!turn.usage.estimated)
        let request = try #require(transport.requests.first)
        #expect(request.headers.value(of: "accept") == "application/json")
        let body = try JSONValue(parsing: request.body)
        #expect(body["stream"] == false)
        #expect(body["stream_options"] == nil)
    }

    @Test(arguments: [Profile.Provider.openai, .anthropic], [Profile.Delivery.stream, .whole])
    func `what comes otherwise than asked for is taken as what it is`(
        _ provider: Profile.Provider,
        _ delivery: Profile.Delivery
    ) async throws {
        let chunks = [Streams.chunk(#"{"content":"Sound."}"#), Streams.chunk("{}", "stop")]
        let streamed = Reply.stream(
            provider == .openai ? Streams.openAI(chunks) : Streams.anthropic(text: "Sound.")
        )
        let transport = ScriptedTransport([delivery == .stream ? Self.answer(provider) : streamed])
        #expect(try await ask(provider, transport, delivery: delivery).text == "Sound.")
    }

    @Test func `one that is cut off is no answer`() async throws {
        let half = Reply.json(String(Self.completion.prefix(Self.completion.count / 2)))
        let transport = ScriptedTransport([half, Self.answer(.openai)])
        #expect(try await ask(.openai, transport, delivery: .whole).text == "Sound.")
        #expect(transport.requests.count == 2)
    }

    @Test func `silence while it is written is no fault, and the time altogether counts`() async throws {
        let silent = Reply(headers: [HTTPHeader("content-type", "application/json")], ending: .hangs)
        let transport = ScriptedTransport([silent, silent])
        let error = await performerError {
            try await ask(.openai, transport, deadlineClock: InstantClock(), delivery: .whole)
        }
        #expect(error?.code == .timeout)
        #expect(error?.message.hasPrefix("no complete answer within") == true, "\(error?.message ?? "")")
    }
}
