// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Recalibrates a stream of probabilities: logit q′ = b + a logit q, with a and b learned from outcomes.
///
/// a and b have a normal distribution that starts at a ~ N(1, 0.5²), b ~ N(0, 0.3²): leave it as it is. Each outcome moves its
/// mean to the most probable point and its precision by the curvature there, and is forgotten. One outcome bears on a and b
/// only through b + a logit q, so that finding that point is a search along one line.
///
/// > Source: J. Platt, “Probabilistic Outputs for Support Vector Machines” (1999), for the form; D. Spiegelhalter and S.
/// > Lauritzen, “Sequential Updating of Conditional Probabilities on Directed Graphical Structures” (1990), for the update.
///
/// - Complexity: O(1) in time and space for an outcome, whatever came before.
public struct PlattScaling: Hashable, Sendable, Codable {
    /// The factor of the logit; 1 leaves it, below 1 is less sure, below 0 turns it round.
    public private(set) var slope = 1.0
    /// What is added to the logit; above 0 makes everything more probable.
    public private(set) var offset = 0.0
    // The covariance of slope and offset.
    private var slopeVariance = 0.25
    private var offsetVariance = 0.09
    private var covariance = 0.0

    /// Makes one that changes nothing yet.
    public init() {}

    /// The recalibrated probability.
    public func callAsFunction(_ probability: Probability) -> Double {
        VoteOdds.logistic(value(at: probability.logit))
    }

    /// Learns from an outcome.
    public mutating func settle(_ probability: Probability, outcome: Bool) {
        settle(logit: probability.logit, outcome: outcome)
    }

    func value(at logit: Double) -> Double { offset + slope * logit }

    mutating func settle(logit: Double, outcome: Bool) {
        // How slope and offset move with what is predicted here, and the variance of that.
        let slopeGain = slopeVariance * logit + covariance
        let offsetGain = covariance * logit + offsetVariance
        let variance = slopeGain * logit + offsetGain
        let before = value(at: logit)
        let after = Self.mode(mean: before, variance: variance, outcome: outcome)
        let probability = VoteOdds.logistic(after)
        let error = (outcome ? 1 : 0) - probability
        slope += slopeGain * error
        offset += offsetGain * error
        let curvature = probability * (1 - probability)
        let factor = curvature / (1 + variance * curvature)
        slopeVariance -= factor * slopeGain * slopeGain
        offsetVariance -= factor * offsetGain * offsetGain
        covariance -= factor * slopeGain * offsetGain
    }

    /// The z that maximises the likelihood of an outcome times a normal density: the root of z − m − v (y − σ(z)).
    ///
    /// It lies between m and m ± v, where the function grows; Newton's steps that leave the interval are replaced by halving.
    static func mode(mean: Double, variance: Double, outcome: Bool) -> Double {
        var (low, high) = outcome ? (mean, mean + variance) : (mean - variance, mean)
        var z = mean
        for _ in 0..<50 {
            let probability = VoteOdds.logistic(z)
            let value = z - mean - variance * ((outcome ? 1 : 0) - probability)
            if value > 0 { high = z } else { low = z }
            var next = z - value / (1 + variance * probability * (1 - probability))
            if !(next >= low && next <= high) { next = (low + high) / 2 }
            if abs(next - z) <= 1e-12 * (1 + abs(z)) { return next }
            z = next
        }
        return z
    }
}
