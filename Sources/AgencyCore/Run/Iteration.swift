// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// A long work that is taken on step by step: where it is, however many steps that took.
public struct Iteration: Hashable, Sendable, Codable {
    /// How many episodes have advanced it.
    public internal(set) var number = 0
    /// The state that it has reached.
    public internal(set) var state: JSONValue
    /// Whether the last output said that the work is done.
    public internal(set) var isDone = false
    /// The conversation that every episode begins with, except for the state.
    public internal(set) var prompt: ArtefactReference?
    /// Who performs, in words.
    public internal(set) var performer: String?
    /// Why the next episode failed, until it is tried again.
    public internal(set) var failure: Failure?
    /// How many answers were given.
    public internal(set) var answers = 0
    /// How many answers were not the one that counted.
    public internal(set) var outvoted = 0
    /// Whether any of the words were recorded earlier.
    public internal(set) var isRecorded = false

    /// Why an episode failed.
    public struct Failure: Hashable, Sendable, Codable {
        /// The stable word for it.
        public var code: String
        /// The message.
        public var message: String
    }
}

extension RunState {
    /// The episode that takes the work on, while there is work.
    func advancing(_ role: RoleName) -> EpisodeOrder {
        EpisodeOrder(id: EpisodeID("0.advance.\(role).\((iteration?.number ?? 0) + 1)"), role: role, task: .advance)
    }

    /// What is due in an iterate stage.
    func iterating(_ role: RoleName, atMost: Int) -> Work {
        if let failure = iteration?.failure {
            return .wait(.stalled("\(advancing(role).id): \(failure.code): \(failure.message)"))
        }
        guard (iteration?.number ?? 0) < atMost else {
            let summary = "the work was not done after \(atMost.grouped) episodes, which is its bound"
            return .finish(RunFinished(outcome: .unmet, summary: summary))
        }
        return .iterate(advancing(role))
    }

    mutating func iterate(_ recorded: RecordedEvent) {
        guard case .iterate(let role, let atMost)? = currentStage else {
            return note("advances work where there is none", recorded)
        }
        switch recorded.event {
        case .iterationBegun(let event):
            guard event.role == role else { return note("begins the work of another role", recorded) }
            if iteration == nil { iteration = Iteration(state: started?.brief.state ?? .null) }
            iteration?.prompt = event.prompt
            iteration?.performer = event.performer
        case .stateAdvanced(let event):
            guard let before = iteration, before.prompt != nil, event.number == before.number + 1,
                event.number <= atMost, before.failure == nil
            else { return note("advances a work that is elsewhere", recorded) }
            iteration?.number = event.number
            iteration?.state = event.output["state"] ?? .null
            iteration?.isDone = event.output["done"]?.bool ?? false
            iteration?.answers += event.votes.count
            iteration?.outvoted += event.votes.count { $0 != event.winner }
            if event.recorded { iteration?.isRecorded = true }
            if let words = event.output["dissent"]?.string, !words.trimmingWhitespace.isEmpty {
                dissents.append(Dissent(role: role, episode: "0.advance.\(role).\(event.number)", statement: words))
            }
            spend(event.usage, milliseconds: event.milliseconds)
        case .advanceFailed(let event):
            guard let before = iteration, event.number == before.number + 1, before.failure == nil else {
                return note("fails a step of a work that is elsewhere", recorded)
            }
            iteration?.failure = Iteration.Failure(code: event.code, message: event.message)
            spend(event.usage, milliseconds: event.milliseconds)
        default: break
        }
    }
}
