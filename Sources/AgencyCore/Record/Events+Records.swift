// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What the records of runs that are over say of those who judged, as it is put before whoever chooses.
///
/// It comes from outside of the run, so it is on the record of the run: what was shown can be read again when the records
/// have long become others, and the choice is bound to it.
public struct RecordsShown: Hashable, Sendable, Codable {
    /// How many runs of the same architecture that are over were read.
    public var runs: Int
    /// How many judged options of them have an outcome.
    public var settled: Int
    /// The roles that judged, in the order of their names.
    public var evaluators: [Standing]
    /// The options to which somebody gave a probability, in their order.
    public var options: [Pooled]
    /// How choices by rule have fared, where the architecture allows a mandate for them.
    public var rule: MandateEvidence?
    /// The mandate that stands, as far as the record carries it.
    public var mandate: GrantedMandate?

    /// Makes the event.
    public init(
        runs: Int,
        settled: Int,
        evaluators: [Standing],
        options: [Pooled],
        rule: MandateEvidence? = nil,
        mandate: GrantedMandate? = nil
    ) {
        self.runs = runs
        self.settled = settled
        self.evaluators = evaluators
        self.options = options
        self.rule = rule
        self.mandate = mandate
    }

    /// Whether the numbers can be what they say they are; a record can hold any.
    var isUsable: Bool {
        runs >= 0 && settled >= 0 && rule?.isUsable ?? true && options.allSatisfy { (0...1).contains($0.probability) }
            && evaluators.allSatisfy { one in
                one.settled >= 0 && (0...1).contains(one.brier ?? 0) && (0...1).contains(one.expectedBrier)
            }
    }

    /// How far a role can be believed.
    public struct Standing: Hashable, Sendable, Codable {
        /// The role.
        public var role: RoleName
        /// Who performs it now.
        public var performer: String
        /// How many of its forecasts in this setting have an outcome; 0 makes what it says advisory.
        public var settled: Int
        /// The mean squared distance of those from what happened, between 0 and 1; `nil` where nothing is settled.
        public var brier: Double?
        /// What is expected of the next one, drawn to the records of who played the role before and elsewhere.
        public var expectedBrier: Double
        /// Why what it says now may not be what it would have said before; its record is not carried over then.
        public var drift: String?

        /// Makes a standing.
        public init(
            role: RoleName,
            performer: String,
            settled: Int,
            brier: Double?,
            expectedBrier: Double,
            drift: String? = nil
        ) {
            self.role = role
            self.performer = performer
            self.settled = settled
            self.brier = brier
            self.expectedBrier = expectedBrier
            self.drift = drift
        }

        /// Whether nothing shows yet that it is to be believed.
        public var isAdvisory: Bool { settled == 0 }
    }

    /// What all who judged an option make of it together.
    public struct Pooled: Hashable, Sendable, Codable {
        /// The option.
        public var proposal: ProposalID
        /// The probability that it reaches the goals, between 0 and 1.
        public var probability: Double
        /// How many gave a probability.
        public var evaluators: Int

        /// Makes a pooled probability.
        public init(proposal: ProposalID, probability: Double, evaluators: Int) {
            self.proposal = proposal
            self.probability = probability
            self.evaluators = evaluators
        }
    }
}
