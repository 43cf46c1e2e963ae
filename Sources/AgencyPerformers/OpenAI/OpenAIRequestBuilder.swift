// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Writes requests in the form of OpenAI's chat completions.
///
/// > Source: <https://platform.openai.com/docs/api-reference/chat/create>.
struct OpenAIRequestBuilder: Sendable {
    let profile: Profile
    let key: String?
    let address: EndpointAddress

    init(profile: Profile, key: String?) throws(PerformerError) {
        self.profile = profile
        self.key = key
        address = try EndpointAddress(
            profile.url,
            fallback: "https://api.openai.com/v1",
            path: "/chat/completions",
            version: "/v1"
        )
    }

    /// Writes the request, head and body.
    func request(for request: TurnRequest) throws(PerformerError) -> HTTPRequest {
        let body = try body(for: request).compactBytes
        let name = request.name(with: body)
        var headers = [
            HTTPHeader("content-type", "application/json"),
            HTTPHeader("accept", profile.delivery.mediaType),
            HTTPHeader("accept-encoding", "identity"),
            // The same on every try of one request, so that a gateway can see that it is one.
            HTTPHeader("x-client-request-id", name),
            HTTPHeader("idempotency-key", name),
        ]
        if let key { headers.append(HTTPHeader("authorization", "Bearer \(key)")) }
        return HTTPRequest(url: address.url, headers: headers, body: body)
    }

    /// Writes the body.
    func body(for request: TurnRequest) throws(PerformerError) -> JSONValue {
        _ = try ToolWireNames(request.tools)
        var body: JSONObject = [
            "model": .string(profile.model),
            "messages": .array(messages(of: request)),
            "stream": .bool(profile.delivery == .stream),
        ]
        if profile.delivery == .stream { body["stream_options"] = ["include_usage": true] }
        // OpenAI's own newer models refuse the older name; many compatible servers know no other.
        let limit = address.host.hasSuffix("openai.com") ? "max_completion_tokens" : "max_tokens"
        body[limit] = .integer(Int64(max(1, min(request.outputTokens, profile.outputTokens))))
        body["temperature"] = profile.temperature.map { .number($0) }
        if !request.tools.isEmpty {
            body["tools"] = .array(
                request.tools.map { tool in
                    let function: JSONValue = [
                        "name": .string(ToolWireNames.wireName(of: tool.name)), "description": .string(tool.about),
                        "parameters": tool.parameters.json,
                    ]
                    return ["type": "function", "function": function]
                }
            )
        }
        if profile.structure == .schema, request.output != .any {
            var shape: JSONObject = ["name": "output", "schema": request.output.json]
            if StrictSchema.accepts(request.output) { shape["strict"] = true }
            body["response_format"] = ["type": "json_schema", "json_schema": .object(shape)]
        }
        return .object(body)
    }

    private func messages(of request: TurnRequest) -> [JSONValue] {
        var messages = request.messages.map(Self.message)
        guard profile.structure == .prompt, let words = SchemaWords.text(for: request.output) else { return messages }
        if case .system(let text)? = request.messages.first {
            messages[0] = ["role": "system", "content": .string(text + "\n\n" + words)]
        } else {
            messages.insert(["role": "system", "content": .string(words)], at: 0)
        }
        return messages
    }

    private static func message(_ message: Message) -> JSONValue {
        switch message {
        case .system(let text): ["role": "system", "content": .string(text)]
        case .user(let parts):
            // Plain text where that is all there is: several servers take nothing else.
            if parts.count == 1, case .text(let text) = parts[0] {
                ["role": "user", "content": .string(text)]
            } else {
                ["role": "user", "content": .array(parts.map(part))]
            }
        case .performer(let text, let calls):
            if calls.isEmpty {
                ["role": "assistant", "content": .string(text)]
            } else {
                [
                    "role": "assistant", "content": text.isEmpty ? .null : .string(text),
                    "tool_calls": .array(calls.map(call)),
                ]
            }
        case .tool(let call, let output, let isError):
            // This form has no field for it.
            ["role": "tool", "tool_call_id": .string(call), "content": .string(isError ? "error: " + output : output)]
        }
    }

    private static func part(_ part: Message.Part) -> JSONValue {
        switch part {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .image(let base64, let mediaType):
            ["type": "image_url", "image_url": ["url": .string("data:\(mediaType);base64,\(base64)")]]
        }
    }

    private static func call(_ call: ToolCall) -> JSONValue {
        [
            "id": .string(call.id), "type": "function",
            "function": [
                "name": .string(ToolWireNames.wireName(of: call.tool)),
                "arguments": .string(call.arguments.compactText),
            ],
        ]
    }
}
