// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Bounds for the mean of numbers between 0 and 1 that hold as often as one looks.
///
/// Against the claim that the mean is at most m a gambler stakes shares of the money on each number being above m. As
/// long as the claim holds nobody is expected to gain by that, so that ever to have gained a factor of 1/α has a
/// chance of at most α. Several shares are staked side by side, so that none has to be chosen.
///
/// > Source: I. Waudby-Smith and A. Ramdas, Estimating means of bounded random variables by betting, 2024, arXiv
/// > 2010.09686.
enum BoundedMean {
    /// The shares of the most that can be staked without ever owing anything.
    private static let shares = (1...16).map { Double($0) / 17 }

    /// ln of the evidence that the mean of numbers from 0 to 1, in the order in which they came, is above a number.
    ///
    /// Nothing can be shown to be above 1, and of 0 nothing is said.
    static func logE(_ values: [Double], above claim: Double) -> Double {
        guard claim > 0, claim < 1 else { return 0 }
        // A stake of a share c at fair odds: what was staked comes back x / m times.
        return LogSum.mean(shares.map { share in values.reduce(0) { $0 + log1p(share * ($1 / claim - 1)) } })
    }

    /// The largest number that the mean is shown to be above; 0 when there is none.
    static func lower(_ values: [Double], alpha: Double) -> Double {
        guard !values.isEmpty, alpha > 0, alpha < 1 else { return 0 }
        var (low, high) = (0.0, 1.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if logE(values, above: middle) >= -log(alpha) { low = middle } else { high = middle }
        }
        return low
    }

    /// The least number that the mean is shown to be below; 1 when there is none.
    static func upper(_ values: [Double], alpha: Double) -> Double { 1 - lower(values.map { 1 - $0 }, alpha: alpha) }
}
