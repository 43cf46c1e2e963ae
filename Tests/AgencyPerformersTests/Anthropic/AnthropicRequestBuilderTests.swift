// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Testing

@testable import AgencyPerformers

struct AnthropicRequestBuilderTests {
    private func build(_ request: TurnRequest, _ change: (inout Profile) -> Void = { _ in }) throws -> HTTPRequest {
        var profile = makeProfile(.anthropic)
        change(&profile)
        return try AnthropicRequestBuilder(profile: profile, key: "sk-1").request(for: request)
    }

    private func text(_ request: HTTPRequest) -> String { String(decoding: request.body, as: UTF8.self) }

    @Test func `a question becomes exactly this`() throws {
        let request = try build(makeRequest())
        #expect(request.url == "http://127.0.0.1:9/v1/messages")
        #expect(request.headers.value(of: "x-api-key") == "sk-1")
        #expect(request.headers.value(of: "anthropic-version") == "2023-06-01")
        #expect(
            text(request) == """
                {"model":"test-model","max_tokens":1000,"system":"You audit.","messages":[{"role":"user","content":\
                [{"type":"text","text":"Is it sound?"}]}],"stream":true,"output_config":{"format":{"type":"json_schema",\
                "schema":{"type":"object","properties":{"verdict":{"type":"string","enum":["sound","unsound"]},"score":\
                {"type":"number","description":"(minimum: 0, maximum: 1)"}},"required":["verdict","score"],\
                "additionalProperties":false}}}}
                """
        )
    }

    @Test func `neighbours of one side become one message`() throws {
        let calls = [
            ToolCall(id: "c1", tool: "sqlite.query", arguments: ["sql": "select 1"]),
            ToolCall(id: "c2", tool: "sqlite.query", arguments: ["sql": "select 2"]),
        ]
        let messages: [Message] = [
            .user([.text("Look:"), .image(base64: "AAAA", mediaType: "image/png")]),
            .performer(text: "I look.", calls: calls), .tool(call: "c1", output: "1", isError: false),
            .tool(call: "c2", output: "locked", isError: true), .user([.text("And?")]),
        ]
        let request = try build(makeRequest(messages, tools: [queryTool], output: .any)) { $0.temperature = 0 }
        #expect(
            text(request) == """
                {"model":"test-model","max_tokens":1000,"messages":[{"role":"user","content":[{"type":"text","text":\
                "Look:"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},{"role":\
                "assistant","content":[{"type":"text","text":"I look."},{"type":"tool_use","id":"c1","name":\
                "sqlite_query","input":{"sql":"select 1"}},{"type":"tool_use","id":"c2","name":"sqlite_query","input":\
                {"sql":"select 2"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"1"},\
                {"type":"tool_result","tool_use_id":"c2","content":"locked","is_error":true},{"type":"text","text":\
                "And?"}]}],"stream":true,"temperature":0,"tools":[{"name":"sqlite_query","description":"Runs a query.",\
                "input_schema":{"type":"object","properties":{"sql":{"type":"string"}},"required":["sql"],\
                "additionalProperties":false}}]}
                """
        )
    }

    @Test(arguments: [
        JSONSchema(["type": "object", "additionalProperties": ["type": "string"]]),
        JSONSchema(["type": "object", "properties": ["a": ["$ref": "#"]], "additionalProperties": false]),
        .array(of: .string()), .object(["a": .any]),
    ])
    func `a schema that cannot be a constraint is put in words`(_ schema: JSONSchema) throws {
        let body = try JSONValue(parsing: build(makeRequest(output: schema)).body)
        #expect(body["output_config"] == nil)
        #expect(body["system"]?.string?.hasSuffix(schema.json.compactText) == true)
    }

    @Test func `bounds move into the description`() throws {
        let schema = JSONSchema.object([
            "a": .string("A name.", maxLength: 9, pattern: "x"), "b": .array(of: .integer(), minItems: 2),
        ])
        let body = try JSONValue(parsing: build(makeRequest(output: schema)).body)
        let properties = body["output_config"]?["format"]?["schema"]?["properties"]
        #expect(properties?["a"] == ["type": "string", "description": "A name. (maxLength: 9, pattern: \"x\")"])
        #expect(properties?["b"]?["description"]?.string == "(minItems: 2)")
        #expect(properties?["b"]?["minItems"] == nil)
    }

    @Test func `words alone are used when the profile says so`() throws {
        let body = try JSONValue(parsing: build(makeRequest()) { $0.structure = .prompt }.body)
        #expect(body["output_config"] == nil)
        #expect(body["system"]?.string?.contains("JSON Schema") == true)
    }

    @Test func `a conversation that does not begin with a question is refused`() {
        let error = #expect(throws: PerformerError.self) { try build(makeRequest([.system("x")])) }
        #expect(error?.code == .badRequest)
    }
}
