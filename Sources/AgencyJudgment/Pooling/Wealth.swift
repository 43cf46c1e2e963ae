// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Wealth by seat, and how an outcome moves it.
///
/// Those present bet all they have at the price, as Kelly would: with w the wealth and g the probability that each gave to
/// what happened, w becomes w g / Σ w g × Σ w. Their total stays; those absent keep what they have.
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

    /// The mean of what those present gave, weighted by wealth.
    func price(_ panel: Panel) -> Double {
        var (sum, total) = (0.0, 0.0)
        for place in panel.places {
            sum += held[place.seat] * place.probability
            total += held[place.seat]
        }
        return sum / total
    }

    /// Moves the wealth of those present.
    ///
    /// - Parameters:
    ///   - panel: Those present; at least one.
    ///   - outcome: What happened.
    ///   - share: The part of the wealth of those present that is then given out anew, in proportion to their starts.
    mutating func settle(_ panel: Panel, outcome: Bool, share: Double) {
        var (before, after, start) = (0.0, 0.0, 0.0)
        for place in panel.places {
            before += held[place.seat]
            after += held[place.seat] * place.given(to: outcome)
            start += starts[place.seat]
        }
        let kept = (1 - share) * before / after
        let dealt = share * before / start
        for place in panel.places {
            let moved = held[place.seat] * place.given(to: outcome) * kept + dealt * starts[place.seat]
            held[place.seat] = max(Self.floor * starts[place.seat], moved)
        }
    }

    /// Whether it can be worked with: as many as there are seats, finite, none below its floor by more than rounding.
    func isSound(seats: Int) -> Bool {
        held.count == seats && starts.count == seats && held.allSatisfy { $0.isFinite && $0 > 0 }
            && starts.allSatisfy { $0.isFinite && $0 > 0 }
    }
}
