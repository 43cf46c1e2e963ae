// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What is known of a run: a fold over its events and nothing else.
///
/// ``apply(_:)`` takes the next event; ``agenda()`` says what is due. Both are pure and total: an event that cannot be
/// right where it stands changes nothing and is listed in ``anomalies``.
public struct RunState: Hashable, Sendable, Codable {
    /// The run.
    public let run: RunID
    /// The position of the last event applied; -1 before the first.
    public internal(set) var sequence = -1
    /// How the run was started.
    @Boxed public internal(set) var started: RunStarted?
    /// When the first event was recorded, in milliseconds since 1970 UTC.
    public internal(set) var startedAtMilliseconds: Int64 = 0
    /// When the last event was recorded, in milliseconds since 1970 UTC.
    public internal(set) var updatedAtMilliseconds: Int64 = 0
    /// Whether it goes on.
    public internal(set) var status = Status.notStarted
    /// The goals as they stand.
    public internal(set) var goals: [Goal] = []
    /// How often the options have been renewed.
    public internal(set) var cycle = 0
    /// The position in the flow.
    public internal(set) var stage = 0
    /// Every episode, by name.
    public internal(set) var episodes: [EpisodeID: EpisodeRecord] = [:]
    /// The names of the episodes in the order in which they were begun.
    public internal(set) var episodeOrder: [EpisodeID] = []
    /// How many episodes are under way.
    var underWay = 0
    /// The long work that an iterate stage takes on, once it is begun.
    @Boxed public internal(set) var iteration: Iteration?
    /// The pasts shared with other runs that what is folded has not left yet, the oldest first.
    var pasts: [Fork] = []
    /// The options that stand.
    public internal(set) var options: [Proposal] = []
    /// Every proposal there has been, in its last form.
    public internal(set) var proposals: [ProposalID: Proposal] = [:]
    /// The last critique of each proposal.
    public internal(set) var critiques: [ProposalID: Critique] = [:]
    /// The last evaluation of each proposal by each role.
    public internal(set) var evaluations: [Evaluation] = []
    /// Every dissent that was filed.
    public internal(set) var dissents: [Dissent] = []
    /// The account of the options that stand.
    public internal(set) var explanation: Explanation?
    /// The person's questions and their answers.
    public internal(set) var questions: [Question] = []
    /// What is due to be put before the person, at the choice; kept because its digests are asked for often.
    @Boxed var dueSheet: ChoiceSheet?
    /// What was put before the person, while it is what stands.
    @Boxed public internal(set) var sheet: ChoiceSheet? { didSet { if sheet == nil { forgetRequest() } } }
    /// The number that the next signed choice uses up, while one is waited for.
    public internal(set) var nonce: String?
    /// Every number that was issued; none is taken twice.
    var nonces: [String] = []
    /// What the steps found in the workspace when the sheet was shown.
    public internal(set) var targets: [StepTarget] = []
    /// The choices from the sheet that wait for others to agree, or were agreed with.
    public internal(set) var votes: [StandingChoice] = []
    /// The last choice of an option and what it was made from; a revised plan may go on resting on it.
    @Boxed var basis: ChoiceBasis?
    /// The effect that the event before has permitted, where choices are signed.
    @Boxed var permittedEffect: Digest?
    /// Until when a choice has to be made, in milliseconds since 1970 UTC, once it was asked for; `nil` where there is time.
    public internal(set) var choiceDeadline: Int64?
    /// Whether nobody chose in time.
    public internal(set) var isGivenUp = false
    /// The choice that stands.
    @Boxed public internal(set) var choice: StandingChoice?
    /// Every choice that was made.
    public internal(set) var choices: [StandingChoice] = []
    /// Why the person sent the work back.
    public internal(set) var reason: String?
    /// How often the work was sent back.
    public internal(set) var returnsUsed = 0
    /// How often the plan was revised.
    public internal(set) var updatesUsed = 0
    /// The carrying out of the chosen plan.
    @Boxed public internal(set) var enactment = Enactment()
    /// Why enactment halted.
    public internal(set) var halt: Halt?
    /// The mandates that a person has withdrawn, by name.
    public internal(set) var revoked: [String] = []
    /// What became of the goals.
    public internal(set) var goalOutcomes: [GoalsSettled.Outcome] = []
    /// What a probed role has answered, by question and time.
    public internal(set) var probes: [ProbeAnswer] = []
    /// What people have said, however late, became of what was forecast.
    public internal(set) var outcomes: [OutcomeFiled] = []
    /// What the records of earlier runs say of those who judge, as it was last shown.
    @Boxed public internal(set) var records: RecordsShown?
    /// What the record has shown may be done by rule.
    @Boxed public internal(set) var proposedMandate: MandateProposed?
    /// The mandates that people have granted here.
    public internal(set) var grantedMandates: [MandateGranted] = []
    /// Those that have ended here, wherever they were granted.
    public internal(set) var withdrawnMandates: [MandateWithdrawn] = []
    /// How the run ended.
    public internal(set) var finished: RunFinished?
    /// What all episodes have consumed.
    public internal(set) var spent = Usage()
    /// How long all episodes took together, in milliseconds, those that were tried again counted each time.
    public internal(set) var spentMilliseconds = 0
    /// Who carries it forward, where workers share the runs of a ledger.
    public internal(set) var claim: RunClaimed?
    /// What workers brought that had lost the run.
    public internal(set) var lateResults: [LateResult] = []
    /// Events that could not be right where they stood.
    public internal(set) var anomalies: [String] = []

