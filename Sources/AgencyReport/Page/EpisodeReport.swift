// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

package import AgencyCore
import AgencySchema

/// One episode in full: what went in, what came out, what was looked at with tools, how it was voted on, and what it cost.
///
/// Nothing is cut. What the ledger stores besides events is given by the caller; what is missing is said to be.
package struct EpisodeReport: Sendable {
    let state: RunState
    let record: EpisodeRecord
    let provenance: ProvenanceReport
    private let artefacts: [Digest: [UInt8]]

    /// What has to be fetched for the report of an episode: its prompt, its transcript, and those of its samples.
    package static func artefacts(of record: EpisodeRecord) -> [ArtefactReference] {
        let samples = (record.ballot?.samples ?? []).flatMap { [$0.transcript, $0.verdict] }
        return ([record.prompt, record.transcript] + samples).compactMap(\.self).withoutRepetition
    }

    /// Prepares the report of an episode.
    ///
    /// - Parameters:
    ///   - record: The episode.
    ///   - state: The run.
    ///   - events: The run's events, in order; who wrote what went in comes from these.
    ///   - artefacts: The stored bytes by their digests, as many of ``artefacts(of:)`` as there are.
    ///   - link: Where the names of other episodes lead.
    package init(
        _ record: EpisodeRecord,
        state: RunState,
        events: [RecordedEvent],
        artefacts: [Digest: [UInt8]],
        link: @escaping @Sendable (EpisodeID) -> String
    ) {
        self.record = record
        self.state = state
        self.artefacts = artefacts
        provenance = ProvenanceReport(state: state, events: events, link: link)
    }

    /// The whole report.
    package var markup: Markup {
        Markup(joining: [facts, wentIn, cameOut, votes, happened])
    }

    private var role: Role? { state.architecture?.role(record.order.role) }

    /// What the prompt or the transcript says, or why that cannot be told.
    func conversation(_ reference: ArtefactReference?) -> Result<Conversation, Missing> {
        guard let reference else { return .failure(Missing(words: "It has not ended, so that nothing is stored yet.")) }
        guard let bytes = artefacts[reference.digest] else {
            return .failure(
                Missing(words: "The ledger does not hold \(reference.digest.short): taken out, or never there.")
            )
        }
        guard Digest(of: bytes) == reference.digest else {
            return .failure(Missing(words: "What is stored as \(reference.digest.short) is not what was recorded."))
        }
        do {
            return .success(try Conversation(stored: bytes))
        } catch {
            return .failure(Missing(words: "What is stored as \(reference.digest.short) cannot be read: \(error)."))
        }
    }

    /// Why a conversation cannot be shown.
    struct Missing: Error {
        var words: String
    }

    func missing(_ one: Missing) -> Markup { tag("p", "caution") { one.words } }

    // MARK: - Parts

    private var facts: Markup {
        let order = record.order
        let usage = record.usage
        let narratives = role?.narratives ?? []
        let scene = narratives.isEmpty ? nil : narratives[max(0, order.narrative) % narratives.count]
        let rows: [(String, String?)] = [
            ("Role", "\(order.role), to \(order.task.rawValue)" + (order.subject.map { " \($0)" } ?? "")),
            ("Scene", scene), ("Performed by", record.performer + (record.isRecorded ? ", recorded answers" : "")),
            ("Outcome", record.failure.map { "✕ \($0.code): \($0.message)" } ?? record.mark.rawValue),
            ("Begun", UTC.text(milliseconds: record.startedAtMilliseconds)),
            ("Took", record.milliseconds.millisecondsText),
            (
                "Tokens",
                (usage.estimated ? "≈ " : "")
                    + "\(usage.inputTokens.grouped) sent (\(usage.cachedTokens.grouped) cached), "
                    + "\(usage.outputTokens.grouped) received (\(usage.reasoningTokens.grouped) of reasoning), "
                    + usage.calls.counted("request")
            ), ("Cost", usage.money.description),
            (
                "Asked again",
                record.askedAgain > 0
                    ? record.askedAgain.counted("time") + " after an interruption; nobody knows what that cost" : nil
            ),
        ]
        return tag("section", id: "facts") {
            tag("h2") { "Episode \(order.id)" }
            tag("nav") {
                tag("a", with: [("href", "#in")]) { "What went in" }
                tag("a", with: [("href", "#out")]) { "What came out" }
                if record.ballot != nil { tag("a", with: [("href", "#votes")]) { "Votes" } }
                tag("a", with: [("href", "#conversation")]) { "The conversation" }
            }
            tag("dl", "facts") {
                for (name, value) in rows {
                    if let value {
                        tag("dt") { name }
                        tag("dd") { value }
                    }
                }
                tag("dt") { "Prompt" }
                tag("dd") { tag("code", "hash") { record.prompt.digest.hex } }
                if let transcript = record.transcript {
                    tag("dt") { "Transcript" }
                    tag("dd") { tag("code", "hash") { transcript.digest.hex } }
                }
            }
        }
    }

    private var wentIn: Markup {
        tag("section", id: "in") {
            tag("h2") { "What went in" }
            switch conversation(record.prompt) {
            case .failure(let why): missing(why)
            case .success(let prompt): given(prompt)
            }
        }
    }

    private func given(_ prompt: Conversation) -> Markup {
        let known = provenance.lineage.inputs[record.order.id] ?? []
        return Markup(joining: [
            tag("details", "whole") {
                tag("summary") { "instructions of the role, and the shape of the output" }
                tag("pre") { prompt.system ?? "none" }
            },
            Markup(
                joining: prompt.pieces.map { piece in
                    switch piece {
                    case .words(let words): return tag("pre") { words }
                    case .input(let input):
                        let source = known.first { $0.label == input.label }
                        return Markup(joining: [self.input(input, source), writers(of: source)])
                    }
                }
            ),
        ])
    }

    private func writers(of source: Lineage.Input?) -> Markup {
        let (words, isTrusted) = provenance.writers(of: source)
        return tag("p", with: [("class", isTrusted ? "soft" : "caution")]) { words }
    }

    private func input(_ input: StoredInput, _ known: Lineage.Input?) -> Markup {
        var tree = OriginTree()
        let from = known.map { provenance.list($0, &tree) } ?? .empty
        return tag("details", "whole") {
            tag("summary") {
                tag("code") { input.label }
                " \(input.origin), \(input.text.utf8.count.grouped) bytes"
            }
            if known != nil {
                tag("details", "inline") {
                    tag("summary") { "where it comes from" }
                    from
                }
            }
            tag("pre") { input.text }
        }
    }
}
