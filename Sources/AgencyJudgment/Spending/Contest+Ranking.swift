// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Contest {
    /// The places of the proposals that could still win, the likeliest first.
    public var ranking: [Int] { ranked(standing) }

    /// The one with the highest mean of those that stand; `nil` where none stands.
    public var leader: Int? { ranking.first }

    /// The finalists that none of the others beats on every criterion, as far as it is known.
    ///
    /// - Returns: The finalists' places, and how each of them stands. All bounds hold together but for ``Rules/risk``.
    public var pareto: (places: [Int], set: ParetoSet) {
        let places = standing
        let alpha = rules.risk / Double(max(1, 2 * places.count * criteria.count))
        let ranges = places.map { place in
            criteria.indices.map { criterion in
                let scores = sheets.compactMap { $0[place]?.scores[criterion] }
                return ParetoSet.Range(
                    BoundedMean.lower(scores, alpha: alpha),
                    BoundedMean.upper(scores, alpha: alpha)
                )
            }
        }
        return (places, ParetoSet(ranges))
    }

    /// The weighted mean of a sheet; `nil` where a score that counts is missing.
    private func total(_ sheet: Sheet) -> Double? {
        let weights = criteria.map(\.weight)
        let all = weights.reduce(0, +)
        var sum = 0.0
        for (index, weight) in weights.enumerated() where weight > 0 || all <= 0 {
            guard let score = sheet.scores[index] else { return nil }
            sum += (all > 0 ? weight / all : 1 / Double(weights.count)) * score
        }
        return criteria.isEmpty ? nil : sum
    }

    /// The weighted means of a proposal by item, where there are any.
    func means(of proposal: Int) -> [Int: Double] {
        var means: [Int: Double] = [:]
        for (item, sheet) in sheets.enumerated() { means[item] = sheet[proposal].flatMap(total) }
        return means
    }

    /// Proposals by their means, the best first.
    ///
    /// Of equals that which comes first is the better; those of which nothing is known come last. Where answers are missing,
    /// the means are those of the additive model of proposals and items that fits best: who was spared a hard question is
    /// none the better for it.
    func ranked(_ proposals: [Int]) -> [Int] {
        let rows = proposals.map(means(of:))
        var effects = rows.map { row in
            row.isEmpty ? 0 : row.keys.sorted().reduce(0) { $0 + (row[$1] ?? 0) } / Double(row.count)
        }
        if rows.contains(where: { !$0.isEmpty && $0.count < sheets.count }) {
            for _ in 0..<20 { effects = refined(effects, rows) }
        }
        let order = proposals.indices.sorted { left, right in
            if rows[left].isEmpty != rows[right].isEmpty { return rows[right].isEmpty }
            return (-effects[left], left) < (-effects[right], right)
        }
        return order.map { proposals[$0] }
    }

    /// One round of fitting the additive model: items given proposals, then proposals given items.
    private func refined(_ effects: [Double], _ rows: [[Int: Double]]) -> [Double] {
        let ease = sheets.indices.map { item -> Double in
            let rest = rows.indices.compactMap { row in rows[row][item].map { $0 - effects[row] } }
            return rest.isEmpty ? 0 : rest.reduce(0, +) / Double(rest.count)
        }
        return rows.map { row in
            row.isEmpty ? 0 : row.keys.sorted().reduce(0) { $0 + (row[$1] ?? 0) - ease[$1] } / Double(row.count)
        }
    }

    /// Drops those that are shown to be worse than the leader.
    mutating func dropBeaten() {
        let standing = standing
        guard rules.risk > 0, let leader = ranked(standing).first else { return }
        let best = means(of: leader)
        // The best of all is dropped only if one of the others is wrongly shown to be better than it.
        let rivals = fates.count { if case .vetoed = $0 { false } else { true } } - 1
        let enough = log(Double(max(1, rivals))) - log(rules.risk)
        for proposal in standing where proposal != leader {
            let other = means(of: proposal)
            // Half the difference and one half: between 0 and 1, and above one half where the leader is better.
            let halves = best.keys.sorted().compactMap { item in
                other[item].map { (1 + (best[item] ?? 0) - $0) / 2 }
            }
            if BoundedMean.logE(halves, above: 0.5) >= enough { fates[proposal] = .beaten(by: leader) }
        }
    }
}
