// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A market in which evaluators bet on outcomes: who is right gains wealth, and the price is their mean, weighted by it.
///
/// The price is q = Σ w p / Σ w over those present. When the outcome y is known, each present has w p(y) / q instead of w: the
/// total of those present stays, and those absent keep what they have. Then a share of it is given out anew among those
/// present, so that what was lost long ago can be won back, and one who was best once need not stay so.
///
/// **What it promises.** Without a share, for every evaluator, on every sequence of outcomes, over the outcomes for which it was
/// present: the sum of −ln q(y) is at most the evaluator's own plus ln(W / w₀), where w₀ is what it started with and W what all
/// started with; ln N for N that started equal. The difference is, to the digit, the logarithm of what its wealth has grown
/// by. With a share α, T ln(1 / (1 − α)) more, for the sake of following a best that changes.
///
/// **What it does not promise.** To be better than the best evaluator, or calibrated. What is forecast before other outcomes
/// have been settled is priced with the wealth of that moment; the promise is about prices at settlement.
///
/// > Source: Y. Freund, R. Schapire, Y. Singer and M. Warmuth, “Using and Combining Predictors That Specialize” (1997);
/// > A. Beygelzimer, J. Langford and D. Pennock, “Learning Performance of Prediction Markets with Kelly Bettors”, arXiv
/// > 1201.6655; the share is that of M. Herbster and M. Warmuth, “Tracking the Best Expert” (1998).
///
/// - Complexity: O(those present) for a price and for an outcome; O(evaluators ever seen) in space.
public struct WealthMarket: Hashable, Sendable, Codable {
    /// The part of the wealth of those present that is given out anew at each outcome, from 0 to 1.
    public let share: Double
    /// The outcomes settled with at least one forecast.
    public private(set) var count = 0
    /// The sum of −ln of the price of what happened, in nats.
    public private(set) var loss = 0.0
    private var roster = Roster()
    private var wealth = Wealth()

    /// The share that is used where nothing else is said.
    public static let defaultShare = 0.02

    /// Opens a market without evaluators.
    ///
    /// - Parameter share: What is given out anew at each outcome; beyond 0 and 1 it is cut, NaN counts as 0.
    public init(share: Double = WealthMarket.defaultShare) {
        self.share = share.isNaN ? 0 : min(1, max(0, share))
    }

    /// The price of a statement: the pooled probability that it comes true; `nil`, not determined, when nobody gave one.
    public func price(of forecasts: Forecasts) -> Double? {
        guard !forecasts.isEmpty else { return nil }
        let panel = Panel(forecasts, in: roster)
        guard panel.newcomers.isEmpty else {
            var later = self
            later.admit(panel.newcomers)
            return later.price(of: forecasts)
        }
        return wealth.price(panel)
    }

    /// Moves wealth by an outcome.
    ///
    /// - Returns: The price at this moment, before the outcome moved anything; `nil`, and nothing is changed, when nobody gave
    ///   a probability.
    @discardableResult
    public mutating func settle(_ forecasts: Forecasts, outcome: Bool) -> Double? {
        guard !forecasts.isEmpty else { return nil }
        var panel = Panel(forecasts, in: roster)
        if !panel.newcomers.isEmpty {
            admit(panel.newcomers)
            panel = Panel(forecasts, in: roster)
        }
        let price = wealth.price(panel)
        wealth.settle(panel, outcome: outcome, share: share)
        count += 1
        loss -= log(outcome ? price : 1 - price)
        return price
    }

    /// What an evaluator has; `nil` for one never seen.
    ///
    /// It starts with 1, or with 1/k as the k-th of its family; those of a family that come together share what they start with.
    public func wealth(of evaluator: String) -> Double? { roster.seat(of: evaluator).map { wealth.held[$0] } }

    /// By how much, at most, the loss over the outcomes for which an evaluator was present exceeds its own, without a share.
    ///
    /// ln(W / w₀) for those seen so far, plus what ``Wealth/floor`` may have added; `nil` for one never seen.
    public func regretBound(of evaluator: String) -> Double? {
        guard let seat = roster.seat(of: evaluator) else { return nil }
        let total = wealth.starts.reduce(0, +) * (1 + Wealth.floor * Double(count))
        return log(total / wealth.starts[seat])
    }

    /// Everybody seen so far, in the order in which they came.
    public var evaluators: [Evaluator] { roster.evaluators }

    private mutating func admit(_ newcomers: [Evaluator]) { wealth.admit(roster.admit(newcomers)) }
}

extension WealthMarket {
    private enum CodingKeys: String, CodingKey {
        case share, count, loss, roster, wealth
    }

    /// Reads a market.
    ///
    /// - Throws: `DecodingError` when it is none: parts that do not fit together, or numbers that no outcomes lead to.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(share: try container.decode(Double.self, forKey: .share))
        count = try container.decode(Int.self, forKey: .count)
        loss = try container.decode(Double.self, forKey: .loss)
        roster = try container.decode(Roster.self, forKey: .roster)
        wealth = try container.decode(Wealth.self, forKey: .wealth)
        guard wealth.isSound(seats: roster.count) else {
            throw DecodingError.dataCorruptedError(forKey: .wealth, in: container, debugDescription: "not a market")
        }
    }
}
