// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencySchema

extension Worker {
    /// Records what has ended, all of it in one append: a burst of answers is durable at the price of one.
    mutating func record(_ ended: [Ended]) async throws {
        guard !ended.isEmpty else { return }
        var artefacts: [Artefact] = []
        do {
            try await record(artefacts: artefacts) { state in
                artefacts = []
                return try ended.filter { state.episodes[$0.order.id]?.status == .started }.map { one in
                    let transcript = one.ending.transcriptArtefact
                    artefacts += [transcript] + one.ending.others
                    return try Self.event(one.order, one.prompt, one.ending, transcript.reference)
                }
            }
        } catch let error as RuntimeError where error.code == .takenOver {
            try await recordLate(ended.map { ($0.ending.transcriptArtefact, $0.order.id, nil, nil, $0.ending.usage) })
            throw error
        }
    }

    private static func event(
        _ order: EpisodeOrder,
        _ prompt: Prompt,
        _ ending: Performance.Ending,
        _ transcript: ArtefactReference
    ) throws -> Event {
        switch ending.result {
        case .completed(let output):
            let explanation =
                order.task.quotes
                ? try output.decode(Explanation.self).checked(against: prompt.records) : nil
            return .episodeCompleted(
                EpisodeCompleted(
                    episode: order.id,
                    output: output,
                    explanation: explanation,
                    transcript: transcript,
                    usage: ending.usage,
                    performer: ending.performer,
                    recorded: ending.isRecorded,
                    milliseconds: ending.milliseconds,
                    ballot: ending.ballot,
                    hidden: ending.hidden
                )
            )
        case .failed(let code, let message):
            return .episodeFailed(
                EpisodeFailed(
                    episode: order.id,
                    code: code,
                    message: message,
                    transcript: transcript,
                    usage: ending.usage,
                    milliseconds: ending.milliseconds,
                    ballot: ending.ballot,
                    hidden: ending.hidden
                )
            )
        }
    }
}
