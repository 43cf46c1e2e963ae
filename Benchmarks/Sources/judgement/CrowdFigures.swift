// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation

/// Categorical judgements without truth: accuracy and logarithmic score of every set, and their means.
///
/// The probability of the true category is cut at 0.0001 from below, as in the references.
func crowdFigures(data: URL) throws -> [Figure] {
    let sets = try CrowdSet.all(in: data)
    let majority = results("majority vote, shares", sets) { MajorityVote(smoothing: 0).consensus(of: $0) }
    let smoothed = results("majority vote, one more for each", sets) { MajorityVote().consensus(of: $0) }
    let coin = results("one coin, tempered", sets) { DawidSkene(.oneCoin).consensus(of: $0) }
    let plain = results("Dawid–Skene, not tempered", sets) { DawidSkene(isTempered: false).consensus(of: $0) }
    let ours = results("**Dawid–Skene, tempered**", sets) { $0.consensus(areIndependent: true) }
    let limit = majority.mean.loss
    var figures: [Figure] = []
    for (place, set) in sets.enumerated() {
        let what = "crowd `\(set.name)` (\(set.truth.count)): accuracy / log"
        for method in [majority, coin, plain, ours] {
            figures.append(Figure(what: what, method: method.name, measured: method.scores[place].text))
        }
    }
    for method in [majority, smoothed, coin, plain] {
        figures.append(Figure(what: "crowd, mean of \(sets.count)", method: method.name, measured: method.mean.text))
    }
    figures.append(
        Figure(
            what: "crowd, mean of \(sets.count)",
            method: ours.name,
            measured: ours.mean.text,
            aim: ("≥ .870 / < \(fixed(limit, 3))", ours.mean.accuracy >= 0.870 && ours.mean.loss < limit)
        )
    )
    return figures
}

private struct CrowdScore {
    var accuracy: Double
    var loss: Double

    var text: String { "\(fixed(accuracy)) / \(fixed(loss, 3))" }
}

private struct CrowdMethod {
    var name: String
    var scores: [CrowdScore]

    var mean: CrowdScore {
        let count = Double(max(1, scores.count))
        return CrowdScore(
            accuracy: scores.reduce(0) { $0 + $1.accuracy } / count,
            loss: scores.reduce(0) { $0 + $1.loss } / count
        )
    }
}

private func results(_ name: String, _ sets: [CrowdSet], _ method: (Judgements) -> Consensus) -> CrowdMethod {
    let scores = sets.map { set -> CrowdScore in
        let consensus = method(Judgements(set.judgements, categories: Array(Set(set.truth.values))))
        var (right, loss) = (0, 0.0)
        for (item, category) in set.truth.sorted(by: { $0.key < $1.key }) {
            right += consensus.category(of: item) == category ? 1 : 0
            loss -= log(max(1e-4, consensus.probability(of: category, for: item) ?? 0))
        }
        let count = Double(max(1, set.truth.count))
        return CrowdScore(accuracy: Double(right) / count, loss: loss / count)
    }
    return CrowdMethod(name: name, scores: scores)
}
