// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// A conversation that grows: each call is given all that was said before, and the ledger holds every word of each.
enum Chat {
    /// About this many bytes of English are one token.
    private static let bytesPerToken = 4

    static func measure(calls: Int, tokens: Int, resultBytes: Int) async throws {
        try await withFolder { folder in
            let path = folder + "/ledger.sqlite"
            let store = try SQLiteLedgerStore(path: path)
            var words = Words(seed: 3)
            // What is there before the first call, so that the last one is given so many tokens.
            let opening = words.text(max(0, tokens * bytesPerToken - calls * (resultBytes + 200)))
            var messages: [Message] = [.system("You keep accounts."), .user([.text(opening)])]
            var head = Head(emptyRun: "chat")
            var sent = 0
            let start = ContinuousClock.now
            for call in 0..<calls {
                let prompt = Artefact(Self.bytes(messages))
                let answer = words.text(150)
                let name = "call-\(call + 1)"
                messages += [
                    .performer(
                        text: answer,
                        calls: [ToolCall(id: name, tool: "files.read", arguments: ["page": .integer(Int64(call))])]
                    ),
                    .tool(call: name, output: words.text(resultBytes), isError: false),
                ]
                let transcript = Artefact(Self.bytes(messages))
                sent += prompt.bytes.count
                let id = EpisodeID("0.propose.clerk.\(call + 1)")
                let order = EpisodeOrder(id: id, role: "clerk", task: .propose)
                let events: [Event] = [
                    .episodeStarted(EpisodeStarted(order: order, prompt: prompt.reference, performer: "chat")),
                    .episodeFailed(
                        EpisodeFailed(
                            episode: id,
                            code: "none",
                            message: answer,
                            transcript: transcript.reference,
                            usage: Usage(),
                            milliseconds: 0
                        )
                    ),
                ]
                for (event, artefact) in zip(events, [prompt, transcript]) {
                    let bytes = try RecordedEvent(sequence: head.sequence + 1, atMilliseconds: 0, event: event)
                        .storedBytes()
                    let made = try await store.append([bytes], artefacts: [artefact], to: "chat", after: head, row: nil)
                    head = made.last.map(Head.init(_:)) ?? head
                }
            }
            let seconds = start.duration(to: .now) / .seconds(1)
            let found = try await store.verify(run: "chat")
            guard found.isSound else { throw UsageFault("the ledger does not verify: \(found.faults.prefix(1))") }
            try store.close()
            let name = "a chat that grows to \(tokens / 1000),000 tokens in \(calls) calls"
            Figure.report("\(name): calls recorded", Double(calls), "")
            Figure.report("\(name): sent to the model", Double(sent) / 1_000_000, "MB")
            Figure.report("\(name): the ledger", Double(try Floor.sizeInBytes(path)) / 1_000_000, "MB")
            Figure.report("\(name): recorded in", seconds, "s")
        }
    }

    private static func bytes(_ messages: [Message]) -> [UInt8] {
        JSONValue.array(messages.map(\.json)).canonicalBytes
    }
}

/// Words of a seeded generator, which no compression and no repetition makes smaller than they are.
private struct Words {
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(seed: seed) }

    /// About so many bytes of words.
    mutating func text(_ count: Int) -> String {
        var text = ""
        while text.utf8.count < count {
            for _ in 0..<(2 + Int(generator.unit() * 8)) {
                text.unicodeScalars.append(Unicode.Scalar(UInt8(97 + Int(generator.unit() * 26))))
            }
            text += " "
        }
        return text
    }
}
