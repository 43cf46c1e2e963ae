// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Ballot {
    /// Whether it goes on.
    @inlinable public var isOpen: Bool { !isClosed }

    /// The answer that has won, or `nil` while it is open or when it is undecided.
    @inlinable public var winner: Answer? { isDecided ? leading : nil }

    /// How it stands.
    @inlinable public var standing: Standing {
        guard isClosed else { return .open }
        guard isDecided, let leading else { return .undecided }
        return .decided(leading)
    }

    /// The answer with the most votes; of several, the one that had so many first.
    @inlinable public var leading: Answer? { leader == 0 ? first : others[leader - 1].answer }

    /// The votes of the leading answer.
    @inlinable public var leadingVotes: Int { top }

    /// The votes of the answer after it; 0 when there is none.
    @inlinable public var secondVotes: Int { second }

    /// The samples taken, discarded ones included.
    @inlinable public var samples: Int { samplesTaken }

    /// The votes counted.
    @inlinable public var votes: Int { votesCounted }

    /// The samples that did not count.
    @inlinable public var discarded: Int { samplesTaken - votesCounted }

    /// Every answer with its votes, in the order in which they first came.
    @inlinable public var tally: [Tally] {
        guard let first else { return [] }
        return [Tally(answer: first, votes: firstVotes)] + others
    }

    /// How many more samples may be begun now.
    ///
    /// No more than are needed even if all of them are for the leader, so that none is superfluous whatever they say.
    ///
    /// - Parameter inFlight: The samples that have been begun and not been counted or discarded.
    /// - Returns: The number; 0 once the ballot is closed.
    @inlinable public func wanted(inFlight: Int = 0) -> Int {
        guard isOpen else { return 0 }
        return max(0, min(need - reached, left) - max(0, inFlight))
    }
}
