// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A logistic regression on the logits of those present, learned one outcome at a time.
///
/// logit q = b + Σ w l / Σ w + Σ d l: the mean, weighted by kinship, and for each evaluator a correction d, which may make its
/// weight negative: one who is always wrong is as useful as one who is always right. d starts as N(0, 1/n), with n those
/// present when it first came, so that all corrections together are expected to move the logit about as much as it is
/// large; b as N(0, 0.3²). An outcome moves the means to the most probable point, and each variance by its own curvature times
/// 1 + (n − 1) ρ. That the corrections are correlated afterwards is neglected, which keeps it to O(those present).
///
/// ρ is how much the evaluators are taken to say the same. At 0 each outcome is taken to teach something about each of them
/// apart, and the regression learns fast; at the correlation that is observed n of them learn as n / (1 + (n − 1) ρ) would,
/// and it is slow and steady. Which is better depends on the evaluators, so that a two-level market has both.
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

    func logit(_ panel: Panel) -> Double {
        var (sum, total, correction) = (0.0, 0.0, 0.0)
        for place in panel.places {
            sum += place.weight * place.logit
            total += place.weight
            correction += corrections[place.seat] * place.logit
        }
        return offset + sum / total + correction
    }

    mutating func settle(_ panel: Panel, logit: Double, correlation: Double, outcome: Bool) {
        var variance = offsetVariance
        for place in panel.places { variance += variances[place.seat] * place.logit * place.logit }
        let mode = PlattScaling.mode(mean: logit, variance: variance, outcome: outcome)
        let probability = VoteOdds.logistic(mode)
        let error = (outcome ? 1 : 0) - probability
        let curvature = probability * (1 - probability)
        let shared = curvature * (1 + Double(panel.count - 1) * correlation)
        for place in panel.places {
            corrections[place.seat] += variances[place.seat] * place.logit * error
            variances[place.seat] /= 1 + variances[place.seat] * shared * place.logit * place.logit
        }
        offset += offsetVariance * error
        offsetVariance /= 1 + offsetVariance * curvature
    }

    func isSound(seats: Int) -> Bool {
        corrections.count == seats && variances.count == seats && (corrections + [offset]).allSatisfy(\.isFinite)
            && (variances + [offsetVariance]).allSatisfy { $0.isFinite && $0 > 0 }
    }
}
