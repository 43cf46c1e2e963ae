// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

extension Message {
    /// The message as JSON, as it is stored in transcripts and recordings.
    public var json: JSONValue {
        switch self {
        case .system(let text): return ["role": "system", "text": .string(text)]
        case .user(let parts):
            let parts: [JSONValue] = parts.map { part in
                switch part {
                case .text(let text): ["text": .string(text)]
                case .image(let base64, let mediaType): ["image": .string(base64), "media-type": .string(mediaType)]
                }
            }
            return ["role": "user", "parts": .array(parts)]
        case .performer(let text, let calls):
            let calls: [JSONValue] = calls.map {
                ["id": .string($0.id), "tool": .string($0.tool.rawValue), "arguments": $0.arguments]
            }
            return ["role": "performer", "text": .string(text), "calls": .array(calls)]
        case .tool(let call, let output, let isError):
            return ["role": "tool", "call": .string(call), "output": .string(output), "error": .bool(isError)]
        }
    }

    /// The message as text for a person to read or for a comparison line by line.
    public var text: String {
        switch self {
        case .system(let text): text
        case .user(let parts):
            parts.map { part in
                switch part {
                case .text(let text): text
                case .image(_, let mediaType): "[image, \(mediaType)]"
                }
            }.joined(separator: "\n")
        case .performer(let text, let calls):
            ([text] + calls.map { "→ \($0.tool) \($0.arguments.compactText)" }).filter { !$0.isEmpty }
                .joined(separator: "\n")
        case .tool(_, let output, let isError): (isError ? "✗ " : "← ") + output
        }
    }
}
