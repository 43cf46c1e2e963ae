// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What voting does to errors when samples are independent and each is right with one probability.
///
/// One wrong answer is assumed, which is the worst case: wrong answers that differ from one another win less often.
///
/// > Source: MAKER, arXiv 2511.09030; the walk of the lead between k and −k is the gambler's ruin of Wald's sequential
/// > probability ratio test (1945).
public struct VoteOdds: Hashable, Sendable {
    /// The probability that one sample is right, between 0 and 1.
    public let success: Double

    /// Takes a probability; beyond 0 and 1 it is cut.
    public init(success: Double) { self.success = success.isNaN ? 0 : min(1, max(0, success)) }

    /// The natural logarithm of the odds of a right sample.
    var logit: Double { log(success) - log1p(-success) }

    /// The probability that the first to be `lead` votes ahead is wrong: 1 / (1 + (p / (1 − p))^k).
    public func failure(aheadBy lead: Int) -> Double { Self.logistic(-Double(max(1, lead)) * logit) }

    /// The probability that the first to be `lead` votes ahead is right: 1 / (1 + ((1 − p) / p)^k).
    public func success(aheadBy lead: Int) -> Double { Self.logistic(Double(max(1, lead)) * logit) }

    /// The votes that it takes on average: k (2 P(win) − 1) / (2p − 1).
    ///
    /// - Parameters:
    ///   - lead: The votes that the winner must be ahead.
    ///   - valid: The share of samples that pass the red flags; the others are made as well and not counted.
    /// - Returns: Samples for each ballot without a bound on them; infinite when none passes.
    public func samples(aheadBy lead: Int, valid: Double = 1) -> Double {
        let lead = Double(max(1, lead))
        let drift = 2 * success - 1
        // At one half the walk has no drift, and takes the square of the distance; near it the quotient is 0 / 0.
        let votes = abs(drift) < 1e-6 ? lead * lead : lead * tanh(lead * logit / 2) / drift
        return valid > 0 ? votes / min(1, valid) : .infinity
    }

    /// The probability that all of so many steps are right: P(win)^s.
    public func success(aheadBy lead: Int, steps: Int) -> Double {
        exp(Double(max(0, steps)) * log1p(-failure(aheadBy: lead)))
    }

    /// The least lead with which all of so many steps are right with a probability of at least `target`.
    ///
    /// ⌈ln(t^(−1/s) − 1) / ln((1 − p) / p)⌉.
    ///
    /// - Returns: `nil` when no lead does: samples that are wrong half of the time or more.
    public func leastLead(steps: Int, target: Double) -> Int? {
        guard target > 0 else { return 1 }
        guard success > 0.5, target < 1, steps > 0 else { return success >= 1 || steps <= 0 ? 1 : nil }
        guard success < 1 else { return 1 }
        // expm1 keeps what t^(−1/s) − 1 loses to rounding for many steps.
        let exact = log(expm1(-log(target) / Double(steps))) / -logit
        guard exact.isFinite, exact < 1e9 else { return nil }
        return max(1, Int(exact.rounded(.up)))
    }

    /// The probability that more than half of `votes` samples are wrong, or as many as are right.
    public func failure(majorityOf votes: Int) -> Double {
        let votes = max(1, votes)
        if success <= 0 { return 1 }
        if success >= 1 { return 0 }
        let needed = votes / 2 + 1
        return (0..<needed).reduce(0) { sum, right in
            sum
                + exp(
                    LogGamma.choose(votes, right) + Double(right) * log(success)
                        + Double(votes - right) * log1p(-success)
                )
        }
    }

    static func logistic(_ value: Double) -> Double {
        value >= 0 ? 1 / (1 + exp(-value)) : exp(value) / (1 + exp(value))
    }
}
