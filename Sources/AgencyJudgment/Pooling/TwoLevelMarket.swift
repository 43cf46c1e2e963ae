// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A market of four poolers, each of which weighs evaluators by their records in its own way.
///
/// - ``Trader/market``: a ``WealthMarket`` without a share, which finds the best evaluator and is bound to it by a promise.
/// - ``Trader/skill``: the mean of logits weighted by how well each did lately, recalibrated by ``PlattScaling``.
/// - ``Trader/quickStack`` and ``Trader/slowStack``: logistic regressions on the logits, in which an evaluator may count against
///   what it says; one takes evaluators for independent of each other, one for as correlated as they have been.
///
/// Those of one family are weighed by how much they have been wrong together, so that copies of one model are not so many
/// opinions. The poolers trade as evaluators do: the price is Σ W q / Σ W, and W becomes W q(y); a share of at most a hundredth,
/// and of 1 / (t + 2) later, is given out anew. They start with ¼ each.
///
/// **What it promises.** On every sequence of outcomes, the sum of −ln of the price is at most that of each pooler plus ln 4 plus
/// what the shares cost: 1 + ln(T / 99) over T > 99 outcomes, T / 99 before. Through the market it is bound
/// to every evaluator over the outcomes for which it was present: ln(W / w₀) more, as ``WealthMarket`` says.
///
/// **What it does not promise.** Anything about forecasts that nobody settles, or that are settled by selection.
///
/// > Source: the two levels are those of mixtures of experts under logarithmic loss, N. Cesa-Bianchi and G. Lugosi,
/// > Prediction, Learning, and Games (2006), chapters 3 and 9; the poolers name theirs.
///
/// - Complexity: O(those present) for a price and for an outcome, with n log n where families are present; O(evaluators ever
///   seen) in space.
public struct TwoLevelMarket: Hashable, Sendable, Codable {
    /// The poolers that trade.
    public enum Trader: Int, Hashable, Sendable, Codable, CaseIterable {
        /// The wealth market.
        case market
        /// The mean by skill.
        case skill
        /// The regression that takes evaluators for independent.
        case quickStack
        /// The regression that takes them for as correlated as they have been.
        case slowStack
    }

    /// The outcomes settled with at least one forecast.
    public private(set) var count = 0
    /// The sum of −ln of the price of what happened, in nats.
    public private(set) var loss = 0.0
    private var roster = Roster()
    private var kinship = Kinship()
    private var wealth = Wealth()
    private var skill = Skill()
    private var scaling = PlattScaling()
    private var quickStack = Stack()
    private var slowStack = Stack()
    private var weights = SIMD4<Double>(repeating: TwoLevelMarket.start)

    /// What each pooler starts with.
    private static let start = 0.25

    /// Opens a market without evaluators.
    public init() {}

    /// The price of a statement: the pooled probability that it comes true; `nil`, not determined, when nobody gave one.
    public func price(of forecasts: Forecasts) -> Double? {
        guard !forecasts.isEmpty else { return nil }
        var panel = Panel(forecasts, in: roster)
        guard panel.newcomers.isEmpty else {
            var later = self
            later.admit(panel.newcomers, present: forecasts.entries.count)
            return later.price(of: forecasts)
        }
        panel.prepare(roster, kinship)
        return price(quotes(panel).prices)
    }

    /// Moves every weight by an outcome.
    ///
    /// - Returns: The price at this moment, before the outcome moved anything; `nil`, and nothing is changed, when nobody gave
    ///   a probability.
    @discardableResult
    public mutating func settle(_ forecasts: Forecasts, outcome: Bool) -> Double? {
        guard !forecasts.isEmpty else { return nil }
        var panel = Panel(forecasts, in: roster)
        if !panel.newcomers.isEmpty {
            admit(panel.newcomers, present: forecasts.entries.count)
            panel = Panel(forecasts, in: roster)
        }
        panel.prepare(roster, kinship)
        let quotes = quotes(panel)
        let price = price(quotes.prices)
        trade(quotes.prices, outcome: outcome)
        wealth.settle(panel, outcome: outcome, share: 0)
        scaling.settle(logit: quotes.skill, outcome: outcome)
        skill.settle(panel, in: roster, outcome: outcome)
        quickStack.settle(panel, logit: quotes.quick, correlation: 0, outcome: outcome)
        slowStack.settle(panel, logit: quotes.slow, correlation: kinship.panelCorrelation, outcome: outcome)
        kinship.settle(panel, outcome: outcome)
        count += 1
        loss -= log(outcome ? price : 1 - price)
        return price
    }

    /// What each pooler says, and the logits behind it that poolers learn from.
    private struct Quotes {
        var prices: SIMD4<Double>
        var skill: Double
        var quick: Double
        var slow: Double
    }

