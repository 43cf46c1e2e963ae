// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// Plays recordings again, word for word, as long as the prompts are the recorded ones.
public struct ReplayPerformer: Performer {
    private let directory: String

    /// Makes a performer that plays the recordings in a directory.
    public init(directory: String) { self.directory = directory }

    /// Where the recordings are.
    public var about: String { "the recordings in \(directory)".boundedLine(200) }

    /// Gives the recorded answer.
    ///
    /// - Throws: ``PerformerError`` with `.notRecorded` when there is none (record it) and `.promptChanged` when the request
    ///   is not the one that was recorded, with the first line that differs (record it again, or undo the change).
    public func respond(to request: TurnRequest) async throws -> Turn {
        guard let file = try RecordingFile.read(request.episode, in: directory) else {
            throw PerformerError(.notRecorded, "there is no recording of \(request.episode.rawValue.boundedLine(120))")
        }
        guard file.turns.indices.contains(request.turn) else {
            throw PerformerError(
                .notRecorded,
                "the recording of \(request.episode) has \(file.turns.count) turns, but turn \(request.turn) is asked for"
            )
        }
        let recorded = file.turns[request.turn]
        guard recorded.request == request.digest else {
            let messages = file.turns.prefix(request.turn + 1).flatMap(\.messages)
            let difference = PromptDifference(recorded: messages, now: request.messages.map(\.json))
            throw PerformerError(.promptChanged, "turn \(request.turn) of \(request.episode): \(difference)")
        }
        var turn = recorded.turn
        turn.recorded = true
        return turn
    }
}
