// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension AnthropicEventTranslator {
    /// One block of a message's content.
    struct Block: Hashable, Sendable {
        let kind: Kind
        private(set) var text = ""
        private var input: JSONValue?
        private var pieces = ""
        var isClosed = false

        /// What a block holds.
        enum Kind: Hashable, Sendable {
            case text
            case reasoning
            case call(id: String, name: String)
            /// Something that did not exist when this was written; ignored, as the protocol asks.
            case unknown
        }

        /// Begins a block.
        init(_ json: JSONValue) throws(PerformerError) {
            switch json["type"]?.string {
            case "text":
                kind = .text
                text = json["text"]?.string ?? ""
            case "thinking", "redacted_thinking":
                kind = .reasoning
                text = json["thinking"]?.string ?? json["data"]?.string ?? ""
            case "tool_use":
                kind = .call(id: json["id"]?.string ?? "", name: json["name"]?.string ?? "")
                input = json["input"]
            case nil: throw PerformerError(.protocolViolation, "a block has no type")
            default: kind = .unknown
            }
        }

        /// The arguments of a call as text: the pieces, or what was there from the beginning.
        var arguments: String { pieces.isEmpty ? input?.compactText ?? "" : pieces }

        /// Adds a piece; false when its type is not known.
        mutating func take(delta: JSONValue) throws(PerformerError) -> Bool {
            switch (delta["type"]?.string, kind) {
            case ("text_delta", .text): text += try string("text", of: delta)
            case ("input_json_delta", .call): pieces += try string("partial_json", of: delta)
            case ("thinking_delta", .reasoning): text += try string("thinking", of: delta)
            case ("text_delta", _), ("input_json_delta", _), ("thinking_delta", _):
                guard kind == .unknown else {
                    throw PerformerError(.protocolViolation, "a piece is of another kind than its block")
                }
                return false
            default: return false
            }
            return true
        }

        private func string(_ name: String, of delta: JSONValue) throws(PerformerError) -> String {
            guard let text = delta[name]?.string else {
                throw PerformerError(.protocolViolation, "a piece has no “\(name)”")
            }
            return text
        }
    }
}
