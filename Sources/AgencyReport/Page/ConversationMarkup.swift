// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

/// The entries of a conversation, in full.
enum ConversationMarkup {
    static func entry(_ entry: Conversation.Entry) -> Markup {
        switch entry {
        case .prompt(let digest): tag("p", "soft") { "It begins with a prompt that is kept by itself: \(digest.hex)" }
        case .system(let text): part("instructions", text)
        case .given(let texts): part("to the performer", texts.joined(separator: "\n"))
        case .said(let text, let calls):
            Markup(joining: [
                tag("h4") { "the performer" }, text.isEmpty ? .empty : tag("pre") { text },
                Markup(joining: calls.map(call)),
            ])
        case .shown(let call, let output, let original, let isError):
            Markup(joining: [
                tag("h4") {
                    if isError { tag("span", "bad") { "✗ refused or failed " } }
                    "the tool, in answer to "
                    tag("code") { call }
                }, tag("pre") { output },
                original.map { text in
                    Markup(joining: [
                        tag("p", "caution") {
                            "Something was hidden in what the tool showed, and not shown to the performer. All of it, drawn:"
                        }, tag("pre") { text },
                    ])
                } ?? .empty,
            ])
        case .other(let json): part("not known to this version", json.prettyText)
        }
    }

    private static func part(_ title: String, _ text: String) -> Markup {
        Markup(joining: [tag("h4") { title }, tag("pre") { text }])
    }

    private static func call(_ call: ToolCall) -> Markup {
        Markup(joining: [
            tag("p") {
                "→ called "
                tag("code") { call.tool.rawValue }
                " as "
                tag("code") { call.id }
            },
            tag("pre") {
                for one in ArgumentLine.lines(of: call.arguments) {
                    tag("span", with: [("class", one.isBlock ? "block" : "line")]) { one.indented }
                }
            },
        ])
    }
}

/// The samples of an episode that was voted on.
enum BallotMarkup {
    /// A sample in a line: whether it stands, which answer it gave, or the red flag for which it did not count.
    static func line(_ sample: BallotRecord.Sample, place: Int, of ballot: BallotRecord) -> String {
        let mark = place == ballot.winner ? "✓" : sample.answer == nil ? "✗" : "·"
        let votes = sample.answer.flatMap { ballot.answers.indices.contains($0) ? ballot.answers[$0].votes : nil }
        let said =
            sample.answer.map { "answer \($0 + 1)" + (votes.map { " of \($0.counted("vote"))" } ?? "") }
            ?? "red flag: \(sample.flag ?? "not told")"
        return "\(mark) sample \(place + 1), \(said)" + (place == ballot.winner ? ", whose output stands" : "")
    }

    static func facts(_ sample: BallotRecord.Sample) -> Markup {
        let usage = sample.usage
        let tokens = (usage.estimated ? "≈ " : "") + usage.tokens.grouped + " tokens"
        return Markup(joining: [
            sample.note.map { note in tag("p", "caution") { note } } ?? .empty,
            tag("p", "soft") {
                "by \(sample.performer) · \(tokens) · \(usage.money) · \(sample.milliseconds.millisecondsText)"
            },
        ])
    }
}
