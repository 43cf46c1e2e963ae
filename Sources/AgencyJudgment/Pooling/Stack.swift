// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A logistic regression on the logits of those present, learned one outcome at a time.
///
/// logit q = b + Σ w l / Σ w + Σ d l: the mean, weighted by kinship, and for each evaluator a correction d, which may make its
/// weight negative: one who is always wrong is as useful as one who is always right. d starts as N(0, 1/n), with n those
/// present when it first came, so that all corrections together are expected to move the logit about as much as it is
/// large; b as N(0, 0.3²). An outcome moves the means to the most probable point and each variance by its own curvature;
/// that they are correlated afterwards is neglected, which keeps it to O(those present).
///
/// > Source: T. Jaakkola and M. Jordan (2000) and D. Spiegelhalter and S. Lauritzen (1990) for Bayesian logistic regression
/// > one case at a time; O. Chapelle and L. Li (2011), algorithm 3, for independent variances.
struct Stack: Hashable, Sendable, Codable {
    private var corrections: [Double] = []
    private var variances: [Double] = []
    private var offset = 0.0
    private var offsetVariance = 0.09

    mutating func admit(seats: Int, present: Int) {
        let count = seats - corrections.count
        corrections += [Double](repeating: 0, count: count)
        variances += [Double](repeating: 1 / Double(present), count: count)
    }

    func logit(_ panel: Panel, weights: [Double]) -> Double {
        var (sum, total, correction) = (0.0, 0.0, 0.0)
        for (place, seat) in panel.seats.enumerated() {
            sum += weights[place] * panel.logits[place]
            total += weights[place]
            correction += corrections[seat] * panel.logits[place]
        }
        return offset + sum / total + correction
    }

    mutating func settle(_ panel: Panel, logit: Double, outcome: Bool) {
        var variance = offsetVariance
        for (value, seat) in zip(panel.logits, panel.seats) { variance += variances[seat] * value * value }
        let mode = PlattScaling.mode(mean: logit, variance: variance, outcome: outcome)
        let probability = VoteOdds.logistic(mode)
        let error = (outcome ? 1 : 0) - probability
        let curvature = probability * (1 - probability)
        for (value, seat) in zip(panel.logits, panel.seats) {
            corrections[seat] += variances[seat] * value * error
            variances[seat] /= 1 + variances[seat] * curvature * value * value
        }
        offset += offsetVariance * error
        offsetVariance /= 1 + offsetVariance * curvature
    }

    func isSound(seats: Int) -> Bool {
        corrections.count == seats && variances.count == seats && (corrections + [offset]).allSatisfy(\.isFinite)
            && (variances + [offsetVariance]).allSatisfy { $0.isFinite && $0 > 0 }
    }
}
