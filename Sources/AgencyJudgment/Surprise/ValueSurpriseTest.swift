// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Tells when values, such as costs and latencies, are too far out under what was forecast of them.
///
/// It takes for each value how much of the forecast lies as far out or farther: a ``RandomisedShare``. If the
/// forecasts are right the shares are spread evenly, and each bet, κ s^(κ − 1) for a share s, is expected to be worth
/// what was staked. Otherwise as ``SurpriseTest``.
///
/// > Source: bets on shares (“p-to-e calibrators”) are V. Vovk's, see V. Vovk and R. Wang, E-values: calibration,
/// > combination and applications, 2021.
public struct ValueSurpriseTest: Hashable, Sendable, Codable {
    /// The shares that were none, and were left out.
    public private(set) var unusable = 0
    private var watch: SurpriseWatch

    /// The exponents of the bets: the smaller, the more is staked on values far out.
    public static let exponents = [0.2, 0.5, 0.8]

    /// Begins a test; the parameters are those of ``SurpriseTest``.
    public init(alpha: Double = 0.01, patience: Double = 18_000) {
        let bets = SurpriseBets.worse
        watch = SurpriseWatch(
            alpha: alpha,
            patience: patience,
            bets: Self.exponents.count,
            onset: bets.onset,
            runShock: bets.runShock,
            serviceShock: bets.serviceShock
        )
    }

    /// The values that were taken.
    public var steps: Int { watch.steps }
    /// The natural logarithm of the evidence for a run: an e-process.
    public var logE: Double { watch.logE }
    /// The natural logarithm of the evidence for a service: an e-detector.
    public var logSum: Double { watch.logSum }
    /// Whether a run is to halt.
    public var haltsRun: Bool { watch.haltsRun }
    /// Whether a service is to halt.
    public var haltsService: Bool { watch.haltsService }

    /// Takes a value by the share of its forecast that lies as far out or farther.
    ///
    /// - Parameter share: From 0 to 1; small is surprising. What is NaN or outside is counted as unusable and left
    ///   out; what is below 1e-12 counts as that.
    public mutating func see(share: Double) {
        guard share >= 0, share <= 1 else {
            unusable += 1
            return
        }
        let share = max(1e-12, share)
        let factors = Self.exponents.map { log($0) + ($0 - 1) * log(share) }
        let step = Double(watch.steps + 1)
        let half = SurpriseBets.worse.onset ?? 1
        watch.see(
            factors,
            // All shares are as likely, so that it is for us to say how rare is rare: each step gets its part of the
            // money.
            runShock: { shock, worth in
                let chance = shock.cash / (step + half) / worth
                shock.see(chance: chance, happened: share <= chance, worth: worth)
            },
            serviceShock: { shock, worth in
                let chance = 0.5 * shock.cash / worth
                shock.see(chance: chance, happened: share <= chance, worth: worth)
            }
        )
    }
}
