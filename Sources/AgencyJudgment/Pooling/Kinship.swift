// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How much those of one family, and all those present, are wrong together, and how much less each counts for it.
///
/// With r = y − p the error of a forecast, the correlation of a family is the mean of r r′ over pairs of its members, divided by
/// the mean of r²; that of the panel is taken over all who are present. That questions differ in how hard they are counts as correlation, and should. m members present with
/// correlation ρ are worth m / (1 + (m − 1) ρ) independent ones, so each of them weighs 1 / (1 + (m − 1) ρ).
///
/// > Source: L. Kish, Survey Sampling (1965), section 5.4, as in ``EffectiveVotes``.
struct Kinship: Hashable, Sendable, Codable {
    /// The sum over outcomes of the mean product of the errors of two members.
    private var products: [Double] = []
    /// The sum over outcomes of the mean square of an error.
    private var squares: [Double] = []
    private var panelProducts = Kinship.prior.product
    private var panelSquares = Kinship.prior.square

    /// What is believed before anything is seen, ρ = ½, counts as ten outcomes with a squared error of 0.2.
    private static let prior = (product: 1.0, square: 2.0)

    mutating func admit(families count: Int) {
        guard count > products.count else { return }
        products += [Double](repeating: Self.prior.product, count: count - products.count)
        squares += [Double](repeating: Self.prior.square, count: count - squares.count)
    }

    func correlation(_ family: Int) -> Double { min(1, max(0, products[family] / squares[family])) }

    /// The correlation over all who are present.
    var panelCorrelation: Double { min(1, max(0, panelProducts / panelSquares)) }

    /// What each of so many members of a family weighs when they are present together.
    func weight(of members: Int, in family: Int) -> Double { 1 / (1 + Double(members - 1) * correlation(family)) }

    mutating func settle(_ panel: Panel, outcome: Bool) {
        for (family, members) in panel.kin {
            let (product, square) = Self.moments(members.lazy.map { panel.places[$0] }, outcome: outcome)
            products[family] += product
            squares[family] += square
        }
        guard panel.count > 1 else { return }
        let (product, square) = Self.moments(panel.places, outcome: outcome)
        panelProducts += product
        panelSquares += square
    }

    /// The mean product of two errors, and their mean square.
    private static func moments(
        _ places: some Collection<Panel.Place>,
        outcome: Bool
    ) -> (product: Double, square: Double) {
        var (sum, squares) = (0.0, 0.0)
        for place in places {
            let error = (outcome ? 1 : 0) - place.probability
            sum += error
            squares += error * error
        }
        let count = Double(places.count)
        return ((sum * sum - squares) / (count * (count - 1)), squares / count)
    }

    func isSound(families: Int) -> Bool {
        products.count == families && squares.count == families && products.allSatisfy(\.isFinite)
            && squares.allSatisfy { $0.isFinite && $0 > 0 } && panelProducts.isFinite && panelSquares.isFinite
            && panelSquares > 0
    }
}
