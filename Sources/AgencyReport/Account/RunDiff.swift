// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// How one run differs from another: where they part, and what followed from it.
///
/// Events are compared without what differs between any two runs: names, times, durations, digests of chains and sheets,
/// names of checkpoints, and the order in which episodes that were performed side by side came to an end.
public struct RunDiff: Sendable {
    /// The runs as they stand.
    public let left: RunState
    /// The runs as they stand.
    public let right: RunState
    /// How many events they have in common before they part.
    public let shared: Int
    /// Where they part; `nil` when neither has anything that the other has not.
    public let parting: Parting?
    /// What each episode that either performed came to, in the order in which they were begun.
    public let episodes: [EpisodeDifference]
    /// Every score and probability that either has, for the options as they stand.
    public let scores: [ScoreDifference]
    /// What each consumed after they parted.
    public let after: (left: Spent, right: Spent)

    /// The first events that are not alike.
    public struct Parting: Sendable {
        /// The event of the first run; `nil` when it ends before.
        public let left: RecordedEvent?
        /// The event of the second run; `nil` when it ends before.
        public let right: RecordedEvent?
        /// The parts of the two that differ, when they are of one kind.
        public let parts: [String]
    }

    /// What an episode came to in two runs.
    public struct EpisodeDifference: Hashable, Sendable {
        /// The episode.
        public var episode: EpisodeID
        /// How it differs.
        public var kind: Kind

        /// How an episode differs.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// Both came to the same.
            case same
            /// They came to different outputs, or one failed.
            case other
            /// Only the first run has it.
            case leftOnly = "left-only"
            /// Only the second run has it.
            case rightOnly = "right-only"
        }
    }

    /// A score in two runs.
    public struct ScoreDifference: Hashable, Sendable {
        /// Who scored.
        public var role: RoleName
        /// What was scored.
        public var proposal: ProposalID
        /// By which criterion; `nil` for the probability of success.
        public var criterion: String?
        /// In the first run.
        public var left: Double?
        /// In the second run.
        public var right: Double?
    }

    /// What was consumed.
    public struct Spent: Hashable, Sendable {
        /// How many episodes came to an end.
        public var episodes = 0
        /// What they consumed.
        public var usage = Usage()
        /// How long they took together, in milliseconds.
        public var milliseconds = 0
    }

    /// Compares two runs by their events.
    public init(_ left: [RecordedEvent], _ right: [RecordedEvent], runs: (left: RunID, right: RunID)) {
        self.left = Self.fold(left, runs.left)
        self.right = Self.fold(right, runs.right)
        let (one, two) = (Self.course(left), Self.course(right))
        let shared = zip(one, two).prefix { $0.essence == $1.essence }.count
        let (mine, other) = (one.dropFirst(shared).first, two.dropFirst(shared).first)
        self.shared = shared
        parting =
            mine == nil && other == nil
            ? nil
            : Parting(left: mine?.event, right: other?.event, parts: Self.parts(mine?.essence, other?.essence))
        episodes = Self.episodes(one, two)
        scores = Self.scores(self.left, self.right)
        after = (Self.spent(one.dropFirst(shared)), Self.spent(two.dropFirst(shared)))
    }

    private static func fold(_ events: [RecordedEvent], _ run: RunID) -> RunState {
        var state = RunState(run: run)
        for event in events { state.apply(event) }
        return state
    }

    private static func spent(_ course: ArraySlice<Essential>) -> Spent {
        var spent = Spent()
        for one in course {
            switch one.event.event {
            case .episodeCompleted(let event): spent.take(event.usage, event.milliseconds)
            case .episodeFailed(let event): spent.take(event.usage, event.milliseconds)
            default: break
            }
        }
        return spent
    }

    private static func episodes(_ left: [Essential], _ right: [Essential]) -> [EpisodeDifference] {
        let (one, two) = (endings(left), endings(right))
        var order: [EpisodeID] = []
        var seen: Set<EpisodeID> = []
        for essential in left + right {
            guard let id = essential.ending, seen.insert(id).inserted else { continue }
            order.append(id)
        }
        return order.map { id in
            let kind: EpisodeDifference.Kind =
                switch (one[id], two[id]) {
                case (let mine?, let other?): mine == other ? .same : .other
                case (nil, _): .rightOnly
                case (_, nil): .leftOnly
                }
            return EpisodeDifference(episode: id, kind: kind)
        }
    }

    private static func endings(_ course: [Essential]) -> [EpisodeID: JSONValue] {
        course.reduce(into: [:]) { endings, one in if let id = one.ending { endings[id] = one.essence } }
    }

    private static func scores(_ left: RunState, _ right: RunState) -> [ScoreDifference] {
        var scores: [ScoreDifference] = []
        func take(_ state: RunState, _ keep: WritableKeyPath<ScoreDifference, Double?>) {
            for evaluation in state.evaluations {
                let all = evaluation.scores.map { (Optional($0.criterion), $0.value) } + [(nil, evaluation.probability)]
                for (criterion, value) in all {
                    let same = scores.firstIndex {
                        $0.role == evaluation.role && $0.proposal == evaluation.proposal && $0.criterion == criterion
                    }
                    if same == nil {
                        scores.append(
                            ScoreDifference(role: evaluation.role, proposal: evaluation.proposal, criterion: criterion)
                        )
                    }
                    scores[same ?? scores.count - 1][keyPath: keep] = value
                }
            }
        }
        take(left, \.left)
        take(right, \.right)
        return scores
    }
}

extension RunDiff.Spent {
    fileprivate mutating func take(_ usage: Usage, _ milliseconds: Int) {
        episodes += 1
        self.usage += usage
        let (sum, isTooLarge) = self.milliseconds.addingReportingOverflow(max(0, milliseconds))
        self.milliseconds = isTooLarge ? .max : sum
    }
}