    private func quotes(_ panel: Panel) -> Quotes {
        let skill = skill.logit(panel, in: roster)
        let quick = quickStack.logit(panel)
        let slow = slowStack.logit(panel)
        let prices = SIMD4(
            wealth.price(panel),
            VoteOdds.logistic(scaling.value(at: skill)),
            VoteOdds.logistic(quick),
            VoteOdds.logistic(slow)
        )
        let clipped = prices.clamped(
            lowerBound: SIMD4(repeating: Probability.least),
            upperBound: SIMD4(repeating: 1 - Probability.least)
        )
        return Quotes(prices: clipped, skill: skill, quick: quick, slow: slow)
    }

    private func price(_ quotes: SIMD4<Double>) -> Double { Self.sum(weights * quotes) }

    /// Moves the wealth of the poolers, which always sums to 1.
    private mutating func trade(_ quotes: SIMD4<Double>, outcome: Bool) {
        let moved = weights * (outcome ? quotes : 1 - quotes)
        let share = min(0.01, 1 / Double(count + 2))
        weights = (1 - share) / Self.sum(moved) * moved + share * Self.start
    }

    /// The sum from the first to the last, the same on every machine.
    private static func sum(_ values: SIMD4<Double>) -> Double { values[0] + values[1] + values[2] + values[3] }

    private mutating func admit(_ newcomers: [Evaluator], present: Int) {
        wealth.admit(roster.admit(newcomers))
        kinship.admit(families: roster.familyCount)
        skill.admit(seats: roster.count, families: roster.familyCount)
        quickStack.admit(seats: roster.count, present: present)
        slowStack.admit(seats: roster.count, present: present)
    }
}

extension TwoLevelMarket {
    /// Everybody seen so far, in the order in which they came.
    public var evaluators: [Evaluator] { roster.evaluators }

    /// What a pooler has; all together have 1.
    public func weight(of trader: Trader) -> Double { weights[trader.rawValue] }

    /// What an evaluator has in the market below; `nil` for one never seen.
    public func wealth(of evaluator: String) -> Double? { roster.seat(of: evaluator).map { wealth.held[$0] } }

    /// By how many nats an evaluator is expected to lose more than those present with it; below 0 for one who does better, 0
    /// for one of whom and of whose family nothing is known, `nil` for one never seen.
    public func expectedExcess(of evaluator: String) -> Double? {
        roster.seat(of: evaluator).map { skill.expectedExcess($0, family: roster.families[$0]) }
    }

    /// The correlation of errors in a family, from 0 to 1; ½ before anything is known, `nil` for one never seen.
    public func correlation(ofFamily family: String) -> Double? {
        roster.place(ofFamily: family).map { kinship.correlation($0) }
    }

    /// What each pooler says of a statement; `nil` when nobody gave a probability.
    public func prices(of forecasts: Forecasts) -> [Trader: Double]? {
        guard !forecasts.isEmpty else { return nil }
        var later = self
        var panel = Panel(forecasts, in: roster)
        if !panel.newcomers.isEmpty {
            later.admit(panel.newcomers, present: forecasts.entries.count)
            panel = Panel(forecasts, in: later.roster)
        }
        panel.prepare(later.roster, later.kinship)
        let prices = later.quotes(panel).prices
        return Dictionary(uniqueKeysWithValues: Trader.allCases.map { ($0, prices[$0.rawValue]) })
    }

    /// Reads a market.
    ///
    /// - Throws: `DecodingError` when it is none: parts that do not fit together, or numbers that no outcomes lead to.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        count = try container.decode(Int.self, forKey: .count)
        loss = try container.decode(Double.self, forKey: .loss)
        roster = try container.decode(Roster.self, forKey: .roster)
        kinship = try container.decode(Kinship.self, forKey: .kinship)
        wealth = try container.decode(Wealth.self, forKey: .wealth)
        skill = try container.decode(Skill.self, forKey: .skill)
        scaling = try container.decode(PlattScaling.self, forKey: .scaling)
        quickStack = try container.decode(Stack.self, forKey: .quickStack)
        slowStack = try container.decode(Stack.self, forKey: .slowStack)
        weights = try container.decode(SIMD4<Double>.self, forKey: .weights)
        let isSound =
            wealth.isSound(seats: roster.count) && kinship.isSound(families: roster.familyCount)
            && skill.isSound(seats: roster.count, families: roster.familyCount)
            && quickStack.isSound(seats: roster.count) && slowStack.isSound(seats: roster.count)
            && Trader.allCases.allSatisfy { weights[$0.rawValue] > 0 && weights[$0.rawValue] <= 1 }
        guard isSound else {
            throw DecodingError.dataCorruptedError(forKey: .wealth, in: container, debugDescription: "not a market")
        }
    }

    private enum CodingKeys: String, CodingKey {
        case count, loss, roster, kinship, wealth, skill, scaling, quickStack, slowStack, weights
    }
}
