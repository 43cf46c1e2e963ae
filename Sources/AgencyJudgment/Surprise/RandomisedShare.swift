// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How much of a forecast lies as far out as what was seen, with ties broken by chance.
///
/// If the forecast is right, the share is spread evenly between 0 and 1, also for forecasts of whole numbers: that
/// takes the chance. The chance is a parameter, drawn evenly between 0 and 1 by the caller and put on record, so that
/// a replay finds the same.
///
/// > Source: the randomised probability integral transform, J. E. Smith, 1985; for samples it is the conformal
/// > p-value of V. Vovk, A. Gammerman and G. Shafer, Algorithmic Learning in a Random World, 2005.
public enum RandomisedShare {
    /// The share of a forecast distribution.
    ///
    /// - Parameters:
    ///   - beyond: The probability that was forecast of values farther out.
    ///   - equal: The probability that was forecast of this very value; 0 where values are not discrete.
    ///   - chance: A number drawn evenly between 0 and 1.
    /// - Returns: From 0 to 1; NaN if one of the three is no probability.
    public static func of(beyond: Double, equal: Double = 0, chance: Double) -> Double {
        for value in [beyond, equal, chance] where !(value >= 0 && value <= 1) { return .nan }
        return min(1, beyond + chance * equal)
    }

    /// The share of earlier values, or of samples of the forecast, that are as large or larger.
    ///
    /// It is spread evenly if the value and the others could as well have come in any other order.
    ///
    /// - Parameters:
    ///   - value: What was seen.
    ///   - others: Earlier values or samples; those that are NaN are left out.
    ///   - chance: A number drawn evenly between 0 and 1.
    /// - Returns: Above 0 and up to 1, at least `chance` divided by one more than the others; NaN for a value or a
    ///   chance that is none.
    public static func of(_ value: Double, among others: [Double], chance: Double) -> Double {
        guard !value.isNaN, chance >= 0, chance <= 1 else { return .nan }
        let others = others.filter { !$0.isNaN }
        let larger = others.count { $0 > value }
        let equal = others.count { $0 == value } + 1
        return (Double(larger) + chance * Double(equal)) / Double(others.count + 1)
    }
}

/// Makes shares even that are not because the forecasts are not calibrated, so that only a change shows.
///
/// Each share is ranked among those before it. They are kept in 256 bins, with chance deciding within a bin, so that
/// the memory does not grow.
public struct ConformalShares: Hashable, Sendable, Codable {
    private var counts = Array(repeating: 0, count: 256)
    private var total = 0

    /// Begins without shares.
    public init() {}

    /// Ranks a share and keeps it.
    ///
    /// - Parameters:
    ///   - share: From 0 to 1.
    ///   - chance: A number drawn evenly between 0 and 1.
    /// - Returns: The share of shares that are as small or smaller; NaN, with nothing kept, if one of the two is
    ///   outside of 0 and 1.
    public mutating func rank(_ share: Double, chance: Double) -> Double {
        guard share >= 0, share <= 1, chance >= 0, chance <= 1 else { return .nan }
        let bin = min(counts.count - 1, Int(share * Double(counts.count)))
        counts[bin] += 1
        total += 1
        let smaller = counts[..<bin].reduce(0, +)
        return (Double(smaller) + chance * Double(counts[bin])) / Double(total)
    }
}
