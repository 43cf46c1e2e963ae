// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

extension RecordsShown {
    /// How far each evaluator can be believed, in sentences, and what the rule of the architecture would make of it.
    var standings: [String] {
        let source = "\(settled.counted("judgement")) of \(runs.counted("run")) that \(runs == 1 ? "is" : "are") over"
        let ruled = [rule?.words].compactMap(\.self) + [mandate?.words].compactMap(\.self)
        return ["By \(source) with an outcome:"] + evaluators.map(\.words) + ruled
    }
}

extension RecordsShown.Standing {
    /// Why what the role says is only advice, in a word.
    var caveat: String? { drift != nil ? "has changed" : isAdvisory ? "advisory" : nil }

    /// How far the role can be believed, in a sentence.
    var words: String {
        let whom = "\(role) (\(performer))"
        let moved = drift.map { "; its judgement has moved, and its record is not carried over: \($0)" } ?? ""
        let expected = "expected next: \(expectedBrier.brierText)"
        guard !isAdvisory, let brier else {
            return "\(whom): advisory, nothing it said is settled; \(expected)\(moved)"
        }
        // Always saying 50 % scores 0.25: who is above that would better say nothing.
        let worse = brier > 0.25 ? ", worse than saying 50% each time" : ""
        return "\(whom): Brier score \(brier.brierText) over \(settled.counted("outcome"))\(worse); \(expected)\(moved)"
    }
}

extension MandateEvidence {
    /// What it shows, in a sentence.
    public var words: String {
        guard cases > 0 else { return "No run that counts shows how the rule of this architecture fares." }
        return
            "The rule of this architecture was right in \(successes) of \(cases.counted("case")), which shows a rate above "
            + "\(lowerBound.percentBelow)."
    }
}

extension GrantedMandate {
    /// What it lets be done, in a sentence.
    public var words: String {
        "Mandate \(mandate.id.prefix(8)), granted by \(person), lets the rule choose until "
            + "\(UTC.text(milliseconds: mandate.untilMilliseconds)), while its rate is shown to be above \(mandate.terms.success.percent)."
    }
}
