// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Contest {
    /// What to evaluate next, which may all run at once; nothing once the contest has ended.
    public func next() -> [Request] { waiting }

    /// Takes a result.
    ///
    /// - Parameters:
    ///   - request: What was asked. What nobody waits for is counted as unusable and left out.
    ///   - scores: By criterion, from 0 to 1, more being better. A criterion without a score, or with one that is NaN
    ///     or outside, is missing; `nil` means that the evaluator failed to answer. What is missing is never a low
    ///     score.
    public mutating func take(_ request: Request, scores: [String: Double]?) {
        guard let place = waiting.firstIndex(of: request) else {
            unusable += 1
            return
        }
        waiting.remove(at: place)
        spent += items[request.item].cost
        let sheet = criteria.map { criterion in
            scores?[criterion.name].flatMap { $0 >= 0 && $0 <= 1 ? $0 : nil }
        }
        sheets[request.item][request.proposal] = Sheet(scores: sheet)
        if waiting.isEmpty { advance() }
    }

    mutating func begin() {
        let count = standing.count
        guard count > 0 else {
            outcome = .noneStands
            return
        }
        guard count > 1 else {
            outcome = .clear(standing[0])
            return
        }
        // The items that everyone could be asked with all of the budget.
        var affordable = 0
        var cost = 0.0
        while affordable < items.count, cost + items[affordable].cost * Double(count) <= rules.budget {
            cost += items[affordable].cost * Double(count)
            affordable += 1
        }
        // ⌈log2 n⌉ for n of at least 2.
        if affordable >= max(1, rules.leastToHalve) { rounds = Int.bitWidth - (count - 1).leadingZeroBitCount }
        put()
    }

    /// Goes on after everything that was asked is answered.
    private mutating func advance() {
        dropBeaten()
        if standing.count == 1 {
            outcome = .clear(standing[0])
        } else {
            put()
        }
    }

    /// Asks for the next items that fit into the round, or ends the round.
    private mutating func put() {
        while outcome == .open {
            let standing = standing
            let ofRound = rules.budget / Double(rounds)
            var planned = 0.0
            for item in sheets.count..<min(items.count, sheets.count + rules.together) {
                let cost = items[item].cost * Double(standing.count)
                let inRound = spent - spentBeforeRound + planned
                // Each round asks something, however little there is, but never more than there is in all.
                let isFirst = inRound == 0
                guard spent + planned + cost <= rules.budget * (1 + 1e-12) else { break }
                guard isFirst || inRound + cost <= ofRound * (1 + 1e-12) else { break }
                planned += cost
                sheets.append([:])
                waiting += standing.map { Request(proposal: $0, item: item) }
            }
            if !waiting.isEmpty { return }
            endRound()
        }
    }

    private mutating func endRound() {
        let ranked = ranked(standing)
        guard round < rounds, sheets.count < items.count else {
            outcome = .notDetermined(ranked)
            return
        }
        // Those about whom nothing is known cannot be outranked. Two stay: only proof makes one of two the best.
        let known = ranked.filter { !means(of: $0).isEmpty }
        for proposal in known.dropFirst(max(2, (standing.count + 1) / 2)) {
            fates[proposal] = .outranked(round: round)
        }
        round += 1
        spentBeforeRound = spent
    }
}
