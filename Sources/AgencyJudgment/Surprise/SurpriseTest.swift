// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Tells when what is seen is too unlikely under what was forecast.
///
/// It takes forecasts as they settle and bets against them. As long as the forecasts are calibrated given what was
/// known, or pessimistic, no bet is expected to gain; so that a gain is evidence, as often as one looks. Two tests
/// run side by side:
///
/// - ``haltsRun`` is for a plan that ends: the chance that it is ever true without cause is at most ``alpha``.
/// - ``haltsService`` is for what goes on: without cause it takes at least ``patience`` steps on average.
///
/// Many forecasts that are a little off add up; a single one that is far off is enough, if it was held to be rare
/// enough for what the tests still have to stake. A forecast whose failure had a chance above half of ``alpha`` times
/// ``SurpriseBets/runShock`` halts no run alone.
///
/// What is not calibrated halts as well, and should: a forecaster who is too sure of itself is a fault of the plan.
///
/// > Source: e-detectors, arXiv 2203.03532; Ville's inequality, 1939. Laying the bets out over the steps, and staking
/// > on shocks, are ours, and valid by the same argument.
///
/// - Complexity: O(bets) a step; some doubles, however many steps.
public struct SurpriseTest: Hashable, Sendable, Codable {
    /// What it bets on.
    public let bets: SurpriseBets
    /// The forecasts that were no probabilities, and were left out.
    public private(set) var unusable = 0
    private var watch: SurpriseWatch

    /// The nearest that a forecast may come to 0 and to 1; those beyond are moved there, so that everything stays
    /// finite.
    public static let edge = 1e-9

    /// Begins a test.
    ///
    /// - Parameters:
    ///   - alpha: The chance that a run without surprise ever halts. What is not above 0 and at most 1 counts as .01.
    ///   - patience: The steps that a service without surprise takes on average, at least, until it halts. What is
    ///     below 1 or not finite counts as 18,000.
    ///   - bets: What to bet on.
    public init(alpha: Double = 0.01, patience: Double = 18_000, bets: SurpriseBets = .worse) {
        self.bets = bets
        watch = SurpriseWatch(
            alpha: alpha,
            patience: patience,
            bets: bets.shifts.count,
            onset: bets.onset,
            runShock: bets.runShock,
            serviceShock: bets.serviceShock
        )
    }

    /// The chance that a run without surprise ever halts.
    public var alpha: Double { watch.alpha }
    /// The steps that a service without surprise takes on average, at least, until it halts.
    public var patience: Double { watch.patience }
    /// The settled forecasts that were taken.
    public var steps: Int { watch.steps }
    /// The natural logarithm of the evidence against the forecasts as it stands, for a run: an e-process.
    public var logE: Double { watch.logE }
    /// How much more likely all that was seen has been to those who bet against the forecasts: 1 says nothing, and as long as
    /// the forecasts are calibrated it ever reaches 1 / ``alpha`` with a chance of at most ``alpha``.
    public var evidence: Double { exp(logE) }
    /// The natural logarithm of the evidence that the forecasts have become wrong at some time, for a service: an
    /// e-detector.
    public var logSum: Double { watch.logSum }
    /// Whether a run is to halt: whether the evidence has ever reached 1 / ``alpha``.
    public var haltsRun: Bool { watch.haltsRun }
    /// Whether a service is to halt: whether its evidence has ever reached ``patience``.
    public var haltsService: Bool { watch.haltsService }

    /// Takes a forecast whichever way it was put: the bet is against the side that was held to be the likelier.
    ///
    /// - Parameters:
    ///   - p: The probability, from 0 to 1; anything else is left out and counted.
    ///   - outcome: Whether it came true.
    public mutating func see(_ p: Double, outcome: Bool) {
        see(forecast: max(p, 1 - p), happened: outcome == (p >= 0.5))
    }

    /// Takes a settled forecast.
    ///
    /// - Parameters:
    ///   - p: The probability that was forecast before the fact. What is NaN or outside of 0 and 1 is counted as
    ///     unusable and left out; what is nearer to 0 or 1 than ``edge`` is moved to it.
    ///   - happened: Whether it came to be.
    public mutating func see(forecast p: Double, happened: Bool) {
        guard p >= 0, p <= 1 else {
            unusable += 1
            return
        }
        let p = min(1 - Self.edge, max(Self.edge, p))
        let isTurned = bets.goesBothWays && p < 0.5
        // What is held to be rare: that it fails, or, where that counts as well, that it happens.
        let chance = isTurned ? p : 1 - p
        let isShock = happened == isTurned
        watch.see(
            bets.factors(forecast: p, happened: happened),
            runShock: { $0.see(chance: chance, happened: isShock, worth: $1) },
            serviceShock: { $0.see(chance: chance, happened: isShock, worth: $1) }
        )
    }
}
