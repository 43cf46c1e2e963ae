// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyJudgment

extension RunState {
    /// Says why enactment must halt after a step, if it must: the action failed, a forecast was contradicted, or all that was
    /// seen of the plan is together too unlikely under what was forecast.
    ///
    /// - Parameters:
    ///   - result: What the action showed.
    ///   - settlements: What became of the step's forecasts.
    /// - Returns: Why, in a sentence; `nil` when it may go on.
    public func haltReason(_ result: ToolResult, _ settlements: [Settlement]) -> String? {
        let surprise = enacting.surprise.flatMap { threshold in
            settlements.first { $0.isSurprise(threshold: threshold) }?.surpriseText
        }
        let news = surprise ?? testReason(settlements)
        if result.isSuccess { return news }
        let last = result.output.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no output"
        let failure = "the action failed with status \(result.status): \(last.prefix(300))"
        return news.map { "\($0); \(failure)" } ?? failure
    }

    /// The bets against the forecasts of the chosen plan after some more of them; `nil` where the architecture wants none.
    public func surprise(after settlements: [Settlement]) -> SurpriseTest? {
        guard let rate = enacting.falseAlarms else { return nil }
        var test = enactment.surprise ?? SurpriseTest(alpha: rate)
        for settlement in settlements {
            // What cannot be looked at was not seen to be as forecast.
            test.see(settlement.probability, outcome: settlement.outcome ?? (settlement.probability < 0.5))
        }
        return test
    }

    private func testReason(_ settlements: [Settlement]) -> String? {
        guard let test = surprise(after: settlements), test.haltsRun else { return nil }
        let odds = test.evidence < 1e9 ? "\(Int(test.evidence).grouped) to 1" : "more than a milliard to 1"
        let worst = settlements.max { $0.improbability < $1.improbability }
        let last = worst.map { "; the furthest off just now: \($0.surpriseText)" } ?? ""
        return
            "\(test.steps) forecasts of this plan are together too far off: the bets against them stand at \(odds)\(last)"
    }

    /// What halts enactment.
    private var enacting: Enacting {
        for case .enact(let enacting) in architecture?.flow ?? [] { return enacting }
        return Enacting(role: "", surprise: 0.8)
    }

    /// The probability with which the evaluators forecast that every goal is reached by the proposal that is carried out,
    /// and a half where nobody said anything.
    public var goalProbability: Double { enactment.proposal.flatMap(probability) ?? 0.5 }
}

extension Settlement {
    /// What was forecast and what was seen instead, in a sentence.
    fileprivate var surpriseText: String {
        guard outcome != nil else { return "the forecast “\(statement)” could not be settled: \(observed.prefix(300))" }
        let percent = Int((probability * 100).rounded())
        let claim = statement.hasSuffix(".") ? String(statement.dropLast()) : statement
        return "forecast at \(percent)%: \(claim); expected \(expected), observed \(observed.prefix(300))"
    }
}
