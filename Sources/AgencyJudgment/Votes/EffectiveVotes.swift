// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How many independent voters several correlated ones are worth.
///
/// n / (1 + (n − 1) ρ), where ρ is the mean correlation of errors between two voters: the number of independent voters whose
/// mean would vary as much as theirs.
///
/// > Source: the effective sample size under intraclass correlation, L. Kish, Survey Sampling, 1965, section 5.4 (“deff” =
/// > 1 + (n − 1) ρ).
public struct EffectiveVotes: Hashable, Sendable {
    /// The voters of a question on average.
    public let voters: Double
    /// The mean correlation of errors between two of them.
    public let correlation: Double
    /// Whether outcomes were known, or only agreement was.
    public let basis: Basis
    /// The questions that something could be learned from.
    public let questions: Int

    /// What the correlation was taken from.
    public enum Basis: String, Hashable, Sendable, Codable {
        /// From who was right and who was wrong.
        case outcomes
        /// From agreement alone, with the answer that most gave taken for right. What all get wrong together passes for
        /// right then, so that ``EffectiveVotes/count`` says at most how many there are, and may say far too many.
        case agreement
    }

    /// Takes a correlation that was measured.
    public init(voters: Double, correlation: Double, basis: Basis, questions: Int) {
        self.voters = max(1, voters)
        self.correlation = min(1, max(-1, correlation))
        self.basis = basis
        self.questions = questions
    }

    /// The number of independent voters that they are worth, from 1 to ``voters``.
    ///
    /// A correlation below 0 counts as none: it is no more than chance in the samples seen here.
    public var count: Double { voters / (1 + (voters - 1) * max(0, correlation)) }

    /// The share of voters below which a warning is due: half of the votes bring nothing.
    public static let leastShare = 0.5

    /// Whether most of the votes bring nothing.
    public var isWarning: Bool { voters > 1 && count / voters < Self.leastShare }
}
