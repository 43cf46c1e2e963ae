// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Records what another performer answers, so that ``ReplayPerformer`` can play it again.
///
/// Each episode has a file of its own in the directory, which is replaced as a whole after each turn. The first turn of an
/// episode begins its recording anew. Only answers are recorded; errors are passed on.
public struct RecordingPerformer: Performer {
    private let performer: any Performer
    private let directory: String

    /// Makes a performer that records another.
    ///
    /// - Parameters:
    ///   - performer: Who really performs.
    ///   - directory: Where the recordings go; made when it is not there.
    public init(wrapping performer: any Performer, directory: String) {
        self.performer = performer
        self.directory = directory
    }

    /// Who really performs.
    public var about: String { performer.about }

    /// Whether the other performer has to be watched.
    public var needsWatch: Bool { performer.needsWatch }

    /// Runs some work where the other performer would have it.
    public func near<Result>(_ work: () async throws -> Result) async throws -> Result {
        try await performer.near(work)
    }

    /// Runs some work when the other performer may be asked.
    public func inTurn<Result>(for run: RunID, _ work: () async throws -> Result) async throws -> Result {
        try await performer.inTurn(for: run, work)
    }

    /// Lets the other performer answer and records it.
    ///
    /// - Throws: ``PerformerError`` with `.notRecorded` when the turns before this one are not on record or the file cannot
    ///   be written; what the other performer throws.
    public func respond(to request: TurnRequest) async throws -> Turn {
        var file = RecordingFile(episode: request.episode, role: request.role)
        if request.turn > 0 {
            file.turns = try RecordingFile.read(request.episode, in: directory)?.turns ?? []
            // Asked before the answer is paid for, since it could not be recorded.
            guard file.turns.count >= request.turn else {
                throw PerformerError(
                    .notRecorded,
                    "turn \(request.turn) of \(request.episode) cannot be recorded without the turns before it"
                )
            }
            file.turns.removeLast(file.turns.count - request.turn)
        }
        // Fails early when the name is unusable.
        _ = try RecordingFile.path(of: request.episode, in: directory)
        let turn = try await performer.respond(to: request)
        let known = file.turns.reduce(0) { $0 + $1.messages.count }
        file.turns.append(
            RecordingFile.RecordedTurn(
                request: request.digest,
                messages: request.messages.dropFirst(known).map(\.json),
                turn: turn
            )
        )
        do {
            try file.write(in: directory)
        } catch {
            let fault = String(describing: error).boundedLine(200)
            throw PerformerError(
                .notRecorded,
                "\(request.episode) was answered but cannot be recorded: \(fault)",
                usage: turn.usage
            )
        }
        return turn
    }
}
