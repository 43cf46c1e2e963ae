// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// That an evaluator put an item in a category.
public struct Judgement: Hashable, Sendable, Codable {
    /// What was judged.
    public var item: String
    /// Who judged.
    public var evaluator: String
    /// What it was judged to be.
    public var category: String

    /// Makes a judgement.
    public init(item: String, evaluator: String, category: String) {
        self.item = item
        self.evaluator = evaluator
        self.category = category
    }
}

/// Categorical judgements of several items by several evaluators, of which no outcome is known.
///
/// Names are replaced by places in sorted lists, so that the order in which judgements come does not matter.
public struct Judgements: Hashable, Sendable {
    /// The items, sorted.
    public let items: [String]
    /// The evaluators, sorted.
    public let evaluators: [String]
    /// The categories, sorted.
    public let categories: [String]

    /// A judgement by places.
    struct Row: Hashable, Sendable {
        var item: Int
        var evaluator: Int
        var category: Int
    }

    /// By item, then by evaluator.
    let rows: [Row]

    /// Takes judgements.
    ///
    /// - Parameters:
    ///   - given: The judgements; of several by one evaluator on one item the last counts.
    ///   - categories: Categories that may not have been used by anybody.
    public init(_ given: some Sequence<Judgement>, categories: [String] = []) {
        let given = Array(given)
        items = Set(given.map(\.item)).sorted()
        evaluators = Set(given.map(\.evaluator)).sorted()
        self.categories = Set(given.map(\.category) + categories).sorted()
        let itemPlaces = Self.places(items)
        let evaluatorPlaces = Self.places(evaluators)
        let categoryPlaces = Self.places(self.categories)
        var last: [Row: Int] = [:]
        for judgement in given {
            guard let item = itemPlaces[judgement.item], let evaluator = evaluatorPlaces[judgement.evaluator],
                let category = categoryPlaces[judgement.category]
            else { continue }
            last[Row(item: item, evaluator: evaluator, category: 0)] = category
        }
        rows = last.map { Row(item: $0.key.item, evaluator: $0.key.evaluator, category: $0.value) }
            .sorted { ($0.item, $0.evaluator) < ($1.item, $1.evaluator) }
    }

    /// The mean number of judgements of an item; 0 without items.
    public var judgementsAnItem: Double { items.isEmpty ? 0 : Double(rows.count) / Double(items.count) }

    static func places(_ names: [String]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
    }

    /// How many judgements put each item in each category.
    var counts: [[Double]] {
        var counts = [[Double]](repeating: [Double](repeating: 0, count: categories.count), count: items.count)
        for row in rows { counts[row.item][row.category] += 1 }
        return counts
    }
}

extension Judgements {
    /// The fewest judgements of an item, and items of an evaluator, on average, below which nobody's errors can be told.
    public static let fewest = 3.0

    /// What the judgements amount to, with the method that suits them.
    ///
    /// ``DawidSkene`` for independent evaluators with ``fewest`` judgements of an item and items of an evaluator or more; else
    /// ``MajorityVote``. Language models are not independent, however many prompts they are asked with: on real judges of that
    /// kind estimating their errors from agreement was worse than counting.
    ///
    /// - Parameter areIndependent: Whether the evaluators are wrong independently of each other: different people, say.
    /// - Returns: The probability of each category for each item; it says whether evaluators were weighted.
    public func consensus(areIndependent: Bool) -> Consensus {
        let itemsAnEvaluator = evaluators.isEmpty ? 0 : Double(rows.count) / Double(evaluators.count)
        let suffices = judgementsAnItem >= Self.fewest && itemsAnEvaluator >= Self.fewest
        return areIndependent && suffices ? DawidSkene().consensus(of: self) : MajorityVote().consensus(of: self)
    }
}
