// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// Puts an answer together from the events of a streamed message.
///
/// The answer is complete when `message_stop` has come after a reason to stop and after the end of every block.
///
/// > Source: <https://platform.claude.com/docs/en/build-with-claude/streaming>.
struct AnthropicEventTranslator: EventTranslator {
    private(set) var isComplete = false
    private(set) var ignoredEvents = 0
    private let errors: AnthropicErrorMapper
    private var head = AssembledAnswer()
    private var start: JSONValue?
    private var reason: String?
    private var blocks: [Int64: Block] = [:]

    init(errors: AnthropicErrorMapper = AnthropicErrorMapper()) { self.errors = errors }

    var answer: AssembledAnswer {
        var answer = head
        for (_, block) in blocks.sorted(by: { $0.key < $1.key }) {
            switch block.kind {
            case .text: answer.text += block.text
            case .reasoning: answer.reasoningBytes += block.text.utf8.count
            case .call(let id, let name):
                answer.calls.append(AssembledAnswer.Call(id: id, name: name, arguments: block.arguments))
            case .unknown: break
            }
        }
        return answer
    }

    mutating func take(_ event: SSEEvent) throws(PerformerError) {
        let json = try json(event)
        let type = json["type"]?.string ?? event.event
        guard !isComplete else {
            throw PerformerError(.protocolViolation, "an event comes after the end of the stream")
        }
        switch type {
        case "ping": break
        case "error": throw errors.error(object: json["error"] ?? json)
        case "message_start": try takeStart(json)
        case "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "message_stop":
            guard start != nil else { throw PerformerError(.protocolViolation, "“\(type)” comes before the start") }
            switch type {
            case "content_block_start": try takeBlockStart(json)
            case "content_block_delta": try takeDelta(json)
            case "content_block_stop": try takeBlockStop(json)
            case "message_delta": try takeMessageDelta(json)
            default: try takeStop()
            }
        default:
            if let error = json["error"], !error.isNull { throw errors.error(object: error) }
            ignoredEvents += 1
        }
    }

    mutating func take(whole: JSONValue) throws(PerformerError) {
        if whole["type"]?.string == "error" || whole["error"]?.object != nil {
            throw errors.error(object: whole["error"] ?? whole)
        }
        guard let content = whole["content"]?.array else {
            throw PerformerError(.protocolViolation, "the answer has no content")
        }
        takeHead(whole)
        for (index, json) in content.enumerated() {
            var block = try Block(json)
            block.isClosed = true
            blocks[Int64(index)] = block
        }
        reason = whole["stop_reason"]?.string
        guard reason != nil else {
            throw PerformerError(.incomplete, "the answer has no reason to stop", retry: .later(nil))
        }
        finish()
    }

    private mutating func takeStart(_ json: JSONValue) throws(PerformerError) {
        guard let message = json["message"], message.object != nil else {
            throw PerformerError(.protocolViolation, "the start has no message")
        }
        try start.settle(message, "the start of the message")
        takeHead(message)
    }

    private mutating func takeHead(_ message: JSONValue) {
        if head.model == nil, let model = message["model"]?.string, !model.isEmpty { head.model = model }
        takeUsage(message["usage"])
    }

    private mutating func takeUsage(_ usage: JSONValue?) {
        guard let usage, usage.object != nil else { return }
        // The input is told in three parts, and the output cumulatively.
        let read = usage["cache_read_input_tokens"]?.integer
        if let fresh = usage["input_tokens"]?.integer {
            let (sum, overflow) = fresh.addingReportingOverflow(read ?? 0)
            let (all, overflows) = sum.addingReportingOverflow(usage["cache_creation_input_tokens"]?.integer ?? 0)
            let isSensible = fresh >= 0 && !overflow && !overflows
            // A last event may repeat the input as zero.
            if all > 0 || head.usage.inputTokens == nil { head.usage.inputTokens = isSensible ? all : -1 }
            if all > 0, let read { head.usage.cachedTokens = read }
        }
        if let output = usage["output_tokens"]?.integer { head.usage.outputTokens = output }
    }

    private mutating func takeBlockStart(_ json: JSONValue) throws(PerformerError) {
        guard let index = json["index"]?.integer, let content = json["content_block"] else {
            throw PerformerError(.protocolViolation, "a block begins without index or content")
        }
        let block = try Block(content)
        if let known = blocks[index] {
            guard known == block else {
                throw PerformerError(.protocolViolation, "the block \(index) begins twice")
            }
            return
        }
        guard reason == nil else { throw PerformerError(.protocolViolation, "a block begins after the end") }
        blocks[index] = block
    }

    private mutating func takeDelta(_ json: JSONValue) throws(PerformerError) {
        guard let index = json["index"]?.integer, var block = blocks[index], !block.isClosed, reason == nil else {
            throw PerformerError(.protocolViolation, "a piece comes for a block that is not open")
        }
        guard try block.take(delta: json["delta"] ?? .null) else {
            ignoredEvents += 1
            return
        }
        blocks[index] = block
    }

    private mutating func takeBlockStop(_ json: JSONValue) throws(PerformerError) {
        guard let index = json["index"]?.integer, blocks[index] != nil else {
            throw PerformerError(.protocolViolation, "a block ends that never began")
        }
        blocks[index]?.isClosed = true
    }

    private mutating func takeMessageDelta(_ json: JSONValue) throws(PerformerError) {
        if let word = json["delta"]?["stop_reason"]?.string { try reason.settle(word, "the reason to stop") }
        takeUsage(json["usage"])
    }

    private mutating func takeStop() throws(PerformerError) {
        guard reason != nil else {
            throw PerformerError(.incomplete, "the stream ends without a reason to stop", retry: .later(nil))
        }
        guard blocks.values.allSatisfy(\.isClosed) else {
            throw PerformerError(.incomplete, "the stream ends within a block", retry: .later(nil))
        }
        finish()
    }

    private mutating func finish() {
        isComplete = true
        head.stop =
            switch reason {
            case "end_turn", "stop_sequence": .finished
            case "tool_use": .calls
            case "max_tokens": .length
            case "model_context_window_exceeded": .contextFull
            case "refusal": .refusal
            case let other: .unknown(other ?? "")
            }
    }
}
