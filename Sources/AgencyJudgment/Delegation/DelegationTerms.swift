// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What a class of choices has to show before it may be made by rule, and how soon it loses that again.
public struct DelegationTerms: Hashable, Sendable, Codable {
    /// The rate of success that has to be surpassed.
    public let floor: Double
    /// The chance that it is ever found to be surpassed when it is not.
    public let alpha: Double
    /// The fewest settled cases.
    public let leastCases: Int
    /// The cases that a delegation at the floor lasts on average, at least, until it is withdrawn for decline: the
    /// smaller, the sooner a real decline is found.
    public let patience: Double
    /// The highest stakes that may be delegated, whatever the record.
    public let ceiling: Double

    /// Makes terms.
    ///
    /// - Parameters:
    ///   - floor: The rate that has to be surpassed; cut to a millionth and 1. NaN counts as 1, which nothing
    ///     surpasses.
    ///   - alpha: Above 0 and below 1; what is not counts as .05.
    ///   - leastCases: Below 0 counts as 0.
    ///   - patience: In cases; what is below 1 or not finite counts as 100.
    ///   - ceiling: The highest stakes, in the unit of the caller; NaN counts as none at all.
    public init(
        floor: Double,
        alpha: Double = 0.05,
        leastCases: Int = 20,
        patience: Double = 100,
        ceiling: Double
    ) {
        self.floor = DelegationEvidence(floor: floor).floor
        self.alpha = alpha > 0 && alpha < 1 ? alpha : 0.05
        self.leastCases = max(0, leastCases)
        self.patience = patience >= 1 && patience.isFinite ? patience : 100
        // Finite, so that it can be written down, and below what unknown stakes count as.
        self.ceiling = ceiling.isNaN ? -1e300 : min(1e300, max(-1e300, ceiling))
    }

    /// The floor that keeps the expected loss of a choice to what is acceptable: 1 − acceptable / loss.
    ///
    /// - Parameters:
    ///   - loss: What a wrong choice costs, above 0.
    ///   - acceptable: The loss a choice that is acceptable on average.
    /// - Returns: From 0 to 1; 1, which nothing surpasses, where the two say nothing.
    public static func floor(loss: Double, acceptable: Double) -> Double {
        guard loss > 0, acceptable > 0, loss.isFinite else { return 1 }
        return max(0, 1 - acceptable / loss)
    }

    /// The terms of one of several classes that are watched at once, so that a false grant in any keeps to ``alpha``.
    ///
    /// - Parameter classes: How many there are; below 1 counts as 1.
    /// - Returns: The same terms with as small a part of the chance.
    public func oneOf(_ classes: Int) -> DelegationTerms {
        DelegationTerms(
            floor: floor,
            alpha: alpha / Double(max(1, classes)),
            leastCases: leastCases,
            patience: patience,
            ceiling: ceiling
        )
    }
}
