// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Puts an answer together from the chunks of a chat completion.
///
/// The answer is complete when a reason to finish *and* `[DONE]` have come.
///
/// > Source: <https://platform.openai.com/docs/api-reference/chat-streaming>.
struct OpenAIEventTranslator: EventTranslator {
    private(set) var isComplete = false
    private(set) var ignoredEvents = 0
    private let errors: OpenAIErrorMapper
    private var head = AssembledAnswer()
    private var reason: String?
    private var calls: [Int64: AssembledAnswer.Call] = [:]

    init(errors: OpenAIErrorMapper = OpenAIErrorMapper()) { self.errors = errors }

    var answer: AssembledAnswer {
        var answer = head
        answer.calls = calls.sorted { $0.key < $1.key }.map(\.value)
        return answer
    }

    mutating func take(_ event: SSEEvent) throws(PerformerError) {
        guard !isComplete else {
            throw PerformerError(.protocolViolation, "an event comes after the end of the stream")
        }
        if event.data == "[DONE]" {
            guard reason != nil else {
                throw PerformerError(.incomplete, "the stream ends without a reason to finish", retry: .later(nil))
            }
            finish()
            return
        }
        if event.event == "error" {
            let object = try json(event)
            throw errors.error(object: object["error"] ?? object)
        }
        guard event.event == "message" else {
            ignoredEvents += 1
            return
        }
        let chunk = try json(event)
        if let error = chunk["error"], !error.isNull { throw errors.error(object: error) }
        guard chunk.object != nil else { throw PerformerError(.protocolViolation, "an event's data is no object") }
        takeHead(of: chunk)
        guard let choices = chunk["choices"]?.array else {
            ignoredEvents += 1
            return
        }
        for choice in choices { try take(choice: choice, piece: "delta") }
    }

    mutating func take(whole: JSONValue) throws(PerformerError) {
        if let error = whole["error"], !error.isNull { throw errors.error(object: error) }
        guard let choices = whole["choices"]?.array, !choices.isEmpty else {
            throw PerformerError(.protocolViolation, "the answer has no choices")
        }
        takeHead(of: whole)
        for choice in choices { try take(choice: choice, piece: "message") }
        guard reason != nil else {
            throw PerformerError(.incomplete, "the answer has no reason to finish", retry: .later(nil))
        }
        finish()
    }

    private mutating func finish() {
        isComplete = true
        head.stop =
            switch reason {
            case "stop": .finished
            case "tool_calls": .calls
            case "length": .length
            case "content_filter": .refusal
            case let other: .unknown(other ?? "")
            }
    }

    private mutating func takeHead(of json: JSONValue) {
        if head.model == nil, let model = json["model"]?.string, !model.isEmpty { head.model = model }
        guard let usage = json["usage"], usage.object != nil else { return }
        head.usage = ReportedUsage(
            inputTokens: usage["prompt_tokens"]?.integer,
            cachedTokens: usage["prompt_tokens_details"]?["cached_tokens"]?.integer,
            outputTokens: usage["completion_tokens"]?.integer,
            reasoningTokens: usage["completion_tokens_details"]?["reasoning_tokens"]?.integer
        )
    }

    private mutating func take(choice: JSONValue, piece: String) throws(PerformerError) {
        guard choice["index"]?.integer ?? 0 == 0 else {
            throw PerformerError(.protocolViolation, "a second choice comes although one was asked for")
        }
        if let delta = choice[piece], !delta.isNull {
            guard reason == nil || !Self.hasSubstance(delta) else {
                throw PerformerError(.protocolViolation, "a piece of the answer comes after its end")
            }
            try take(delta: delta)
            for call in delta["tool_calls"]?.array ?? [] { try take(call: call) }
        }
        if let word = choice["finish_reason"], !word.isNull {
            guard let word = word.string else {
                throw PerformerError(.protocolViolation, "the reason to finish is no word")
            }
            try reason.settle(word, "the reason to finish")
        }
    }

    private static func hasSubstance(_ delta: JSONValue) -> Bool {
        ["content", "refusal", "reasoning", "reasoning_content", "tool_calls"].contains { name in
            delta[name]?.string?.isEmpty == false || delta[name]?.array?.isEmpty == false
        }
    }

    private mutating func take(delta: JSONValue) throws(PerformerError) {
        switch delta["content"] {
        case .string(let text)?: head.text += text
        case .array(let parts)?: for part in parts { try take(part: part) }
        case .null?, nil: break
        default: throw PerformerError(.protocolViolation, "the content is neither text nor a list")
        }
        if let refusal = delta["refusal"]?.string { head.refusal += refusal }
        for name in ["reasoning_content", "reasoning"] {
            if let reasoning = delta[name]?.string { head.reasoningBytes += reasoning.utf8.count }
        }
        if let old = delta["function_call"], !old.isNull {
            throw PerformerError(.protocolViolation, "the answer calls a function in the old way")
        }
    }

    private mutating func take(part: JSONValue) throws(PerformerError) {
        switch part["type"]?.string {
        case "text": head.text += part["text"]?.string ?? ""
        case "thinking", "reasoning": head.reasoningBytes += part.compactText.utf8.count
        default: throw PerformerError(.protocolViolation, "a part of the content is of an unknown type")
        }
    }

    private mutating func take(call piece: JSONValue) throws(PerformerError) {
        let function = piece["function"]
        let id = piece["id"]?.string ?? ""
        let index = try index(of: piece, id: id)
        var call = calls[index] ?? AssembledAnswer.Call(id: "", name: "", arguments: "")
        // Some servers repeat both in every piece; another one at the same index is a fault.
        if !id.isEmpty {
            guard call.id.isEmpty || call.id == id else {
                throw PerformerError(.protocolViolation, "two tool calls have the index \(index)")
            }
            call.id = id
        }
        if let name = function?["name"]?.string, !name.isEmpty {
            guard call.name.isEmpty || call.name == name else {
                throw PerformerError(.protocolViolation, "the tool call \(index) has two names")
            }
            call.name = name
        }
        switch function?["arguments"] {
        case .string(let text)?: call.arguments += text
        case .null?, nil: break
        case let value?:
            // A few servers send the arguments as an object, whole.
            guard value.object != nil, call.arguments.isEmpty else {
                throw PerformerError(.protocolViolation, "the arguments of the tool call \(index) are no text")
            }
            call.arguments = value.compactText
        }
        calls[index] = call
    }

    private func index(of piece: JSONValue, id: String) throws(PerformerError) -> Int64 {
        if let index = piece["index"]?.integer { return index }
        // Without an index, an id that is new begins a call and anything else goes on with the last one.
        if let known = calls.first(where: { !id.isEmpty && $0.value.id == id }) { return known.key }
        let last = calls.keys.max()
        if id.isEmpty, let last { return last }
        guard !id.isEmpty else {
            throw PerformerError(.protocolViolation, "a tool call has neither index nor id")
        }
        let (next, isTooFar) = (last ?? -1).addingReportingOverflow(1)
        guard !isTooFar else {
            throw PerformerError(.protocolViolation, "a tool call comes after the index \(Int64.max)")
        }
        return next
    }
}
