// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a test of surprise bets on.
public struct SurpriseBets: Hashable, Sendable, Codable {
    /// How far the truth may lie from the forecast, in logits.
    ///
    /// −1 is a world in which the odds are e times worse. One that is there twice counts twice.
    public let shifts: [Double]
    /// The steps within which half of the money of a test for a run is laid out; `nil` lays out all of it at the first.
    public let onset: Double?
    /// The share of a run's test that is kept for single forecasts that are far off, from 0 to 1.
    public let runShock: Double
    /// The share of a service's test that is kept for them, from 0 to 1.
    public let serviceShock: Double

    /// Makes bets.
    ///
    /// - Parameters:
    ///   - shifts: In logits, cut to −50 and 50; those that are 0 or no number are left out. Only those below 0 unless what turns out
    ///     better than forecast is to halt as well.
    ///   - onset: In steps, above 0, and cut to 1 and a million; what is not above 0 counts as `nil`.
    ///   - runShock: Cut to 0 and 1.
    ///   - serviceShock: Cut to 0 and 1.
    public init(
        shifts: [Double] = [-0.5, -1.5, -1.5],
        onset: Double? = 20,
        runShock: Double = 0.5,
        serviceShock: Double = 0.05
    ) {
        self.shifts = shifts.filter { $0.isFinite && $0 != 0 }.map { min(50, max(-50, $0)) }
        self.onset = onset.flatMap { $0 > 0 ? min(max(1, $0), 1e6) : nil }
        self.runShock = VoteOdds(success: runShock).success
        self.serviceShock = VoteOdds(success: serviceShock).success
    }

    /// Bets that the world is worse than forecast.
    public static let worse = SurpriseBets()
    /// Bets that the world is not as forecast, for better or for worse.
    public static let either = SurpriseBets(shifts: [-1.5, -1.5, -0.5, 0.5, 1.5, 1.5])

    /// Whether what turns out better than forecast counts as well.
    var goesBothWays: Bool { shifts.contains { $0 > 0 } }

    /// The logarithm of what a unit on each shift becomes.
    func factors(forecast p: Double, happened: Bool) -> [Double] {
        let logit = VoteOdds(success: p).logit
        return shifts.map { shift in
            // ln of q / p, or of (1 − q) / (1 − p).
            happened
                ? Self.logLogistic(logit + shift) - Self.logLogistic(logit)
                : Self.logLogistic(-logit - shift) - Self.logLogistic(-logit)
        }
    }

    private static func logLogistic(_ x: Double) -> Double { x >= 0 ? -log1p(exp(-x)) : x - log1p(exp(x)) }
}
