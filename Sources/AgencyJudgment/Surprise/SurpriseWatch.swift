// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The two tests that run side by side over the same bets, and what they hold so far.
struct SurpriseWatch: Hashable, Sendable, Codable {
    /// The chance that a run without surprise ever halts.
    let alpha: Double
    /// The steps that a service without surprise takes on average, at least, until it halts.
    let patience: Double
    private let runShare: Double
    private let serviceShare: Double

    private var run: OnsetMixture
    private var service: ShiryaevRoberts
    private(set) var runShock = Shock(cash: 1)
    private(set) var serviceShock = Shock(cash: 0)
    /// The largest that ``logE`` has been.
    private(set) var peakRun = 0.0
    /// The largest that ``logSum`` has been.
    private(set) var peakService: Double?

    init(alpha: Double, patience: Double, bets: Int, onset: Double?, runShock: Double, serviceShock: Double) {
        self.alpha = alpha > 0 && alpha <= 1 ? alpha : 0.01
        self.patience = patience >= 1 && patience.isFinite ? patience : 18_000
        // Without bets all the money is on shocks, and without shocks on bets.
        runShare = bets == 0 ? 1 : runShock
        serviceShare = bets == 0 ? 1 : serviceShock
        run = OnsetMixture(bets: bets, half: onset)
        service = ShiryaevRoberts(bets: bets)
    }

    var steps: Int { run.steps }

    /// Takes one step.
    ///
    /// - Parameters:
    ///   - factors: The logarithm of what a unit on each bet becomes.
    ///   - runShock: What happens to the money that the run keeps for shocks, given what a hit has to be worth.
    ///   - serviceShock: The same for the service.
    mutating func see(
        _ factors: [Double],
        runShock: (inout Shock, _ worth: Double) -> Void,
        serviceShock: (inout Shock, _ worth: Double) -> Void
    ) {
        run.see(factors)
        service.see(factors)
        if runShare > 0 { runShock(&self.runShock, 1 / (alpha * runShare)) }
        if serviceShare > 0 {
            self.serviceShock.earn(1, atMost: patience)
            serviceShock(&self.serviceShock, patience / serviceShare)
        }
        peakRun = max(peakRun, logE)
        peakService = max(peakService ?? logSum, logSum)
    }

    /// The logarithm of the e-process.
    var logE: Double {
        let shock = runShare * runShock.cash + Double(runShock.hits) / alpha
        return LogSum.of(log(1 - runShare) + run.mean, log(shock))
    }

    /// The logarithm of the e-detector.
    var logSum: Double {
        let shock = serviceShare * serviceShock.cash + Double(serviceShock.hits) * patience
        return LogSum.of(log(1 - serviceShare) + service.mean, log(shock))
    }

    var haltsRun: Bool { peakRun >= -log(alpha) }

    var haltsService: Bool { (peakService ?? -.infinity) >= log(patience) }
}
