// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment

/// One probability out of what several evaluators say of an option, each weighed by what became of what it said before.
///
/// A fold over runs that are over, in the order in which they ended: a market in which evaluators gain by being right about
/// what happened later (``TwoLevelMarket``). Roles that one performer plays are one family, whose opinions are not counted
/// as several.
public struct JudgementPool: Sendable {
    /// How many judged options had an outcome.
    public private(set) var settled = 0
    private var market = TwoLevelMarket()

    /// Gathers what was settled.
    public init(_ runs: some Sequence<RunForecasts>) {
        for run in runs.sorted(by: { ($0.endedAtMilliseconds, $0.run) < ($1.endedAtMilliseconds, $1.run) }) {
            var statement: [RunForecasts.Forecast] = []
            for forecast in run.forecasts where forecast.key.task == EpisodeOrder.Task.evaluate.rawValue {
                // They are sorted by statement.
                if let first = statement.first, first.statement != forecast.statement {
                    settle(statement)
                    statement = []
                }
                statement.append(forecast)
            }
            settle(statement)
        }
    }

    /// What evaluators say together.
    ///
    /// - Parameter said: Who says what.
    /// - Returns: Above 0 and below 1; `nil` where nobody gives a probability.
    public func probability(_ said: [(key: RecordKey, probability: Double)]) -> Double? {
        market.price(of: Forecasts(said.map { (Self.evaluator($0.key), $0.probability) }))
    }

    private mutating func settle(_ statement: [RunForecasts.Forecast]) {
        guard let outcome = statement.first?.outcome else { return }
        let said = statement.compactMap { forecast in
            forecast.probability.map { (Self.evaluator(forecast.key), $0.value) }
        }
        if market.settle(Forecasts(said), outcome: outcome) != nil { settled += 1 }
    }

    private static func evaluator(_ key: RecordKey) -> Evaluator { Evaluator(key.description, family: key.performer) }
}
