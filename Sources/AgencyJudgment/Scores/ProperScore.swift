// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What one forecast cost once its outcome is known; less is better.
///
/// Both scores are strictly proper: whoever believes p expects to lose least by saying p, between the bounds of
/// ``Probability/clipped``. Saying less than one believes, or the same as the others, costs in expectation.
///
/// > Source: I. J. Good, “Rational Decisions” (1952), for the logarithm; G. W. Brier, “Verification of Forecasts Expressed in
/// > Terms of Probability” (1950); T. Gneiting and A. Raftery, “Strictly Proper Scoring Rules” (2007), for what proper means.
public struct ProperScore: Hashable, Sendable {
    /// −ln of the probability that was given to what happened, in nats: from 0.01 to 4.6; 0.693 for one half.
    public let log: Double
    /// The squared distance between probability and outcome: from 0.0001 to 0.98; 0.25 for one half.
    public let brier: Double

    /// Scores a forecast.
    public init(_ probability: Probability, outcome: Bool) {
        let given = probability.given(to: outcome)
        log = -Foundation.log(given)
        brier = (1 - given) * (1 - given)
    }

    private init(log: Double, brier: Double) { (self.log, self.brier) = (log, brier) }

    /// The scores of one who always says one half, and so knows nothing and claims nothing.
    public static let ignorance = ProperScore(log: Foundation.log(2), brier: 0.25)
}
