// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Estimates the truth and how often each evaluator is right from each other, without any outcome.
///
/// Each item has a true category; each evaluator has, for each true category, probabilities of what it says. Beginning with the
/// shares of judgements, expectation and maximisation take turns thirty times: how good everybody is given what is true, what
/// is true given how good everybody is. Pseudo-counts (½ for every answer, 2 more for the right one, 1 for every category) keep
/// evaluators with few judgements near the middle.
///
/// The posterior of n judgements is far too sure, because judgements of one item are not independent given its category.
/// It is tempered: its logarithm is divided by √n, as if n judgements were worth √n.
///
/// **What it does not promise.** To be right. Where evaluators are wrong together, as language models are, it takes the
/// majority's errors for the truth and those who do not share them for bad. Use it for many independent people.
///
/// > Source: A. P. Dawid and A. M. Skene, “Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm” (1979).
public struct DawidSkene: Hashable, Sendable {
    /// What is learned of each evaluator.
    public enum Model: Hashable, Sendable {
        /// What it says for each true category.
        case confusion
        /// How often it is right, whatever is true; the wrong categories are equally likely.
        case oneCoin
    }

    /// What is learned of each evaluator.
    public let model: Model
    /// Whether the posterior is tempered.
    public let isTempered: Bool

    /// How often expectation and maximisation take turns.
    public static let rounds = 30

    /// Makes an estimator.
    public init(_ model: Model = .confusion, isTempered: Bool = true) {
        self.model = model
        self.isTempered = isTempered
    }

    /// What the judgements amount to.
    ///
    /// - Parameters:
    ///   - judgements: The judgements.
    ///   - known: Items whose category is known; they stay as they are, and teach how good everybody is. Items and categories
    ///     that nobody named are left out.
    /// - Returns: The probability of each category for each item, and how often each evaluator seems to be right.
    public func consensus(of judgements: Judgements, known: [String: String] = [:]) -> Consensus {
        let fixed = places(of: known, in: judgements)
        var posterior = MajorityVote(smoothing: 0).consensus(of: judgements).probabilities
        fix(&posterior, fixed)
        var logarithms = posterior
        for _ in 0..<Self.rounds {
            let answers = answers(judgements, posterior)
            logarithms = expectation(judgements, prior: prior(posterior), answers: answers)
            posterior = logarithms.map { Self.normalised($0) }
            fix(&posterior, fixed)
        }
        guard isTempered else { return Consensus(judgements, probabilities: posterior, isWeighted: true) }
        let counts = judgements.counts.map { $0.reduce(0, +) }
        var tempered = zip(logarithms, counts).map { values, count in
            let temperature = max(1, count.squareRoot())
            return Self.normalised(values.map { $0 / temperature })
        }
        fix(&tempered, fixed)
        return Consensus(judgements, probabilities: tempered, judgedBy: posterior, isWeighted: true)
    }

    private func places(of known: [String: String], in judgements: Judgements) -> [Int: Int] {
        let items = Judgements.places(judgements.items)
        let categories = Judgements.places(judgements.categories)
        let pairs = known.compactMap { item, category -> (Int, Int)? in
            guard let row = items[item], let column = categories[category] else { return nil }
            return (row, column)
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private func fix(_ posterior: inout [[Double]], _ fixed: [Int: Int]) {
        for (row, column) in fixed { posterior[row] = posterior[row].indices.map { $0 == column ? 1 : 0 } }
    }

    /// The logarithms of how common each category is.
    private func prior(_ posterior: [[Double]]) -> [Double] {
        var sums = [Double](repeating: 1, count: posterior.first?.count ?? 0)
        for row in posterior {
            for (category, value) in row.enumerated() { sums[category] += value }
        }
        let total = sums.reduce(0, +)
        return sums.map { log($0 / total) }
    }

    /// For each evaluator, true category and answer the logarithm of its probability, in one row.
    private func answers(_ judgements: Judgements, _ posterior: [[Double]]) -> [Double] {
        model == .confusion ? confusions(judgements, posterior) : coins(judgements, posterior)
    }

    private func confusions(_ judgements: Judgements, _ posterior: [[Double]]) -> [Double] {
        let size = judgements.categories.count
        var counts = [Double](repeating: 0.5, count: judgements.evaluators.count * size * size)
        for evaluator in judgements.evaluators.indices {
            for category in 0..<size { counts[(evaluator * size + category) * size + category] += 2 }
        }
        for row in judgements.rows {
            for category in 0..<size {
                counts[(row.evaluator * size + category) * size + row.category] += posterior[row.item][category]
            }
        }
        for start in stride(from: 0, to: counts.count, by: max(1, size)) {
            let total = counts[start..<(start + size)].reduce(0, +)
            for place in start..<(start + size) { counts[place] = log(counts[place] / total) }
        }
        return counts
    }

    private func coins(_ judgements: Judgements, _ posterior: [[Double]]) -> [Double] {
        let size = judgements.categories.count
        // Four right answers and a wrong one to begin with.
        var right = [Double](repeating: 4, count: judgements.evaluators.count)
        var wrong = [Double](repeating: 1, count: judgements.evaluators.count)
        for row in judgements.rows {
            right[row.evaluator] += posterior[row.item][row.category]
            wrong[row.evaluator] += 1 - posterior[row.item][row.category]
        }
        return judgements.evaluators.indices.flatMap { evaluator -> [Double] in
            let total = right[evaluator] + wrong[evaluator]
            let hit = log(right[evaluator] / total)
            let miss = log(wrong[evaluator] / total / Double(max(1, size - 1)))
            return (0..<size * size).map { $0 / size == $0 % size ? hit : miss }
        }
    }

    private func expectation(_ judgements: Judgements, prior: [Double], answers: [Double]) -> [[Double]] {
        let size = judgements.categories.count
        var logarithms = [[Double]](repeating: prior, count: judgements.items.count)
        for row in judgements.rows {
            for category in 0..<size {
                logarithms[row.item][category] += answers[(row.evaluator * size + category) * size + row.category]
            }
        }
        return logarithms
    }

    /// What sums to 1 from logarithms.
    private static func normalised(_ logarithms: [Double]) -> [Double] {
        let most = logarithms.max() ?? 0
        let values = logarithms.map { exp($0 - most) }
        let total = values.reduce(0, +)
        return values.map { $0 / total }
    }
}
