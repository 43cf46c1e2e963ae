// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// An answer put together from its pieces, before anything in it is believed.
struct AssembledAnswer: Hashable, Sendable {
    /// The model as it names itself.
    var model: String?
    /// The text.
    var text = ""
    /// The words of a refusal.
    var refusal = ""
    /// Bytes of reasoning, which are counted and not kept.
    var reasoningBytes = 0
    /// The calls, in order.
    var calls: [Call] = []
    /// Why it ended; `nil` while it has not.
    var stop: Stop?
    /// What it is said to have consumed.
    var usage = ReportedUsage()

    /// A call with its name on the wire and its arguments as text.
    struct Call: Hashable, Sendable {
        var id: String
        var name: String
        var arguments: String
    }

    /// Why an answer ended.
    enum Stop: Hashable, Sendable {
        case finished
        case calls
        case length
        case contextFull
        case refusal
        case unknown(String)
    }

    /// Bytes received in all.
    var byteCount: Int {
        text.utf8.count + refusal.utf8.count + reasoningBytes + calls.reduce(0) { $0 + $1.arguments.utf8.count }
    }

    /// Checks everything and makes a turn of it.
    ///
    /// - Throws: ``PerformerError`` that carries the usage: `.refusal`, `.cutOff`, `.contextOverflow`, `.empty`, or
    ///   `.protocolViolation`.
    func turn(for request: TurnRequest, profile: Profile, names: ToolWireNames) throws(PerformerError) -> Turn {
        let consumed = consumption(for: request, profile: profile)
        do throws(PerformerError) {
            try checkStop()
            let calls = try checkedCalls(names)
            let isBlank = text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
            if calls.isEmpty, isBlank {
                let what = reasoningBytes > 0 ? "only reasoning" : text.isEmpty ? "nothing" : "only white space"
                throw PerformerError(.empty, "the answer holds \(what)")
            }
            return Turn(text: text, calls: calls, usage: consumed, performer: performer(profile))
        } catch {
            var error = error
            error.usage = consumed
            throw error
        }
    }

    /// What has been consumed, as far as it can be told.
    func consumption(for request: TurnRequest, profile: Profile) -> Usage {
        usage.usage(for: request, receivedBytes: byteCount, profile: profile)
    }

    private func performer(_ profile: Profile) -> String {
        let name = (model ?? "").boundedLine(200)
        return name.isEmpty ? profile.model : name
    }

    private func checkStop() throws(PerformerError) {
        if stop == .refusal || !refusal.isEmpty {
            let words = refusal.isEmpty ? text : refusal
            let told = words.isEmpty ? "" : ": \(words.boundedLine(300))"
            throw PerformerError(.refusal, "the performer declined\(told)")
        }
        switch stop {
        case .length:
            throw PerformerError(.cutOff, "the answer was cut off after \(byteCount) bytes by its token limit")
        case .contextFull: throw PerformerError(.contextOverflow, "the answer filled up the model's context")
        case .unknown(let word):
            throw PerformerError(.protocolViolation, "unknown reason to stop: “\(word.boundedLine(60))”")
        case nil: throw PerformerError(.incomplete, "the answer has no end", retry: .later(nil))
        case .calls where calls.isEmpty:
            throw PerformerError(.protocolViolation, "the answer ends with a tool call but has none")
        case .finished, .calls, .refusal: break
        }
    }

    private func checkedCalls(_ names: ToolWireNames) throws(PerformerError) -> [ToolCall] {
        var seen: Set<String> = []
        var checked: [ToolCall] = []
        for call in calls {
            guard (1...256).contains(call.id.utf8.count), call.id == call.id.visible() else {
                throw PerformerError(.protocolViolation, "a tool call has no usable id")
            }
            guard seen.insert(call.id).inserted else {
                throw PerformerError(.protocolViolation, "two tool calls have the id “\(call.id.boundedLine(80))”")
            }
            guard let tool = names.tool(named: call.name) else {
                throw PerformerError(.protocolViolation, "the tool “\(call.name.boundedLine(80))” was not offered")
            }
            checked.append(ToolCall(id: call.id, tool: tool, arguments: try Self.arguments(call)))
        }
        return checked
    }

    private static func arguments(_ call: Call) throws(PerformerError) -> JSONValue {
        // Several servers write nothing at all for a tool without parameters.
        if call.arguments.isEmpty { return [:] }
        let name = call.name.boundedLine(80)
        do {
            let value = try JSONValue(parsing: call.arguments)
            guard value.object != nil else {
                throw PerformerError(
                    .protocolViolation,
                    "the arguments of “\(name)” are no object but \(value.typeName)"
                )
            }
            return value
        } catch let error as JSONError {
            let fault = error.description.boundedLine(120)
            throw PerformerError(.protocolViolation, "the arguments of “\(name)” are not JSON: \(fault)")
        } catch let error as PerformerError {
            throw error
        } catch {
            throw PerformerError(.protocolViolation, "the arguments of “\(name)” are not JSON")
        }
    }
}