    /// Makes the state of a run of which nothing has happened.
    public init(run: RunID) { self.run = run }

    /// Whether a run goes on.
    public enum Status: String, Hashable, Sendable, Codable {
        /// Nothing has happened.
        case notStarted = "not-started"
        /// It goes on.
        case running
        /// A person has paused it.
        case paused
        /// A person has stopped it for good.
        case stopped
        /// It has ended.
        case finished
    }

    /// The brief with the goals as they stand.
    public var brief: Brief? {
        guard var brief = started?.brief else { return nil }
        brief.goals = goals
        return brief
    }

    /// The architecture.
    public var architecture: Architecture? { started?.architecture }

    /// The stage that the run is at, or `nil` when it is past the last.
    public var currentStage: Stage? {
        guard let flow = architecture?.flow, flow.indices.contains(stage) else { return nil }
        return flow[stage]
    }
}

/// What is known of one episode.
public struct EpisodeRecord: Hashable, Sendable, Codable {
    /// What was to be performed.
    public var order: EpisodeOrder
    /// How far it is.
    public var status: Status
    /// The conversation that it began with.
    public var prompt: ArtefactReference
    /// The whole conversation, once it has ended.
    public var transcript: ArtefactReference?
    /// Who performed it.
    public var performer: String
    /// What it consumed.
    public var usage = Usage()
    /// How long it took, in milliseconds.
    public var milliseconds = 0
    /// When it was begun, in milliseconds since 1970 UTC.
    public var startedAtMilliseconds: Int64
    /// Whether the words were recorded earlier.
    public var isRecorded = false
    /// How often it was begun again although nothing had come of it that could be recorded: calls that may have been paid
    /// for twice.
    public var askedAgain = 0
    /// How its samples were counted, when the role is voted on.
    public var ballot: BallotRecord?

    /// How far an episode is.
    public enum Status: Hashable, Sendable, Codable {
        /// Begun.
        case started
        /// Ended with a valid output.
        case completed
        /// Ended without one: the word for why, and the message.
        case failed(code: String, message: String)
        /// To be tried again.
        case reopened
    }

    /// Whether it is over.
    public var isOver: Bool {
        switch status {
        case .completed, .failed: true
        case .started, .reopened: false
        }
    }
}

/// A person's question to the explainer.
public struct Question: Hashable, Sendable, Codable {
    /// Which question it is, counted from 1.
    public var number: Int
    /// The question.
    public var text: String
    /// Who asked.
    public var person: String
    /// The answer, once there is one.
    public var answer: Explanation?
    /// Whether no answer could be had.
    public var failed = false
}

/// A choice and its place in the ledger.
public struct StandingChoice: Hashable, Sendable, Codable {
    /// The choice.
    public var choice: Choice
    /// Its position in the ledger.
    public var sequence: Int
    /// When it was recorded, in milliseconds since 1970 UTC.
    public var atMilliseconds: Int64
    /// The desk's signature; `nil` in a run whose choices are not signed.
    public var signature: ChoiceSignature?
}

/// Why enactment halted.
public struct Halt: Hashable, Sendable, Codable {
    /// The step at which it halted; `nil` when all steps were done and a goal was missed.
    public var step: StepID?
    /// Why, in a sentence.
    public var why: String
}
