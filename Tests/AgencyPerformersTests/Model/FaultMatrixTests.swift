// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyPerformers
import AgencySchema
import Testing

/// What providers do wrong, row by row, through the whole performer.
struct FaultMatrixTests {
    typealias Reply = ScriptedTransport.Reply
    private static let tool = #"{"index":0,"id":"a","function":{"name":"sqlite_query","arguments":"ARGS"}}"#

    private func fail(
        _ provider: Profile.Provider,
        _ stream: String,
        tools: [ToolManifest] = [queryTool]
    ) async -> PerformerError? {
        await performerError {
            try await ask(provider, ScriptedTransport([.stream(stream)]), makeRequest(tools: tools))
        }
    }

    private func openAI(arguments: String, reason: String = "tool_calls") -> String {
        let escaped = JSONValue.string(arguments).compactText.dropFirst().dropLast()
        return Streams.openAI([
            Streams.chunk("{\"tool_calls\":[\(Self.tool.replacing("ARGS", with: escaped))]}"),
            Streams.chunk("{}", reason),
        ])
    }

    private func anthropic(arguments: String, reason: String = "tool_use") -> String {
        let delta = "{\"type\":\"input_json_delta\",\"partial_json\":\(JSONValue.string(arguments).compactText)}"
        return Streams.anthropic(
            [(#"{"type":"tool_use","id":"a","name":"sqlite_query","input":{}}"#, [delta])],
            reason: reason
        )
    }

    // MARK: - Arguments of tools

    static let badArguments = [
        "{", "{\"sql\":\"x", "nonsense", "{\"sql\":1,\"sql\":2}", "{\"sql\":NaN}", "{\"sql\":1e400}", "{} {}", "[]",
        "null",
        "{\"sql\":\"\\ud800\"}", String(repeating: "[", count: 10_000),
        "{\"a\":" + String(repeating: "[", count: 10_000),
        "```json\n{}\n```",
    ]

    @Test(arguments: badArguments)
    func `arguments that are no JSON object are refused`(_ arguments: String) async {
        #expect(await fail(.openai, openAI(arguments: arguments))?.code == .protocolViolation)
        #expect(await fail(.anthropic, anthropic(arguments: arguments))?.code == .protocolViolation)
    }

    @Test func `no arguments at all are an empty object`() async throws {
        for (provider, stream) in [
            (Profile.Provider.openai, openAI(arguments: "")), (.anthropic, anthropic(arguments: "")),
        ] {
            let turn = try await ask(provider, ScriptedTransport([.stream(stream)]), makeRequest(tools: [queryTool]))
            #expect(turn.calls.first?.arguments == [:])
        }
    }

    @Test func `a tool that was not offered is refused`() async {
        #expect(await fail(.openai, openAI(arguments: "{}"), tools: [])?.code == .protocolViolation)
        #expect(await fail(.anthropic, anthropic(arguments: "{}"), tools: [])?.code == .protocolViolation)
    }

    @Test func `two calls with one id are refused`() async {
        let twin = Self.tool.replacing("ARGS", with: "{}")
        let stream = Streams.openAI([
            Streams.chunk("{\"tool_calls\":[\(twin),\(twin.replacing("\"index\":0", with: "\"index\":1"))]}"),
            Streams.chunk("{}", "tool_calls"),
        ])
        #expect(await fail(.openai, stream)?.code == .protocolViolation)
        let block = (
            start: #"{"type":"tool_use","id":"a","name":"sqlite_query","input":{"sql":"x"}}"#, deltas: [String]()
        )
        #expect(
            await fail(.anthropic, Streams.anthropic([block, block], reason: "tool_use"))?.code == .protocolViolation
        )
    }

    @Test func `another id or name at one index is refused and the same is nothing new`() async throws {
        let call = Self.tool.replacing("ARGS", with: "")
        let more = #"{"index":0,"id":"a","function":{"name":"sqlite_query","arguments":"{}"}}"#
        let other = #"{"index":0,"id":"b","function":{"arguments":"{}"}}"#
        func stream(_ second: String) -> String {
            Streams.openAI([
                Streams.chunk("{\"tool_calls\":[\(call)]}"), Streams.chunk("{\"tool_calls\":[\(second)]}"),
                Streams.chunk("{}", "tool_calls"),
            ])
        }
        let turn = try await ask(
            .openai,
            ScriptedTransport([.stream(stream(more))]),
            makeRequest(tools: [queryTool])
        )
        #expect(turn.calls.count == 1)
        #expect(await fail(.openai, stream(other))?.code == .protocolViolation)
    }

    @Test func `a call after the last index there is is refused`() async {
        let call = Self.tool.replacing("ARGS", with: "{}").replacing("\"index\":0", with: "\"index\":\(Int64.max)")
        let next = #"{"id":"b","function":{"name":"sqlite_query","arguments":"{}"}}"#
        let stream = Streams.openAI([
            Streams.chunk("{\"tool_calls\":[\(call),\(next)]}"), Streams.chunk("{}", "tool_calls"),
        ])
        #expect(await fail(.openai, stream)?.code == .protocolViolation)
    }

    @Test func `a call cut off by the token limit is cut off`() async {
        #expect(await fail(.openai, openAI(arguments: "{\"sql\":", reason: "length"))?.code == .cutOff)
        #expect(await fail(.anthropic, anthropic(arguments: "{\"sql\":", reason: "max_tokens"))?.code == .cutOff)
        // Even when what came happens to parse.
        #expect(await fail(.openai, openAI(arguments: "{}", reason: "length"))?.code == .cutOff)
        #expect(await fail(.anthropic, anthropic(arguments: "{}", reason: "max_tokens"))?.code == .cutOff)
    }

    @Test func `an end with calls but without any call is refused`() async {
        #expect(
            await fail(.openai, Streams.openAI([Streams.chunk(#"{"content":"x"}"#, "tool_calls")]))?.code
                == .protocolViolation
        )
        #expect(await fail(.anthropic, Streams.anthropic(text: "x", reason: "tool_use"))?.code == .protocolViolation)
    }

    // MARK: - Outcomes

    @Test(arguments: ["", " \\n\\t ", "\u{A0}\u{3000}"])
    func `nothing but white space is empty`(_ text: String) async {
        let stream = Streams.openAI([Streams.chunk("{\"content\":\"\(text)\"}"), Streams.chunk("{}", "stop")])
        #expect(await fail(.openai, stream)?.code == .empty)
        #expect(await fail(.anthropic, Streams.anthropic(text: text))?.code == .empty)
    }

    @Test func `only reasoning is empty and is paid for`() async {
        let stream = Streams.openAI([
            Streams.chunk(#"{"reasoning_content":"hm, let me think"}"#), Streams.chunk("{}", "stop"),
        ])
        let error = await fail(.openai, stream)
        #expect(error?.code == .empty)
        #expect(error?.message == "the answer holds only reasoning")
        #expect((error?.usage.outputTokens ?? 0) > 0)
        let thinking = Streams.anthropic([
            (
                #"{"type":"thinking","thinking":""}"#,
                [#"{"type":"thinking_delta","thinking":"hm"}"#, #"{"type":"signature_delta","signature":"s"}"#]
            )
        ])
        #expect(await fail(.anthropic, thinking)?.code == .empty)
    }

    @Test func `a refusal is an outcome of its own and not tried again`() async {
        let field = Streams.openAI([Streams.chunk(#"{"refusal":"I would rather not."}"#), Streams.chunk("{}", "stop")])
        let filter = Streams.openAI([Streams.chunk(#"{"content":"Well"}"#), Streams.chunk("{}", "content_filter")])
        for (provider, stream) in [
            (Profile.Provider.openai, field), (.openai, filter),
            (.anthropic, Streams.anthropic(text: "No.", reason: "refusal")),
        ] {
            let error = await fail(provider, stream)
            #expect(error?.code == .refusal)
            #expect(error?.retry == .never)
        }
        #expect(await fail(.openai, field)?.message == "the performer declined: I would rather not.")
    }

    @Test func `an unknown reason to stop is refused`() async {
        #expect(
            await fail(.openai, Streams.openAI([Streams.chunk(#"{"content":"x"}"#, "whim")]))?.code
                == .protocolViolation
        )
        #expect(await fail(.anthropic, Streams.anthropic(text: "x", reason: "pause_turn"))?.code == .protocolViolation)
        #expect(
            await fail(.anthropic, Streams.anthropic(text: "x", reason: "model_context_window_exceeded"))?.code
                == .contextOverflow
        )
    }

    @Test func `prose around JSON stays as it is`() async throws {
        let text = "Sure:\\n```json\\n{}\\n```"
        let turn = try await ask(.anthropic, ScriptedTransport([.stream(Streams.anthropic(text: text))]))
        #expect(turn.text == "Sure:\n```json\n{}\n```")
    }

    // MARK: - The protocol

    @Test func `an end told twice, or anything after the end, is refused`() async {
        let whole = Streams.openAI([Streams.chunk(#"{"content":"x"}"#), Streams.chunk("{}", "stop")])
        let cases = [
            whole + "data: [DONE]\n\n", whole + "data: \(Streams.chunk(#"{"content":"y"}"#))\n\n",
            Streams.openAI([Streams.chunk(#"{"content":"x"}"#, "stop"), Streams.chunk("{}", "length")]),
            Streams.openAI([Streams.chunk(#"{"content":"x"}"#, "stop"), Streams.chunk(#"{"content":"y"}"#)]),
        ]
        for stream in cases { #expect(await fail(.openai, stream)?.code == .protocolViolation) }
        let message = Streams.anthropic(text: "x")
        for more in [#"{"type":"message_stop"}"#, #"{"type":"ping"}"#, #"{"type":"content_block_stop","index":0}"#] {
            #expect(await fail(.anthropic, message + "data: \(more)\n\n")?.code == .protocolViolation)
        }
    }

    @Test func `unknown kinds of events are ignored`() async throws {
        let strange = "event: novelty\ndata: {\"type\":\"novelty\",\"text\":\"no\"}\n\n"
        let openAI =
            strange + "data: {\"object\":\"x\"}\n\n" + Streams.openAI([Streams.chunk(#"{"content":"x"}"#, "stop")])
        #expect(try await ask(.openai, ScriptedTransport([.stream(openAI)])).text == "x")
        let block = (start: #"{"type":"novelty"}"#, deltas: [#"{"type":"novelty_delta","text":"no"}"#])
        let text = (start: #"{"type":"text","text":"x"}"#, deltas: [#"{"type":"citations_delta"}"#])
        let anthropic = strange + Streams.anthropic([block, text])
        #expect(try await ask(.anthropic, ScriptedTransport([.stream(anthropic)])).text == "x")
    }

    @Test func `what is told twice in the same words is nothing new`() async throws {
        let start = "data: {\"type\":\"message_start\",\"message\":{\"model\":\"m\"}}\n\n"
        let block =
            "data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"x\"}}\n\n"
        let stop = "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
        let end =
            "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"
            + "data: {\"type\":\"message_stop\"}\n\n"
        let stream = start + start + block + block + stop + stop + end
        #expect(try await ask(.anthropic, ScriptedTransport([.stream(stream)])).text == "x")
    }

    @Test func `events in the wrong order are refused`() async {
        let delta =
            "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}\n\n"
        let start = "data: {\"type\":\"message_start\",\"message\":{\"model\":\"m\"}}\n\n"
        for stream in [delta, start + delta, start + "data: {\"type\":\"content_block_stop\",\"index\":0}\n\n"] {
            #expect(await fail(.anthropic, stream)?.code == .protocolViolation)
        }
    }

    @Test(arguments: [
        "data: nonsense\n\n", "data: {\"a\":1,\"a\":2}\n\n", "data: 7\n\n",
        "data: {\"choices\":[{\"index\":1,\"delta\":{}}]}\n\n",
    ])
    func `data that is not of the protocol is refused`(_ stream: String) async {
        #expect(await fail(.openai, stream)?.code == .protocolViolation)
    }

    @Test func `an error in mid-stream is of its own class and never text`() async {
        let begun = Streams.openAI([Streams.chunk(#"{"content":"half"}"#)], end: "")
        let error = await fail(.openai, begun + "data: {\"error\":{\"code\":403,\"message\":\"no\"}}\n\n")
        #expect(error?.code == .unauthorized)
        #expect((error?.usage.outputTokens ?? 0) > 0)
        let mid =
            #"event: error\#ndata: {"type":"error","error":{"type":"invalid_request_error","message":"no"}}\#n\#n"#
        #expect(await fail(.anthropic, Streams.anthropic([], end: mid))?.code == .badRequest)
    }

    @Test func `an error object with status 200 is of its own class`() async {
        let reply = Reply.json(#"{"error":{"message":"no","type":"invalid_request_error"}}"#)
        #expect(await performerError { try await ask(.openai, ScriptedTransport([reply])) }?.code == .badRequest)
        let other = Reply.json(#"{"type":"error","error":{"message":"no","type":"authentication_error"}}"#)
        #expect(await performerError { try await ask(.anthropic, ScriptedTransport([other])) }?.code == .unauthorized)
    }

    @Test(arguments: [Profile.Provider.openai, .anthropic])
    func `a page, a compressed body and a body of another type are refused`(_ provider: Profile.Provider) async {
        let page = Array("<!doctype html><html>Log in</html>".utf8)
        for headers in [
            [HTTPHeader("Content-Type", "text/html; charset=utf-8")], [HTTPHeader("content-type", "text/event-stream")],
            [],
            [HTTPHeader("content-type", "image/png")],
            [HTTPHeader("content-type", "text/event-stream"), HTTPHeader("content-encoding", "gzip")],
        ] {
            let transport = ScriptedTransport([Reply(headers: headers, chunks: [page])])
            let error = await performerError { try await ask(provider, transport) }
            #expect(error?.code == .protocolViolation)
        }
    }

    @Test func `a redirect is not followed`() async {
        let reply = Reply(status: 307, headers: [HTTPHeader("location", "http://elsewhere.example/")])
        let transport = ScriptedTransport([reply])
        let error = await performerError { try await ask(.openai, transport) }
        #expect(error?.code == .protocolViolation)
        #expect(transport.requests.count == 1)
    }

    @Test func `a flood is stopped`() async {
        let chunk = Array((": " + String(repeating: "x", count: 1 << 16) + "\n").utf8)
        let reply = Reply(chunks: [[UInt8]](repeating: chunk, count: 200))
        #expect(await performerError { try await ask(.openai, ScriptedTransport([reply])) }?.code == .tooLarge)
        let json = Reply(
            headers: [HTTPHeader("content-type", "application/json")],
            chunks: [[UInt8]](repeating: [UInt8](repeating: 0x20, count: 1 << 20), count: 11)
        )
        #expect(await performerError { try await ask(.openai, ScriptedTransport([json])) }?.code == .tooLarge)
    }

    // MARK: - Usage

    @Test(arguments: [
        "", #","usage":null"#, #","usage":{"prompt_tokens":0,"completion_tokens":0}"#,
        #","usage":{"prompt_tokens":-5,"completion_tokens":1}"#,
        #","usage":{"prompt_tokens":1e15,"completion_tokens":1}"#,
        #","usage":{"prompt_tokens":10,"completion_tokens":99999999}"#,
        #","usage":{"prompt_tokens":10,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":11}}"#,
    ])
    func `usage that is missing or absurd is estimated and marked`(_ usage: String) async throws {
        let chunk = String(Streams.chunk(#"{"content":"12345678"}"#, "stop").dropLast()) + usage + "}"
        let turn = try await ask(.openai, ScriptedTransport([.stream(Streams.openAI([chunk]))]))
        #expect(turn.usage.estimated)
        #expect((1...1000).contains(turn.usage.inputTokens))
        #expect((1...2).contains(turn.usage.outputTokens))
        #expect(turn.usage.money > .zero)
    }

    @Test func `the model's own name is kept, made harmless`() async throws {
        let stream = Streams.openAI([
            #"{"model":"other\u001b[2J","choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}"#
        ])
        #expect(try await ask(.openai, ScriptedTransport([.stream(stream)])).performer == "other\\u{1b}[2J")
    }
}
