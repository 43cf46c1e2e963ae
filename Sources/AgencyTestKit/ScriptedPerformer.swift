// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencySchema
import Synchronization

/// A performer that says what a test wrote down, and keeps what it was asked.
public final class ScriptedPerformer: Performer {
    /// One answer of a script.
    public enum Answer: Sendable {
        /// This value as the final output.
        case output(JSONValue)
        /// This text, whatever it is, as the final output.
        case text(String)
        /// Calls of tools.
        case calls([ToolCall])
        /// A complete turn, for its usage or the name of the performer.
        case turn(Turn)
        /// No answer.
        case failure(PerformerError)
    }

    /// Answers a request.
    public typealias Script = @Sendable (TurnRequest) async throws -> Answer

    /// Who performs, for people to read.
    public let about: String
    /// What an answer that does not say otherwise consumes.
    public let usage: Usage
    private let script: Script
    private let state: Mutex<State>

    private struct State {
        var requests: [TurnRequest] = []
        var queues: [EpisodeID: [Answer]]
    }

    /// Makes a performer.
    ///
    /// - Parameters:
    ///   - about: Who performs, for people to read.
    ///   - usage: What an answer that does not say otherwise consumes.
    ///   - queues: Answers for certain episodes, given one after another before the script is asked.
    ///   - script: Answers everything else.
    public init(
        about: String = "scripted",
        usage: Usage = Usage(inputTokens: 10, outputTokens: 10, calls: 1),
        queues: [EpisodeID: [Answer]] = [:],
        script: @escaping Script
    ) {
        self.about = about
        self.usage = usage
        self.script = script
        state = Mutex(State(queues: queues))
    }

    /// Makes a performer that has answers for certain episodes and none for others.
    public convenience init(about: String = "scripted", queues: [EpisodeID: [Answer]]) {
        self.init(about: about, queues: queues) { request in
            throw PerformerError(.notRecorded, "the script has no answer for \(request.episode)")
        }
    }

    /// Every request so far, in the order in which they came.
    public var requests: [TurnRequest] { state.withLock { $0.requests } }

    /// The requests of one episode.
    public func requests(of episode: EpisodeID) -> [TurnRequest] { requests.filter { $0.episode == episode } }

    /// Puts answers at the end of an episode's queue.
    public func enqueue(_ answers: Answer..., for episode: EpisodeID) {
        state.withLock { $0.queues[episode, default: []] += answers }
    }

    /// Answers from the queue of the episode, or else from the script.
    ///
    /// - Throws: `PerformerError` where the script says so; what the script throws.
    public func respond(to request: TurnRequest) async throws -> Turn {
        let queued = state.withLock { state -> Answer? in
            state.requests.append(request)
            guard state.queues[request.episode]?.isEmpty == false else { return nil }
            return state.queues[request.episode]?.removeFirst()
        }
        let answer: Answer
        if let queued { answer = queued } else { answer = try await script(request) }
        switch answer {
        case .output(let json): return Turn(text: json.compactText, usage: usage, performer: about)
        case .text(let text): return Turn(text: text, usage: usage, performer: about)
        case .calls(let calls): return Turn(text: "", calls: calls, usage: usage, performer: about)
        case .turn(let turn): return turn
        case .failure(let error): throw error
        }
    }
}
