// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// By how much the loss of each seat exceeds that of those present with it, and what it weighs for that.
///
/// E is the sum of loss − mean loss of those present and n the outcomes, both fading by a hundredth at each outcome of the
/// evaluator's. Its expected excess is m = (E + κ m′) / (n + κ), where m′ is that of the others of its family, shrunk to 0
/// likewise. Its weight is e^(−c m): those that are expected to lose half a nat more weigh a twentieth.
struct Skill: Hashable, Sendable, Codable {
    private var excess: [Double] = []
    private var outcomes: [Double] = []
    private var familyExcess: [Double] = []
    private var familyOutcomes: [Double] = []

    /// c: how steeply weights fall with expected excess loss.
    private static let steepness = 6.0
    /// What is kept at each outcome: a memory of a hundred.
    private static let memory = 0.99

    mutating func admit(seats: Int, families: Int) {
        excess += [Double](repeating: 0, count: seats - excess.count)
        outcomes += [Double](repeating: 0, count: seats - outcomes.count)
        familyExcess += [Double](repeating: 0, count: families - familyExcess.count)
        familyOutcomes += [Double](repeating: 0, count: families - familyOutcomes.count)
    }

    /// m of a seat.
    func expectedExcess(_ seat: Int, family: Int) -> Double {
        let weight = TrackRecord.priorWeight
        let others = (familyExcess[family] - excess[seat]) / (familyOutcomes[family] - outcomes[seat] + weight)
        return (excess[seat] + weight * others) / (outcomes[seat] + weight)
    }

    /// The pooled logit: the mean of the logits of those present, weighted by skill and kinship.
    func logit(_ panel: Panel, in roster: Roster) -> Double {
        var (sum, total) = (0.0, 0.0)
        for place in panel.places {
            // An excess is between −4.6 and 4.6, so that this is between 1e-12 and 1e12.
            let excess = expectedExcess(place.seat, family: roster.families[place.seat])
            let weight = place.weight * exp(-Self.steepness * excess)
            sum += weight * place.logit
            total += weight
        }
        return sum / total
    }

    mutating func settle(_ panel: Panel, in roster: Roster, outcome: Bool) {
        let mean = panel.places.reduce(0) { $0 + $1.loss(outcome) } / Double(panel.count)
        for place in panel.places {
            let (oldExcess, oldOutcomes) = (excess[place.seat], outcomes[place.seat])
            excess[place.seat] = Self.memory * oldExcess + place.loss(outcome) - mean
            outcomes[place.seat] = Self.memory * oldOutcomes + 1
            let family = roster.families[place.seat]
            familyExcess[family] += excess[place.seat] - oldExcess
            familyOutcomes[family] += outcomes[place.seat] - oldOutcomes
        }
    }

    func isSound(seats: Int, families: Int) -> Bool {
        excess.count == seats && outcomes.count == seats && familyExcess.count == families
            && familyOutcomes.count == families && (excess + familyExcess).allSatisfy(\.isFinite)
            && (outcomes + familyOutcomes).allSatisfy { $0.isFinite && $0 > -1e-6 }
    }
}
