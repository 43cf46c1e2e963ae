// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyJudgment

/// The record shows that choices like the one of this run may be made by rule; a person may grant it.
public struct MandateProposed: Hashable, Sendable, Codable {
    /// The architecture, by name.
    public var work: String
    /// What the choices are made by: ``RunState/cast``.
    public var cast: Digest
    /// On what terms.
    public var terms: MandateTerms
    /// What shows it.
    public var evidence: MandateEvidence

    /// Makes the event.
    public init(work: String, cast: Digest, terms: MandateTerms, evidence: MandateEvidence) {
        self.work = work
        self.cast = cast
        self.terms = terms
        self.evidence = evidence
    }
}

/// How choices by rule would have fared, or have, in the runs that are over.
public struct MandateEvidence: Hashable, Sendable, Codable {
    /// The cases in which the rule was right.
    public var successes: Int
    /// The cases in which it was not: the person wanted something else, or it did not reach the goals.
    public var failures: Int
    /// What the rate of success is shown to surpass, however often one looks.
    public var lowerBound: Double

    /// Makes evidence.
    public init(successes: Int, failures: Int, lowerBound: Double) {
        self.successes = successes
        self.failures = failures
        self.lowerBound = lowerBound
    }

    private enum CodingKeys: String, CodingKey { case successes, failures, lowerBound = "lower-bound" }

    /// How many cases there are.
    public var cases: Int { successes.saturatingPlus(failures) }

    /// Whether the numbers can be what they say they are; a record can hold any.
    var isUsable: Bool { successes >= 0 && failures >= 0 && (0...1).contains(lowerBound) }
}

extension Double {
    /// A bound in whole percents, never above what it is.
    package var percentBelow: String { (0...1).contains(self) ? "\(Int((self * 100).rounded(.down)))%" : "?" }
}

/// A person grants what was proposed.
public struct MandateGranted: Hashable, Sendable, Codable {
    /// The mandate, signed.
    public var granted: GrantedMandate
    /// How the person was identified.
    public var identifiedBy: String
    /// Why.
    public var reason: String

    /// Makes the event.
    public init(granted: GrantedMandate, identifiedBy: String, reason: String) {
        self.granted = granted
        self.identifiedBy = identifiedBy
        self.reason = reason
    }
}

/// A mandate ends: a person takes it back, or the record does not carry it any more.
public struct MandateWithdrawn: Hashable, Sendable, Codable {
    /// Its name.
    public var mandate: String
    /// What its choices are made by: ``RunState/cast``.
    public var cast: Digest
    /// Why.
    public var cause: DelegationGrade.Reason
    /// Why, in a sentence.
    public var reason: String
    /// Who takes it back; `nil` where it ends by itself.
    public var person: String?
    /// How they were identified.
    public var identifiedBy: String?

    /// Makes the event.
    public init(
        mandate: String,
        cast: Digest,
        cause: DelegationGrade.Reason,
        reason: String,
        person: String? = nil,
        identifiedBy: String? = nil
    ) {
        self.mandate = mandate
        self.cast = cast
        self.cause = cause
        self.reason = reason
        self.person = person
        self.identifiedBy = identifiedBy
    }
}
