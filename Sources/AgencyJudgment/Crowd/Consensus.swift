// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// What judgements amount to where nobody knows the truth.
///
/// Nothing here has been settled: it is agreement, and what all get wrong together passes for right.
public struct Consensus: Hashable, Sendable {
    /// The items, sorted.
    public let items: [String]
    /// The categories, sorted.
    public let categories: [String]
    /// For each item the probability of each category.
    public let probabilities: [[Double]]
    /// How often each evaluator is estimated to be right.
    public let accuracies: [String: Double]
    /// Whether evaluators were weighed by how often they seem to be right, or counted alike.
    public let isWeighted: Bool

    /// Takes probabilities, and those by which evaluators are judged where they are others.
    init(
        _ judgements: Judgements,
        probabilities: [[Double]],
        judgedBy posterior: [[Double]]? = nil,
        isWeighted: Bool
    ) {
        let posterior = posterior ?? probabilities
        self.isWeighted = isWeighted
        items = judgements.items
        categories = judgements.categories
        self.probabilities = probabilities
        var right = [Double](repeating: 0, count: judgements.evaluators.count)
        var count = right
        for row in judgements.rows {
            right[row.evaluator] += posterior[row.item][row.category]
            count[row.evaluator] += 1
        }
        let shares = judgements.evaluators.indices.map { (judgements.evaluators[$0], right[$0] / count[$0]) }
        accuracies = Dictionary(uniqueKeysWithValues: shares)
    }

    /// The probability that an item belongs in a category; `nil` for an item or category that nobody named.
    public func probability(of category: String, for item: String) -> Double? {
        guard let row = Self.place(of: item, in: items), let column = Self.place(of: category, in: categories) else {
            return nil
        }
        return probabilities[row][column]
    }

    /// The most probable category of an item, of several the first by name; `nil` for an item that nobody judged.
    public func category(of item: String) -> String? {
        guard let row = Self.place(of: item, in: items) else { return nil }
        let values = probabilities[row]
        guard let most = values.max(), let column = values.firstIndex(of: most) else { return nil }
        return categories[column]
    }

    /// Looks a name up in a sorted list.
    private static func place(of name: String, in names: [String]) -> Int? {
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low < names.count && names[low] == name ? low : nil
    }
}
