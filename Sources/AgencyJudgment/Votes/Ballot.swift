// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Counts sampled answers to one question until a rule decides.
///
/// It takes one sample at a time, says whether an answer has won, and how many more samples may run at once. A sample is
/// either an answer that counts or one that was discarded: red-flagged, or not accepted by the verifier.
///
/// The order of arrival does not matter as long as no more samples are begun than ``wanted(inFlight:)`` allows: it allows
/// only samples without which no decision is possible, and a sample brings a decision nearer by at most one vote. So the
/// winner is the one that counting the same samples one after another, in the order in which they were begun, would
/// find, after as many samples; no decided ballot has a sample in flight, and none is paid for that did not matter. A
/// ballot that can no longer be decided may close while samples are in flight; they are of no use to anybody.
///
/// > Source: first-to-ahead-by-k with red-flagging is the voting of MAKER, arXiv 2511.09030; for two answers it is Wald's
/// > sequential probability ratio test.
///
/// - Complexity: O(1) a sample, plus one comparison for each different wrong answer; nothing is allocated as long as all
///   answers agree.
@frozen public struct Ballot<Answer: Hashable & Sendable>: Hashable, Sendable {
    /// Whether a winner needs a lead over the runner-up, or a number of votes.
    @usableFromInline let needsLead: Bool
    /// The lead or the votes that decide.
    @usableFromInline let need: Int
    @usableFromInline let mostVotes: Int
    @usableFromInline let mostSamples: Int

    // The first answer is kept inline: most ballots never see another.
    @usableFromInline var first: Answer?
    @usableFromInline var firstVotes = 0
    @usableFromInline var others: [Tally] = []
    /// 0 for the first answer, else one more than its place among the others.
    @usableFromInline var leader = 0
    @usableFromInline var top = 0
    @usableFromInline var second = 0
    @usableFromInline var isDecided = false
    @usableFromInline var isClosed = false
    @usableFromInline var samplesTaken = 0
    @usableFromInline var votesCounted = 0

    /// One answer and its votes.
    @frozen public struct Tally: Hashable, Sendable {
        /// The answer.
        public var answer: Answer
        /// How many gave it.
        public var votes: Int

        /// Makes a tally.
        @inlinable public init(answer: Answer, votes: Int) {
            self.answer = answer
            self.votes = votes
        }
    }

    /// How a ballot stands.
    @frozen public enum Standing: Hashable, Sendable {
        /// It goes on.
        case open
        /// This answer has won.
        case decided(Answer)
        /// No answer can win any more.
        case undecided
    }

    @inlinable init(needsLead: Bool, need: Int, mostVotes: Int, mostSamples: Int) {
        self.needsLead = needsLead
        self.need = max(1, need)
        self.mostVotes = max(0, mostVotes)
        self.mostSamples = max(0, mostSamples)
        settle()
    }

    /// Opens a ballot that an answer wins when it is so many votes ahead of every other.
    ///
    /// - Parameters:
    ///   - lead: The votes that the winner must be ahead; below 1 counts as 1.
    ///   - atMost: The most samples, discarded ones included.
    @inlinable public init(aheadBy lead: Int, atMost: Int) {
        self.init(needsLead: true, need: lead, mostVotes: .max, mostSamples: atMost)
    }

    /// Opens a ballot that an answer wins when more than half of so many votes are for it.
    ///
    /// - Parameters:
    ///   - votes: The votes of which more than half decide; it ends as soon as the rest cannot change anything.
    ///   - atMost: The most samples, discarded ones included; when more than `votes`, discarded ones are replaced.
    @inlinable public init(majorityOf votes: Int, atMost: Int) {
        self.init(needsLead: false, need: max(0, votes) / 2 + 1, mostVotes: votes, mostSamples: atMost)
    }

    /// Opens a ballot that the first answer wins; whoever counts discards those that a verifier does not accept.
    ///
    /// - Parameter most: The most samples.
    @inlinable public init(firstAcceptedOf most: Int) {
        self.init(needsLead: false, need: 1, mostVotes: 1, mostSamples: most)
    }

    /// Counts an answer; does nothing once the ballot is closed.
    @inlinable public mutating func count(_ answer: Answer) {
        guard !isClosed else { return }
        samplesTaken += 1
        votesCounted += 1
        let (place, votes) = add(answer)
        if place == leader {
            top = votes
        } else if votes > top {
            second = top
            top = votes
            leader = place
        } else if votes > second {
            second = votes
        }
        settle()
    }

    /// Takes note of a sample that does not count; does nothing once the ballot is closed.
    @inlinable public mutating func discard() {
        guard !isClosed else { return }
        samplesTaken += 1
        settle()
    }

    @inlinable mutating func add(_ answer: Answer) -> (place: Int, votes: Int) {
        guard let first else {
            first = answer
            firstVotes = 1
            return (0, 1)
        }
        if first == answer {
            firstVotes += 1
            return (0, firstVotes)
        }
        for index in others.indices where others[index].answer == answer {
            others[index].votes += 1
            return (index + 1, others[index].votes)
        }
        others.append(Tally(answer: answer, votes: 1))
        return (others.count, 1)
    }

    @inlinable mutating func settle() {
        isDecided = reached >= need
        isClosed = isDecided || need - reached > left
    }

    /// How much of what decides the leader has.
    @inlinable var reached: Int { needsLead ? top - second : top }

    /// The most votes that may still be counted.
    @inlinable var left: Int { min(mostVotes - votesCounted, mostSamples - samplesTaken) }
}
