// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What sampling until a verifier accepts does to errors.
public struct VerifierOdds: Hashable, Sendable {
    /// The probability that one sample is right.
    public let success: Double
    /// The probability that a right sample is accepted.
    public let acceptsRight: Double
    /// The probability that a wrong sample is accepted.
    public let acceptsWrong: Double

    /// Takes probabilities; beyond 0 and 1 they are cut.
    public init(success: Double, acceptsRight: Double, acceptsWrong: Double) {
        self.success = VoteOdds(success: success).success
        self.acceptsRight = VoteOdds(success: acceptsRight).success
        self.acceptsWrong = VoteOdds(success: acceptsWrong).success
    }

    /// The probability that a sample is accepted.
    public var acceptance: Double { success * acceptsRight + (1 - success) * acceptsWrong }

    /// The probability that an accepted sample is right; `nil` when none ever is accepted.
    public var correct: Double? { acceptance > 0 ? success * acceptsRight / acceptance : nil }

    /// The samples until one is accepted, on average and without a bound.
    public var samples: Double { acceptance > 0 ? 1 / acceptance : .infinity }

    /// What one such verifier, independent of the others, adds to the logarithm of the odds of being right.
    public var evidence: Double { log(acceptsRight) - log(acceptsWrong) }
}

/// How sure a majority between two answers makes.
public enum MajorityConfidence {
    /// The probability that more than half of all samples there could be are for the first answer, after so many for it and
    /// for the other: 1 − I₁⸝₂(a + 1, b + 1), under a uniform prior.
    ///
    /// > Source: the stopping rule of Adaptive-Consistency, arXiv 2305.11860. For whole numbers the incomplete beta
    /// > function is a binomial tail: P(at most a heads in a + b + 1 tosses).
    public static func of(_ votes: Int, against other: Int) -> Double {
        let (votes, other) = (max(0, votes), max(0, other))
        let tosses = votes + other + 1
        return (0...votes).reduce(0) { sum, heads in
            sum + exp(LogGamma.choose(tosses, heads) - Double(tosses) * log(2))
        }
    }
}
