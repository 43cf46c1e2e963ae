// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Steps that differ in how hard they are: the probability that a sample is right is drawn anew for each step.
///
/// The probability is Beta(a, b) with mean p and a + b = 1/ρ − 1. ρ is the correlation of errors between two samples of one
/// step: what makes votes worth less than independent ones.
public struct StepMixture: Hashable, Sendable {
    /// The mean probability that one sample is right.
    public let success: Double
    /// The correlation of errors between two samples of one step, from 0 (independent) to 1 (copies).
    public let correlation: Double

    /// Makes a mixture; beyond 0 and 1 both are cut.
    public init(success: Double, correlation: Double) {
        self.success = VoteOdds(success: success).success
        self.correlation = VoteOdds(success: correlation).success
    }

    /// The parameters of the Beta distribution; `nil` at correlations of 0 and 1 and where nothing varies.
    public var shape: (a: Double, b: Double)? {
        guard correlation > 0, correlation < 1, success > 0, success < 1 else { return nil }
        let sum = 1 / correlation - 1
        return (success * sum, (1 - success) * sum)
    }

    /// The probability that a step's vote is won by a wrong answer: E[1 / (1 + (p / (1 − p))^k)].
    ///
    /// - Parameter lead: The votes that the winner must be ahead.
    /// - Returns: At correlation 0 that of independent samples, at 1 that of a single one, however many vote.
    public func failure(aheadBy lead: Int) -> Double {
        guard let (a, b) = shape else {
            return correlation >= 1 ? 1 - success : VoteOdds(success: success).failure(aheadBy: lead)
        }
        return BetaExpectation(a, b).of { logit in VoteOdds.logistic(-Double(max(1, lead)) * logit) }
    }

    /// The samples that a step takes on average when they are not bounded.
    public func samples(aheadBy lead: Int, valid: Double = 1) -> Double {
        let lead = Double(max(1, lead))
        guard let (a, b) = shape else {
            // Copies agree at once.
            return correlation >= 1 && valid > 0
                ? lead / valid : VoteOdds(success: success).samples(aheadBy: Int(lead), valid: valid)
        }
        let votes = BetaExpectation(a, b).of { logit in
            // k (2 P(win) − 1) / (2p − 1), both of which are hyperbolic tangents of half the logit.
            abs(logit) < 1e-6 ? lead * lead : lead * tanh(lead * logit / 2) / tanh(logit / 2)
        }
        return valid > 0 ? votes / min(1, valid) : .infinity
    }

    /// The probability that all of so many steps are right.
    public func success(aheadBy lead: Int, steps: Int) -> Double {
        exp(Double(max(0, steps)) * log1p(-min(1, failure(aheadBy: lead))))
    }
}
