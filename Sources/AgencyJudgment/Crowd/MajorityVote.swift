// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The share of judgements for each category, as if one more had been given for each.
///
/// (c + 1) / (n + K) with c of n judgements for a category of K: Laplace's rule of succession. It takes everybody for equally
/// good, and cannot be made worse by judges who are wrong together than their number makes it.
public struct MajorityVote: Hashable, Sendable {
    /// How many judgements each category is given to begin with; above 0, so that none is impossible.
    public let smoothing: Double

    /// Makes one; a smoothing that is negative or no number counts as 1.
    public init(smoothing: Double = 1) { self.smoothing = smoothing >= 0 && smoothing.isFinite ? smoothing : 1 }

    /// What the judgements amount to.
    public func consensus(of judgements: Judgements) -> Consensus {
        let probabilities = judgements.counts.map { counts in
            let total = counts.reduce(0, +) + smoothing * Double(counts.count)
            return counts.map { ($0 + smoothing) / total }
        }
        return Consensus(judgements, probabilities: probabilities, isWeighted: false)
    }
}
