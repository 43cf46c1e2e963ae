// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// An episode was begun.
public struct EpisodeStarted: Hashable, Sendable, Codable {
    /// What is to be performed.
    public var order: EpisodeOrder
    /// The exact conversation that it begins with.
    public var prompt: ArtefactReference
    /// Who performs, in words.
    public var performer: String

    /// Makes the event.
    public init(
        order: EpisodeOrder,
        prompt: ArtefactReference,
        performer: String
    ) {
        self.order = order
        self.prompt = prompt
        self.performer = performer
    }
}

/// An episode produced a valid output.
public struct EpisodeCompleted: Hashable, Sendable, Codable {
    /// The episode.
    public var episode: EpisodeID
    /// The output, valid for its task.
    public var output: JSONValue
    /// The account with its citations checked, when the output is one.
    public var explanation: Explanation?
    /// The whole conversation.
    public var transcript: ArtefactReference
    /// What it consumed.
    public var usage: Usage
    /// Who performed, as they name themselves.
    public var performer: String
    /// Whether the words were recorded earlier.
    public var recorded: Bool
    /// How long it took; of several samples, all of them together.
    public var milliseconds: Int
    /// How its samples were counted, when the role is voted on.
    public var ballot: BallotRecord?
    /// What was hidden in the results of tools and not shown to the performer; the transcript has the whole of them.
    public var hidden: String?

    /// Makes the event.
    public init(
        episode: EpisodeID,
        output: JSONValue,
        explanation: Explanation? = nil,
        transcript: ArtefactReference,
        usage: Usage,
        performer: String,
        recorded: Bool,
        milliseconds: Int,
        ballot: BallotRecord? = nil,
        hidden: String? = nil
    ) {
        self.episode = episode
        self.output = output
        self.explanation = explanation
        self.transcript = transcript
        self.usage = usage
        self.performer = performer
        self.recorded = recorded
        self.milliseconds = milliseconds
        self.ballot = ballot
        self.hidden = hidden
    }
}

/// An episode ended without a valid output; never to be read as a low opinion.
public struct EpisodeFailed: Hashable, Sendable, Codable {
    /// The episode.
    public var episode: EpisodeID
    /// What went wrong, as a stable word.
    public var code: String
    /// What went wrong.
    public var message: String
    /// The conversation as far as it went.
    public var transcript: ArtefactReference
    /// What it consumed all the same.
    public var usage: Usage
    /// How long it took; of several samples, all of them together.
    public var milliseconds: Int
    /// How its samples were counted, when the role is voted on.
    public var ballot: BallotRecord?
    /// What was hidden in the results of tools and not shown to the performer; the transcript has the whole of them.
    public var hidden: String?

    /// Makes the event.
    public init(
        episode: EpisodeID,
        code: String,
        message: String,
        transcript: ArtefactReference,
        usage: Usage,
        milliseconds: Int,
        ballot: BallotRecord? = nil,
        hidden: String? = nil
    ) {
        self.episode = episode
        self.code = code
        self.message = message
        self.transcript = transcript
        self.usage = usage
        self.milliseconds = milliseconds
        self.ballot = ballot
        self.hidden = hidden
    }
}

/// A person asked for failed episodes to be tried again.
public struct EpisodesReopened: Hashable, Sendable, Codable {
    /// The episodes.
    public var episodes: [EpisodeID]
    /// Who asked.
    public var person: String

    /// Makes the event.
    public init(
        episodes: [EpisodeID],
        person: String
    ) {
        self.episodes = episodes
        self.person = person
    }
}
