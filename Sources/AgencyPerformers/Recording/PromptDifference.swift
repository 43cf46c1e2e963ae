// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// The first line in which two conversations differ.
struct PromptDifference: CustomStringConvertible, Hashable, Sendable {
    /// The line as it was recorded; `nil` when the recording ends before it.
    let recorded: String?
    /// The line as it is now; `nil` when the conversation ends before it.
    let now: String?
    /// The number of the message, counted from 1; 0 when the messages do not differ.
    let message: Int

    /// Compares two conversations.
    init(recorded: [JSONValue], now: [JSONValue]) {
        for index in 0..<max(recorded.count, now.count) {
            let old = recorded.indices.contains(index) ? Self.lines(of: recorded[index]) : []
            let new = now.indices.contains(index) ? Self.lines(of: now[index]) : []
            for line in 0..<max(old.count, new.count) {
                let left = old.indices.contains(line) ? old[line] : nil
                let right = new.indices.contains(line) ? new[line] : nil
                // The mark before an input is made from its digest: it differs because a line after it does.
                guard left != right, !(Self.isMark(left) && Self.isMark(right)) else { continue }
                self.recorded = left
                self.now = right
                message = index + 1
                return
            }
        }
        self.recorded = nil
        self.now = nil
        message = 0
    }

    private static func isMark(_ line: String?) -> Bool {
        guard let line, line.hasPrefix("<<<"), line.utf8.count == 15 else { return false }
        return line.utf8.dropFirst(3).allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }

    /// What differs, for people.
    var description: String {
        guard message > 0 else { return "the messages are the recorded ones; the tools or the output schema differ" }
        return "message \(message) differs: recorded \(Self.quoted(recorded)), now \(Self.quoted(now))"
    }

    private static func quoted(_ line: String?) -> String { line.map { "“\($0.boundedLine(100))”" } ?? "nothing" }

    /// A message as lines; everything that the digest covers is in some line.
    private static func lines(of message: JSONValue) -> [String] {
        guard let object = message.object else { return [message.compactText] }
        var lines = ["[\(object["role"]?.string ?? "?")]"]
        for (name, value) in object where name != "role" {
            switch (name, value) {
            case ("text", .string(let text)), ("output", .string(let text)): lines += split(text)
            case ("parts", .array(let parts)):
                for part in parts { lines += part["text"]?.string.map(split) ?? [part.canonicalText] }
            case ("calls", .array(let calls)): lines += calls.map(\.canonicalText)
            default: lines.append("\(name): \(value.canonicalText)")
            }
        }
        return lines
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
