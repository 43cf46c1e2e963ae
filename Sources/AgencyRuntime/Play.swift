// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// The conversation of a performance as it grows.
struct Play {
    var messages: [Message]
    /// What it begins with, where that is on record by itself: how many messages, and as what.
    private var prompt: (count: Int, reference: ArtefactReference)?
    var turns = 0
    var repairs = 0
    var usage = Usage()
    var performer: String?
    var isRecorded = false
    /// What tools showed, where something hid in it, by the place of the message.
    private var originals: [Int: String] = [:]

    init(messages: [Message], onRecordAs reference: ArtefactReference?) {
        self.messages = messages
        prompt = reference.map { (messages.count, $0) }
    }

    /// Takes what a tool showed, as the performer may see it.
    mutating func take(_ answer: Message) {
        guard case .tool(let call, let output, let isError) = answer else { return messages.append(answer) }
        let stripped = TextScan.stripped(output)
        if !stripped.utf8.elementsEqual(output.utf8) { originals[messages.count] = output }
        messages.append(.tool(call: call, output: stripped, isError: isError))
    }

    /// The conversation as it is kept: the exact text of every message, and what a tool showed before it was stripped.
    ///
    /// A prompt that is on record is not repeated; its reference stands in the place of its messages.
    var transcript: JSONValue {
        let said = messages.indices.dropFirst(prompt?.count ?? 0).map { place -> JSONValue in
            let message = messages[place].json
            guard let original = originals[place], case .object(var object) = message else { return message }
            object["original"] = .string(original)
            return .object(object)
        }
        return .array((prompt.map { [$0.reference.promptEntry] } ?? []) + said)
    }

    /// What was hidden in the results of tools, in words.
    var hidden: String? {
        guard !originals.isEmpty else { return nil }
        return originals.sorted { $0.key < $1.key }.prefix(4).compactMap { TextScan($0.value).summary }
            .joined(separator: "; ")
    }

    mutating func take(_ turn: Turn) {
        turns += 1
        usage += turn.usage.counted
        performer = turn.performer
        isRecorded = isRecorded || turn.recorded
        messages.append(.performer(text: turn.text, calls: turn.calls))
    }
}
