// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Money that is staked on single events that the forecasts hold all but impossible, just enough each time to halt on
/// one.
///
/// A stake s on an event of probability δ is worth s / δ if it happens, and nothing otherwise. To be worth all that
/// halts it has to be δ times that. What is rare is cheap to guard against; what is not is left to the other bets.
struct Shock: Hashable, Sendable, Codable {
    /// What is left to stake.
    private(set) var cash: Double
    /// The events that happened, each of them worth all that halts.
    private(set) var hits = 0

    init(cash: Double) { self.cash = cash }

    /// Takes one step.
    ///
    /// - Parameters:
    ///   - chance: The probability of the event.
    ///   - happened: Whether it happened.
    ///   - worth: What it has to be worth.
    ///   - most: The share of the money that may be staked on it.
    mutating func see(chance: Double, happened: Bool, worth: Double, most: Double = 0.5) {
        let stake = chance * worth
        guard stake > 0, stake <= most * cash else { return }
        cash -= stake
        if happened { hits += 1 }
    }

    /// Adds money, up to a bound.
    mutating func earn(_ amount: Double, atMost bound: Double) { cash = min(bound, cash + amount) }
}
