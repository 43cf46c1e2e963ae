// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The lead to vote with so that a long work comes out right, or that there is none.
public struct VotePlan: Hashable, Sendable {
    /// What is known of the samples.
    public let mixture: StepMixture
    /// The steps that must all be right.
    public let steps: Int
    /// The acceptable probability that any of them is wrong.
    public let risk: Double
    /// The share of samples that pass the red flags.
    public let valid: Double
    /// The least lead that keeps to the risk; `nil` when none up to ``largestLead`` does.
    public let lead: Int?
    /// The lead that samples would need if they were independent; `nil` when none would do.
    public let independentLead: Int?

    /// The largest lead that is considered.
    public static let largestLead = 100
    /// The correlation from which independence is not to be believed: a tenth changes k = 3 at p = .99 by three orders.
    public static let believable = 0.01

    /// Finds the least lead.
    ///
    /// - Parameters:
    ///   - mixture: What is known of the samples.
    ///   - steps: The steps that must all be right.
    ///   - risk: The acceptable probability that any is wrong, above 0 and below 1.
    ///   - valid: The share of samples that pass the red flags.
    public init(_ mixture: StepMixture, steps: Int, risk: Double, valid: Double = 1) {
        self.mixture = mixture
        self.steps = max(1, steps)
        self.risk = min(1, max(0, risk))
        self.valid = min(1, max(0, valid))
        let independent = VoteOdds(success: mixture.success).leastLead(steps: self.steps, target: 1 - self.risk)
        independentLead = independent.flatMap { $0 <= Self.largestLead ? $0 : nil }
        let steps = self.steps
        let target = 1 - self.risk
        func suffices(_ lead: Int) -> Bool { mixture.success(aheadBy: lead, steps: steps) >= target }
        guard self.valid > 0, suffices(Self.largestLead) else {
            lead = nil
            return
        }
        // More votes never do harm on the right side of one half, but on the wrong side of it they do, so that the chance
        // need not grow all the way: the least is looked for from below.
        lead = (1...Self.largestLead).first(where: suffices)
    }

    /// Whether errors repeat, so that formulas for independent samples are not to be believed.
    public var isCorrelated: Bool { mixture.correlation > Self.believable }

    /// The chance that any step is wrong with a lead.
    public func chanceOfError(aheadBy lead: Int) -> Double { 1 - mixture.success(aheadBy: lead, steps: steps) }

    /// The samples of one step on average with a lead, discarded ones included.
    public func samplesAStep(aheadBy lead: Int) -> Double { mixture.samples(aheadBy: lead, valid: valid) }

    /// The samples of the whole work on average with a lead.
    public func samples(aheadBy lead: Int) -> Double { Double(steps) * samplesAStep(aheadBy: lead) }
}
