// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Bets that are begun anew at every step: their sum tells that something has changed, whenever it did.
///
/// M ← (M + 1) e for each of several bets, where e is what a unit becomes in this step. If no bet is expected to
/// gain, the mean of the sums is expected to be at most the number of steps, so that it takes at least A steps on
/// average until it reaches A: false alarms are as rare as that.
///
/// > Source: the e-detectors of J. Shin, A. Ramdas and A. Rinaldo, arXiv 2203.03532; the sum is Shiryaev's and
/// > Roberts's.
struct ShiryaevRoberts: Hashable, Sendable, Codable {
    /// ln(M + 1) for each bet, which is finite from the start and never overflows.
    private var stakes: [Double]

    init(bets: Int) { stakes = Array(repeating: 0, count: bets) }

    /// Takes the logarithm of what a unit on each bet becomes in one step.
    mutating func see(_ factors: [Double]) {
        for (index, factor) in factors.enumerated() where index < stakes.count {
            stakes[index] = LogSum.of(stakes[index] + factor, 0)
        }
    }

    /// The logarithms of the sums; minus infinity at the start.
    var sums: [Double] { stakes.map { $0 > 0 ? $0 + log(-expm1(-$0)) : -.infinity } }

    /// The logarithm of their mean.
    var mean: Double { LogSum.mean(sums) }
}
