// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Several bets, each spread over the steps at which what it bets on may have begun.
///
/// A share π(t) of the money for each bet is laid out at step t, and what is laid out is left to run. Money that is
/// all laid out at the first step would have lost much by the time something changes. What all of it is worth
/// together is an e-process: it is expected never to gain, so that it ever reaches 1/α with a probability of at most
/// α.
///
/// > Source: J. Ville, 1939, for the bound. Sums over the time of onset are Shiryaev's, 1963; the shares c / ((t + c
/// > − 1)(t + c)) are ours: half of the money is laid out in the first c steps, and the rest never all at once.
struct OnsetMixture: Hashable, Sendable, Codable {
    /// The steps within which half of the money is laid out, at least 1; `nil` lays out all of it at the first.
    let half: Double?
    private(set) var steps = 0
    /// ln of what each bet has laid out and is worth at the beginning of the next step.
    private var stakes: [Double]

    init(bets: Int, half: Double?) {
        self.half = half.map { max(1, $0) }
        stakes = Array(repeating: log(Self.share(at: 1, self.half)), count: bets)
    }

    /// Takes the logarithm of what a unit on each bet becomes in one step.
    mutating func see(_ factors: [Double]) {
        steps += 1
        let laidOut = Self.share(at: steps + 1, half)
        for (index, factor) in factors.enumerated() where index < stakes.count {
            let worth = stakes[index] + factor
            stakes[index] = laidOut > 0 ? LogSum.of(worth, log(laidOut)) : worth
        }
    }

    /// The share that is not laid out before the second of the coming steps.
    private var kept: Double { half.map { $0 / (Double(steps + 1) + $0) } ?? 0 }

    /// The logarithm of what all is worth on average over the bets.
    var mean: Double { LogSum.of(LogSum.mean(stakes), log(kept)) }

    private static func share(at step: Int, _ half: Double?) -> Double {
        guard let half else { return step == 1 ? 1 : 0 }
        let step = Double(step)
        return half / ((step + half - 1) * (step + half))
    }
}
