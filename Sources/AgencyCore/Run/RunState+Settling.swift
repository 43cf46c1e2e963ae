// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension RunState {
    /// Says why enactment must halt after a step, if it must: the action failed, or a forecast was contradicted.
    ///
    /// - Parameters:
    ///   - result: What the action showed.
    ///   - settlements: What became of the step's forecasts.
    /// - Returns: Why, in a sentence; `nil` when it may go on.
    public func haltReason(_ result: ToolResult, _ settlements: [Settlement]) -> String? {
        var threshold = 0.8
        if case .enact(_, let surprise) = currentStage { threshold = surprise }
        let surprises = settlements.filter { $0.isSurprise(threshold: threshold) }
        if result.isSuccess { return surprises.first?.surpriseText }
        let last = result.output.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no output"
        let failure = "the action failed with status \(result.status): \(last.prefix(300))"
        return surprises.first.map { "\($0.surpriseText); \(failure)" } ?? failure
    }

    /// The probability with which the evaluators forecast that every goal is reached: the mean of what they said of the
    /// proposal that is carried out, and a half where nobody said anything.
    public var goalProbability: Double {
        let forecasts = evaluations.filter { $0.proposal == enactment.proposal }.compactMap(\.probability)
        return forecasts.isEmpty ? 0.5 : forecasts.reduce(0, +) / Double(forecasts.count)
    }
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
