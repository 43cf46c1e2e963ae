// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// What a program wrote, checked.
///
/// One JSON object with exactly one of `output` (any value), `text`, `tool_calls` (a list of `tool`, `arguments` and,
/// if it likes, `id`) and `refusal` (why it declines); beside it, if it likes, `performer` (its name) and `usage` with
/// `input_tokens`, `cached_tokens`, `output_tokens`, `reasoning_tokens` and `dollars`.
struct ProgramAnswer: Sendable {
    private let json: JSONObject
    private let turnNumber: Int

    /// Reads the answer.
    ///
    /// - Throws: ``PerformerError`` with `.empty` or `.protocolViolation`.
    init(_ bytes: [UInt8], turn: Int) throws(PerformerError) {
        guard bytes.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
            throw PerformerError(.empty, "the program wrote nothing")
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            let fault = error.description.boundedLine(120)
            throw PerformerError(.protocolViolation, "what the program wrote is not JSON: \(fault)")
        }
        guard let object = value.object else {
            throw PerformerError(.protocolViolation, "what the program wrote is no object but \(value.typeName)")
        }
        let known: Set<String> = ["output", "text", "tool_calls", "refusal", "usage", "performer"]
        if let stranger = object.keys.first(where: { !known.contains($0) }) {
            throw PerformerError(
                .protocolViolation,
                "the program's answer has an unknown “\(stranger.boundedLine(60))”"
            )
        }
        let answers = object.keys.filter { !["usage", "performer"].contains($0) }
        guard answers.count == 1 else {
            throw PerformerError(
                .protocolViolation,
                "the program's answer needs exactly one of output, text, tool_calls and refusal"
            )
        }
        json = object
        turnNumber = turn
    }

    /// Makes a turn of it.
    ///
    /// - Throws: ``PerformerError`` with `.refusal`, `.empty` or `.protocolViolation`, with the usage that was told.
    func turn(for request: TurnRequest, performer fallback: String) throws(PerformerError) -> Turn {
        let consumed = try usage()
        do throws(PerformerError) {
            if let why = json["refusal"] {
                throw PerformerError(
                    .refusal,
                    "the performer declined: \((why.string ?? why.compactText).boundedLine(300))"
                )
            }
            let calls = try calls(offered: Set(request.tools.map(\.name)))
            let text = try text()
            if calls.isEmpty, text.unicodeScalars.allSatisfy(\.properties.isWhitespace) {
                throw PerformerError(.empty, "the program's answer is empty")
            }
            let name = json["performer"]?.string?.boundedLine(200) ?? ""
            return Turn(text: text, calls: calls, usage: consumed, performer: name.isEmpty ? fallback : name)
        } catch {
            var error = error
            error.usage = consumed
            throw error
        }
    }

    private func text() throws(PerformerError) -> String {
        if let output = json["output"] { return output.compactText }
        guard let text = json["text"] else { return "" }
        guard let text = text.string else {
            throw PerformerError(.protocolViolation, "the program's text is no string")
        }
        return text
    }

    private func calls(offered: Set<ToolName>) throws(PerformerError) -> [ToolCall] {
        guard let list = json["tool_calls"] else { return [] }
        guard let list = list.array, !list.isEmpty else {
            throw PerformerError(.protocolViolation, "the program's tool_calls are no list of calls")
        }
        var calls: [ToolCall] = []
        for (index, json) in list.enumerated() {
            guard let name = json["tool"]?.string, let arguments = json["arguments"], arguments.object != nil else {
                throw PerformerError(
                    .protocolViolation,
                    "a tool call needs a “tool” and “arguments” that are an object"
                )
            }
            guard offered.contains(ToolName(name)) else {
                throw PerformerError(.protocolViolation, "the tool “\(name.boundedLine(80))” was not offered")
            }
            let id = json["id"]?.string ?? "call-\(turnNumber)-\(index)"
            guard (1...256).contains(id.utf8.count), id == id.visible(), !calls.contains(where: { $0.id == id }) else {
                throw PerformerError(.protocolViolation, "a tool call's id is unusable or there twice")
            }
            calls.append(ToolCall(id: id, tool: ToolName(name), arguments: arguments))
        }
        return calls
    }

    private func usage() throws(PerformerError) -> Usage {
        guard let told = json["usage"] else { return Usage(calls: 1) }
        var usage = Usage(calls: 1)
        usage.inputTokens = try tokens("input_tokens", of: told)
        usage.cachedTokens = try tokens("cached_tokens", of: told)
        usage.outputTokens = try tokens("output_tokens", of: told)
        usage.reasoningTokens = try tokens("reasoning_tokens", of: told)
        if let dollars = told["dollars"] {
            guard let dollars = dollars.double, (0...1_000_000).contains(dollars) else {
                throw PerformerError(.protocolViolation, "the program's usage has absurd dollars")
            }
            usage.money = Money(dollars: dollars)
        }
        return usage
    }

    private func tokens(_ name: String, of usage: JSONValue) throws(PerformerError) -> Int {
        guard let told = usage[name] else { return 0 }
        guard let count = told.integer, (0...1_000_000_000).contains(count) else {
            throw PerformerError(.protocolViolation, "the program's usage has absurd \(name)")
        }
        return Int(count)
    }
}
