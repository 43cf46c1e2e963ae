// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

@testable import AgencyPerformers

struct OpenAIRequestBuilderTests {
    private func build(_ request: TurnRequest, _ change: (inout Profile) -> Void = { _ in }) throws -> HTTPRequest {
        var profile = makeProfile(.openai)
        change(&profile)
        return try OpenAIRequestBuilder(profile: profile, key: "sk-1").request(for: request)
    }

    private func text(_ request: HTTPRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test func `a question becomes exactly this`() throws {
        let request = try build(makeRequest())
        #expect(request.url == "http://127.0.0.1:9/v1/chat/completions")
        #expect(request.headers.value(of: "authorization") == "Bearer sk-1")
        #expect(request.headers.value(of: "accept-encoding") == "identity")
        #expect(
            text(request) == """
                {"model":"test-model","messages":[{"role":"system","content":"You audit."},{"role":"user","content":\
                "Is it sound?"}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":1000,\
                "response_format":{"type":"json_schema","json_schema":{"name":"output","schema":{"type":"object",\
                "properties":{"verdict":{"type":"string","enum":["sound","unsound"]},"score":{"type":"number",\
                "minimum":0,"maximum":1}},"required":["verdict","score"],"additionalProperties":false},"strict":true}}}
                """
        )
    }

    @Test func `a conversation with tools and an image becomes exactly this`() throws {
        let call = ToolCall(id: "c1", tool: "sqlite.query", arguments: ["sql": "select 1"])
        let messages: [Message] = [
            .user([.text("Look:"), .image(base64: "AAAA", mediaType: "image/png")]),
            .performer(text: "", calls: [call]),
            .tool(call: "c1", output: "no such table", isError: true), .performer(text: "Hm.", calls: []),
        ]
        let request = try build(makeRequest(messages, tools: [queryTool], output: .any)) {
            $0.temperature = 0.5
            $0.outputTokens = 10
            $0.url = "https://api.openai.com/v1/"
        }
        #expect(request.url == "https://api.openai.com/v1/chat/completions")
        #expect(
            text(request) == """
                {"model":"test-model","messages":[{"role":"user","content":[{"type":"text","text":"Look:"},{"type":\
                "image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},{"role":"assistant","content":null,\
                "tool_calls":[{"id":"c1","type":"function","function":{"name":"sqlite_query","arguments":\
                "{\\"sql\\":\\"select 1\\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"error: no such table"},\
                {"role":"assistant","content":"Hm."}],"stream":true,"stream_options":{"include_usage":true},\
                "max_completion_tokens":10,"temperature":0.5,"tools":[{"type":"function","function":{"name":\
                "sqlite_query","description":"Runs a query.","parameters":{"type":"object","properties":{"sql":{"type":\
                "string"}},"required":["sql"],"additionalProperties":false}}}]}
                """
        )
    }

    @Test func `where only words can tell the shape, the instructions tell it`() throws {
        let body = try JSONValue(parsing: build(makeRequest()) { $0.structure = .prompt }.body)
        #expect(body["response_format"] == nil)
        let system = body["messages"]?[0]?["content"]?.string ?? ""
        #expect(system.hasPrefix("You audit.\n\nYour final answer must be one JSON value"))
        #expect(system.hasSuffix(verdictSchema.json.compactText))
        let alone = try JSONValue(parsing: build(makeRequest([.user([.text("x")])])) { $0.structure = .prompt }.body)
        #expect(alone["messages"]?[0]?["role"]?.string == "system")
    }

    @Test(arguments: [
        JSONSchema.object(["a": .string()], optional: ["a"]), .object(["a": .string(minLength: 1)]),
        JSONSchema(["type": "object", "properties": ["a": [:]]]), .array(of: .string()),
        .object(["a": JSONSchema(["type": "object", "properties": ["b": ["type": "string"]]])]),
    ])
    func `a schema outside of the strict subset is not called strict`(_ schema: JSONSchema) throws {
        let body = try JSONValue(parsing: build(makeRequest(output: schema)).body)
        #expect(body["response_format"]?["json_schema"]?["schema"] == schema.json)
        #expect(body["response_format"]?["json_schema"]?["strict"] == nil)
    }

    @Test func `every try of one request carries the same name and another request another`() throws {
        func name(_ request: TurnRequest) throws -> String? { try build(request).headers.value(of: "idempotency-key") }
        #expect(try name(makeRequest()) == name(makeRequest()))
        #expect(try name(makeRequest()) != name(makeRequest(episode: "0.evaluate.auditor.p2")))
        #expect(try name(makeRequest()) != name(makeRequest([.user([.text("other")])])))
    }

    @Test(arguments: [
        "ftp://example.org", "example.org/v1", "http://", "http://u:p@example.org", "http://example.org/v1?key=1",
        "http://x y",
    ])
    func `an address that is none is refused`(_ url: String) async {
        let error = #expect(throws: PerformerError.self) { try build(makeRequest()) { $0.url = url } }
        #expect(error?.code == .badProfile)
    }

    @Test func `an address without a path gets the usual one`() throws {
        #expect(try build(makeRequest()) { $0.url = "http://h:1/" }.url == "http://h:1/v1/chat/completions")
        #expect(try build(makeRequest()) { $0.url = nil }.url == "https://api.openai.com/v1/chat/completions")
    }

    @Test func `tools that would share a name on the wire are refused`() {
        let twin = ToolManifest(name: "sqlite_query", about: "", parameters: .any, effect: .read)
        let error = #expect(throws: PerformerError.self) { try build(makeRequest(tools: [queryTool, twin])) }
        #expect(error?.code == .badRequest)
        let long = ToolManifest(
            name: ToolName(String(repeating: "x", count: 65)),
            about: "",
            parameters: .any,
            effect: .read
        )
        #expect(throws: PerformerError.self) { try build(makeRequest(tools: [long])) }
    }
}
