// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension EpisodeReport {
    var cameOut: Markup {
        tag("section", id: "out") {
            tag("h2") { "What came out" }
            if let failure = record.failure {
                tag("p") { toned(.bad, "✕ \(failure.code): \(failure.message)") }
            }
            switch conversation(record.transcript) {
            case .failure(let why): missing(why)
            case .success(let transcript):
                if let answer = transcript.answer { output(answer) } else { tag("p", "soft") { "No output." } }
            }
        }
    }

    private func output(_ answer: String) -> Markup {
        guard let json = try? JSONValue(parsing: answer.trimmingWhitespace) else {
            return Markup(joining: [tag("p", "caution") { "Not one JSON value; as it came:" }, tag("pre") { answer }])
        }
        return Markup(joining: [
            claims(json), ValueMarkup.markup(json),
        ])
    }

    /// The account with its quotations compared with what went in, where the output is one.
    private func claims(_ json: JSONValue) -> Markup {
        guard record.order.task.quotes, let said = try? json.decode(Explanation.self),
            case .success(let prompt) = conversation(record.prompt)
        else { return .empty }
        var records: [String: String] = [:]
        for case .input(let input) in prompt.pieces { records[input.label] = records[input.label] ?? input.text }
        let explanation = said.checked(against: records)
        return Markup(joining: [
            tag("p", "soft") { explanation.countsText },
            tag("ul", "plain") {
                for claim in explanation.claims {
                    tag("li", title: claim.standing.meaning) {
                        toned(claim.standing.tone, "\(claim.standing.mark) \(claim.standing.rawValue)")
                        " \(claim.text) "
                        tag("details", "inline") {
                            tag("summary") { "where from" }
                            provenance.origin(of: claim, in: explanation)
                        }
                    }
                }
            },
        ])
    }

    var happened: Markup {
        tag("section", id: "conversation") {
            tag("h2") { "The conversation" }
            switch conversation(record.transcript) {
            case .failure(let why): missing(why)
            case .success(let transcript): self.transcript(transcript)
            }
        }
    }

    private func transcript(_ transcript: Conversation) -> Markup {
        let entries = transcript.after(try? conversation(record.prompt).get())
        let skipped = transcript.entries.count - entries.count
        return Markup(joining: [
            skipped > 0 ? tag("p", "soft") { "It begins with what went in, above." } : .empty,
            Markup(joining: entries.map(ConversationMarkup.entry)),
        ])
    }

    // MARK: - Votes

    var votes: Markup {
        guard let ballot = record.ballot else { return .empty }
        return tag("section", id: "votes") {
            tag("h2") { "Votes" }
            tag("p") { ballot.line }
            for (place, sample) in ballot.samples.enumerated() {
                tag("details", "whole") {
                    tag("summary") { BallotMarkup.line(sample, place: place, of: ballot) }
                    BallotMarkup.facts(sample)
                    self.sample(sample.transcript, "its conversation")
                    self.sample(sample.verdict, "the verifier's conversation about it")
                }
            }
        }
    }

    private func sample(_ reference: ArtefactReference?, _ title: String) -> Markup {
        guard let reference else { return .empty }
        guard reference != record.transcript else { return tag("p", "soft") { "Its conversation is the one below." } }
        return Markup(joining: [
            tag("h4") {
                title + " "
                tag("code", "hash") { reference.digest.hex }
            },
            {
                switch conversation(reference) {
                case .failure(let why): missing(why)
                case .success(let transcript):
                    // What went in is the same for each sample and stands above; a verifier was given something else.
                    self.transcript(transcript)
                }
            }(),
        ])
    }

    private func toned(_ tone: TextStyle.Tone, _ text: String) -> Markup {
        tag("span", with: [("class", tone.name)]) { text }
    }
}
