// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Writes requests in the form of Anthropic's messages.
///
/// > Source: <https://platform.claude.com/docs/en/api/messages> and, for the shape of the output,
/// > <https://platform.claude.com/docs/en/build-with-claude/structured-outputs>.
struct AnthropicRequestBuilder: Sendable {
    let profile: Profile
    let key: String?
    let address: EndpointAddress

    init(profile: Profile, key: String?) throws(PerformerError) {
        self.profile = profile
        self.key = key
        address = try EndpointAddress(
            profile.url,
            fallback: "https://api.anthropic.com/v1",
            path: "/messages",
            version: "/v1"
        )
    }

    /// Writes the request, head and body.
    func request(for request: TurnRequest) throws(PerformerError) -> HTTPRequest {
        let body = try body(for: request).compactBytes
        var headers = [
            HTTPHeader("content-type", "application/json"),
            HTTPHeader("accept", profile.delivery.mediaType),
            HTTPHeader("accept-encoding", "identity"),
            HTTPHeader("anthropic-version", "2023-06-01"),
            // The same on every try of one request, so that a gateway can see that it is one.
            HTTPHeader("idempotency-key", request.name(with: body)),
        ]
        if let key { headers.append(HTTPHeader("x-api-key", key)) }
        return HTTPRequest(url: address.url, headers: headers, body: body)
    }

    /// Writes the body.
    func body(for request: TurnRequest) throws(PerformerError) -> JSONValue {
        _ = try ToolWireNames(request.tools)
        let constraint = profile.structure == .schema ? AnthropicSchema.constraint(for: request.output) : nil
        var instructions: [String] = request.messages.compactMap {
            if case .system(let text) = $0 { text } else { nil }
        }
        if constraint == nil, let words = SchemaWords.text(for: request.output) { instructions.append(words) }
        var body: JSONObject = [
            "model": .string(profile.model),
            "max_tokens": .integer(Int64(max(1, min(request.outputTokens, profile.outputTokens)))),
        ]
        if !instructions.isEmpty { body["system"] = .string(instructions.joined(separator: "\n\n")) }
        body["messages"] = .array(try messages(of: request))
        body["stream"] = .bool(profile.delivery == .stream)
        body["temperature"] = profile.temperature.map { .number($0) }
        if !request.tools.isEmpty {
            body["tools"] = .array(
                request.tools.map { tool in
                    [
                        "name": .string(ToolWireNames.wireName(of: tool.name)), "description": .string(tool.about),
                        "input_schema": tool.parameters.json,
                    ]
                }
            )
        }
        if let constraint { body["output_config"] = ["format": ["type": "json_schema", "schema": constraint]] }
        return .object(body)
    }

    /// Writes the conversation; neighbours of one side become one message, as the form demands.
    private func messages(of request: TurnRequest) throws(PerformerError) -> [JSONValue] {
        var turns: [(role: String, content: [JSONValue])] = []
        for message in request.messages {
            let (role, content) = Self.content(message)
            guard !content.isEmpty else { continue }
            if turns.last?.role == role {
                turns[turns.count - 1].content += content
            } else {
                turns.append((role, content))
            }
        }
        guard turns.first?.role == "user" else {
            throw PerformerError(.badRequest, "the conversation does not begin with anything for the performer to read")
        }
        return turns.map { ["role": .string($0.role), "content": .array($0.content)] }
    }

    private static func content(_ message: Message) -> (role: String, content: [JSONValue]) {
        switch message {
        case .system: ("", [])
        case .user(let parts): ("user", parts.compactMap(part))
        case .performer(let text, let calls):
            ("assistant", (text.isEmpty ? [] : [["type": "text", "text": .string(text)]]) + calls.map(call))
        case .tool(let call, let output, let isError): ("user", [result(of: call, output, isError)])
        }
    }

    private static func result(of call: String, _ output: String, _ isError: Bool) -> JSONValue {
        var result: JSONObject = ["type": "tool_result", "tool_use_id": .string(call), "content": .string(output)]
        if isError { result["is_error"] = true }
        return .object(result)
    }

    private static func part(_ part: Message.Part) -> JSONValue? {
        switch part {
        // Empty text is refused by the other side and says nothing.
        case .text(let text): text.isEmpty ? nil : ["type": "text", "text": .string(text)]
        case .image(let base64, let mediaType):
            [
                "type": "image",
                "source": ["type": "base64", "media_type": .string(mediaType), "data": .string(base64)],
            ]
        }
    }

    private static func call(_ call: ToolCall) -> JSONValue {
        [
            "type": "tool_use", "id": .string(call.id), "name": .string(ToolWireNames.wireName(of: call.tool)),
            "input": call.arguments,
        ]
    }
}
