// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What is expected of an evaluator, from its own outcomes and from those of what came before it and is like it.
public struct ExpectedScore: Hashable, Sendable {
    /// The expected logarithmic score in nats.
    public let log: Double
    /// The expected Brier score.
    public let brier: Double
    /// Its own outcomes.
    public let outcomes: Int
    /// How much of the estimate is its own evidence, from 0 to 1: n / (n + κ).
    public let ownShare: Double

    /// Whether it rests on others' outcomes alone.
    public var isAdvisory: Bool { outcomes == 0 }
}

extension TrackRecord {
    /// How many outcomes what is inherited counts for, at most: κ = 10.
    ///
    /// The same as in pooling, where it was chosen: after ten outcomes of its own an evaluator is half its own.
    public static let priorWeight = 10.0

    /// What is expected of an evaluator, shrunk to its parent's record and to its group's.
    ///
    /// Each level counts as κ outcomes of the level above: m = (S + κ m′) / (n + κ), where S is the sum of the level's scores
    /// and n their number. The order is own, parent, group, and ``ProperScore/ignorance`` above all. A newcomer thus starts
    /// near its parent, drawn to the group as far as the parent itself has not been settled; it never starts from nothing,
    /// and however long the parent's record is, it counts for κ outcomes and no more.
    ///
    /// > Source: the empirical Bayes estimate with pseudo-counts, as in B. Efron and C. Morris, “Data Analysis Using Stein's
    /// > Estimator and Its Generalizations” (1975).
    ///
    /// - Parameters:
    ///   - parent: The record of the prompt or model before this one in the same role; `nil` when there is none.
    ///   - group: The merged record of the others in the role or of the same kind; `nil` when there is none.
    ///   - weight: κ, above 0; anything else counts as ``priorWeight``.
    /// - Returns: The expected scores, and how much of them is its own evidence.
    public func shrunk(
        to parent: TrackRecord?,
        group: TrackRecord? = nil,
        weight: Double = TrackRecord.priorWeight
    ) -> ExpectedScore {
        let weight = weight > 0 && weight.isFinite ? weight : Self.priorWeight
        var (log, brier) = (ProperScore.ignorance.log, ProperScore.ignorance.brier)
        for record in [group, parent, self].compactMap({ $0 }) {
            let cases = Double(record.count) + weight
            log = (record.sums.log + weight * log) / cases
            brier = (record.sums.brier + weight * brier) / cases
        }
        return ExpectedScore(
            log: log,
            brier: brier,
            outcomes: count,
            ownShare: Double(count) / (Double(count) + weight)
        )
    }
}
