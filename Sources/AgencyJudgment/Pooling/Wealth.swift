// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Wealth by seat, and how an outcome moves it.
///
/// Those present bet all they have at the price, as Kelly would: with w the wealth and g the probability that each gave to
/// what happened, w becomes w g^η / Σ w g^η × Σ w. Their total stays; those absent keep what they have.
struct Wealth: Hashable, Sendable, Codable {
    /// What each has.
    private(set) var held: [Double] = []
    /// What each started with.
    private(set) var starts: [Double] = []

    /// The part of its start below which nobody falls.
    ///
    /// Nobody is silenced for ever: from here twenty-one nats better than the price lead back. A floor reached at every one of
    /// a million outcomes adds a thousandth to the total, and as much to the bound on regret.
    static let floor = 1e-9

    mutating func admit(_ starts: [Double]) {
        held += starts
        self.starts += starts
    }

    /// The mean of some numbers of those present, weighted by wealth.
    func mean(_ values: [Double], at seats: [Int]) -> Double {
        var (sum, weights) = (0.0, 0.0)
        for (value, seat) in zip(values, seats) {
            sum += held[seat] * value
            weights += held[seat]
        }
        return sum / weights
    }

    /// Moves the wealth of those present.
    ///
    /// - Parameters:
    ///   - given: The probability that each present gave to what happened, above 0; to the power of η.
    ///   - share: The part of the wealth of those present that is then given out anew, in proportion to their starts.
    mutating func settle(given: [Double], at seats: [Int], share: Double) {
        var (before, after, start) = (0.0, 0.0, 0.0)
        for (given, seat) in zip(given, seats) {
            before += held[seat]
            after += held[seat] * given
            start += starts[seat]
        }
        guard after > 0 else { return }
        let kept = (1 - share) * before / after
        let dealt = share * before / start
        for (given, seat) in zip(given, seats) {
            held[seat] = max(Self.floor * starts[seat], held[seat] * given * kept + dealt * starts[seat])
        }
    }

    /// Whether it can be worked with: as many as there are seats, finite, none below its floor by more than rounding.
    func isSound(seats: Int) -> Bool {
        held.count == seats && starts.count == seats && held.allSatisfy { $0.isFinite && $0 > 0 }
            && starts.allSatisfy { $0.isFinite && $0 > 0 }
    }
}
