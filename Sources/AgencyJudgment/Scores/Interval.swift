// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where a value may lie, at a confidence of 95 %.
///
/// It holds for a number of cases that was fixed beforehand. It is for reading a record, not for deciding on it again and
/// again: looked at after every outcome, intervals of this kind are wrong far more often than they say.
public struct Interval: Hashable, Sendable, Codable {
    /// The lower end.
    public let low: Double
    /// The upper end.
    public let high: Double

    /// Makes an interval.
    public init(low: Double, high: Double) { (self.low, self.high) = (low, high) }

    /// Whether a value lies in it.
    public func contains(_ value: Double) -> Bool { low <= value && value <= high }

    /// The quantile of the normal distribution at 97.5 %.
    static let normal = 1.959963984540054

    /// Wilson's interval for the rate behind so many successes in so many cases; `nil` without cases.
    ///
    /// > Source: E. B. Wilson, “Probable Inference, the Law of Succession, and Statistical Inference” (1927).
    public static func rate(successes: Double, cases: Int) -> Interval? {
        guard cases > 0, successes >= 0, successes <= Double(cases) else { return nil }
        let count = Double(cases)
        let rate = successes / count
        let square = normal * normal
        let center = (rate + square / (2 * count)) / (1 + square / count)
        let variance = rate * (1 - rate) / count + square / (4 * count * count)
        let half = normal * variance.squareRoot() / (1 + square / count)
        return Interval(low: max(0, center - half), high: min(1, center + half))
    }

    /// Student's interval for the mean of losses; `nil` below two.
    ///
    /// Losses are skewed: a forecaster who says 0.95 has small ones only until the great one comes, and their variance says
    /// nothing of it until then. So the variance is that of the losses, or that which they would have if the forecasts came
    /// true as often as they say, whichever is larger.
    ///
    /// - Parameters:
    ///   - sum: The sum of the losses.
    ///   - squares: The sum of their squares.
    ///   - claimed: The sum of the variances that the forecasts claim for them.
    ///   - cases: How many there are.
    /// - Returns: The interval at 95 %.
    static func mean(sum: Double, squares: Double, claimed: Double, cases: Int) -> Interval? {
        guard cases > 1 else { return nil }
        let count = Double(cases)
        let mean = sum / count
        let variance = max((squares - sum * mean) / (count - 1), claimed / count)
        let half = student(cases - 1) * (variance / count).squareRoot()
        return Interval(low: mean - half, high: mean + half)
    }

    /// The quantile of Student's distribution at 97.5 %.
    ///
    /// > Source: closed forms for one and two degrees of freedom; beyond them the expansion 26.7.5 of Abramowitz and Stegun,
    /// > within 0.2 % at three degrees and closer above.
    static func student(_ freedom: Int) -> Double {
        if freedom <= 1 { return tan(Double.pi * 0.475) }
        if freedom == 2 { return 0.95 * (2 / (4 * 0.975 * 0.025)).squareRoot() }
        let (v, z) = (Double(freedom), normal)
        let (z3, z5, z7) = (z * z * z, z * z * z * z * z, z * z * z * z * z * z * z)
        let z9 = z7 * z * z
        let second = (5 * z5 + 16 * z3 + 3 * z) / 96
        let third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384
        let fourth = (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / 92160
        return z + (z3 + z) / (4 * v) + second / (v * v) + third / (v * v * v) + fourth / (v * v * v * v)
    }
}
