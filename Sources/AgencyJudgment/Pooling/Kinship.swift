// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How much those of one family are wrong together, and how much less each of them counts for it.
///
/// With r = y − p the error of a forecast, the correlation of a family is the mean of r r′ over pairs of its members, divided by
/// the mean of r². That questions differ in how hard they are counts as correlation, and should. m members present with
/// correlation ρ are worth m / (1 + (m − 1) ρ) independent ones, so each of them weighs 1 / (1 + (m − 1) ρ).
///
/// > Source: L. Kish, Survey Sampling (1965), section 5.4, as in ``EffectiveVotes``.
struct Kinship: Hashable, Sendable, Codable {
    /// The sum over outcomes of the mean product of the errors of two members.
    private var products: [Double] = []
    /// The sum over outcomes of the mean square of an error.
    private var squares: [Double] = []

    /// What is believed before anything is seen, ρ = ½, counts as ten outcomes with a squared error of 0.2.
    private static let prior = (product: 1.0, square: 2.0)

    mutating func admit(families count: Int) {
        guard count > products.count else { return }
        products += [Double](repeating: Self.prior.product, count: count - products.count)
        squares += [Double](repeating: Self.prior.square, count: count - squares.count)
    }

    func correlation(_ family: Int) -> Double { min(1, max(0, products[family] / squares[family])) }

    /// What each present weighs, before anything else is known of it.
    func weights(_ panel: Panel) -> [Double] {
        var weights = [Double](repeating: 1, count: panel.count)
        for (family, members) in panel.kin {
            let weight = 1 / (1 + Double(members.count - 1) * correlation(family))
            for place in members { weights[place] = weight }
        }
        return weights
    }

    mutating func settle(_ panel: Panel, outcome: Bool) {
        let happened = outcome ? 1.0 : 0.0
        for (family, members) in panel.kin {
            var (sum, square) = (0.0, 0.0)
            for place in members {
                let error = happened - panel.probabilities[place]
                sum += error
                square += error * error
            }
            let count = Double(members.count)
            products[family] += (sum * sum - square) / (count * (count - 1))
            squares[family] += square / count
        }
    }

    func isSound(families: Int) -> Bool {
        products.count == families && squares.count == families && products.allSatisfy(\.isFinite)
            && squares.allSatisfy { $0.isFinite && $0 > 0 }
    }
}
