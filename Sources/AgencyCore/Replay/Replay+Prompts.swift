// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Replay {
    /// Builds a prompt anew and compares it with the recorded one.
    ///
    /// The list of files that a role may read is no part of the record by itself; it is taken from the recorded prompt.
    mutating func comparePrompt<Failure: Error>(
        of event: EpisodeStarted,
        _ recorded: RecordedEvent,
        _ lookup: PromptLookup<Failure>
    ) async throws(Failure) {
        let order = event.order
        guard let role = state.architecture?.role(order.role) else { return }
        var trees: [String?] = [nil]
        var bytes: [UInt8]?
        if role.reads.contains(.tree), order.task != .probe {
            bytes = try await lookup(event.prompt)
            guard let bytes else { return countPrompt(compared: false) }
            trees = Prompt.trees(inStored: bytes) + [nil]
        }
        var built: (prompt: Prompt, bytes: [UInt8])?
        let tools = order.tools(among: state.started?.tools ?? [])
        for tree in trees {
            guard let prompt = Prompt(for: order, in: state, tree: tree) else { continue }
            let candidate = prompt.storedBytes(role: role, tools: tools)
            let isRecorded = Digest(of: candidate) == event.prompt.digest
            if built == nil || isRecorded { built = (prompt, candidate) }
            if isRecorded { break }
        }
        guard let built else { return }
        countPrompt(compared: true)
        if order.task.quotes { inputs[order.id] = built.prompt.records }
        guard Digest(of: built.bytes) != event.prompt.digest else { return }
        if bytes == nil { bytes = try await lookup(event.prompt) }
        let difference = bytes.map { FirstDifference(recorded: $0, now: built.bytes) }
        diverge(
            .prompt,
            recorded,
            recorded: "\(order.id) was given \(difference?.recorded ?? "prompt \(event.prompt.digest.short)")",
            now: difference?.now ?? "it is given another, prompt \(Digest(of: built.bytes).short)"
        )
    }
}

/// The first line in which two recorded prompts differ, for people.
struct FirstDifference: Hashable, Sendable {
    var recorded: String
    var now: String

    init(recorded old: [UInt8], now new: [UInt8]) {
        let left = Self.lines(old)
        let right = Self.lines(new)
        for index in 0..<max(left.count, right.count) {
            let before = left.indices.contains(index) ? left[index] : nil
            let after = right.indices.contains(index) ? right[index] : nil
            // The mark before an input is made from its digest: it differs because a line after it does.
            guard before != after, !(Self.isMark(before) && Self.isMark(after)) else { continue }
            recorded = Self.quoted(before)
            now = Self.quoted(after)
            return
        }
        recorded = "the same words with other tools or another output schema"
        now = "the tools or the output schema differ"
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        guard let messages = (try? JSONValue(parsing: bytes))?["messages"]?.array else { return [] }
        return messages.flatMap { message in
            let texts =
                [message["text"]?.string].compactMap { $0 }
                + (message["parts"]?.array ?? []).compactMap { $0["text"]?.string }
            return ["[\(message["role"]?.string ?? "?")]"]
                + texts.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
        }
    }

    private static func isMark(_ line: String?) -> Bool { line?.hasPrefix("<<<") == true && line?.utf8.count == 15 }

    private static func quoted(_ line: String?) -> String { line.map { "“\($0.prefix(200))”" } ?? "nothing more" }
}
