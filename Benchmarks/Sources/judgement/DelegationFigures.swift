// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation

/// How often a delegation is granted wrongly when one looks after every outcome, and after how many cases it is
/// granted rightly.
///
/// Nothing is simulated: the probability that a rule is first met after n cases is computed from that of every number
/// of successes.
func delegationFigures() -> [Figure] {
    // The rate that has to be surpassed, the true rate of a performer that deserves it, and the most cases it may take.
    let settings: [(floor: Double, rate: Double, most: Int)] = [(0.8, 0.95, 31), (0.9, 0.97, 85), (0.95, 0.99, 134)]
    let rules: [(String, LookRule, isOurs: Bool)] = [
        ("Clopper–Pearson", clopperPearson, false), ("Jeffreys", jeffreys, false), ("Wilson", wilson, false),
        ("e-process", evidence, true),
    ]
    var figures: [Figure] = []
    for (method, rule, isOurs) in rules {
        let paths = settings.map { setting in
            let isMet = Looks(cases: 500) { rule($0, $1, setting.floor) }
            return (wrong: isMet.firstPassage(rate: setting.floor), right: isMet.firstPassage(rate: setting.rate))
        }
        let wrong = paths.map { $0.wrong.reduce(0, +) }
        figures.append(
            Figure(
                what: "delegation: wrongly granted within 500 looks at .05; floor .8 / .9 / .95",
                method: method,
                measured: wrong.map { fixed($0, 4) }.joined(separator: " / "),
                aim: isOurs ? ("≤ .05", wrong.allSatisfy { $0 <= 0.05 }) : nil
            )
        )
        let medians = paths.map { path -> Int? in
            var sum = 0.0
            return path.right.firstIndex { chance in
                sum += chance
                return sum >= 0.5
            }
        }
        figures.append(
            Figure(
                what: "delegation: median cases to the grant at true .95 / .97 / .99, same floors",
                method: method,
                measured: medians.map { $0.map { "\($0)" } ?? "never" }.joined(separator: " / "),
                aim: isOurs
                    ? ("≤ 31 / 85 / 134", zip(medians, settings).allSatisfy { ($0 ?? .max) <= $1.most }) : nil
            )
        )
    }
    return figures
}

/// Whether so many successes and failures are enough for a floor.
private typealias LookRule = (_ successes: Int, _ failures: Int, _ floor: Double) -> Bool

private func clopperPearson(_ successes: Int, _ failures: Int, _ floor: Double) -> Bool {
    // The bound is above the floor where so many successes have at most that chance at the floor.
    successes > 0 && IncompleteBeta.of(floor, Double(successes), Double(failures) + 1) <= 0.05
}

private func jeffreys(_ successes: Int, _ failures: Int, _ floor: Double) -> Bool {
    IncompleteBeta.of(floor, Double(successes) + 0.5, Double(failures) + 0.5) <= 0.05
}

private func wilson(_ successes: Int, _ failures: Int, _ floor: Double) -> Bool {
    let cases = Double(successes + failures)
    let share = Double(successes) / cases
    // 1.645 standard deviations at the floor are what Wilson's bound solves for.
    return share - floor >= 1.6448536269514722 * (floor * (1 - floor) / cases).squareRoot()
}

private func evidence(_ successes: Int, _ failures: Int, _ floor: Double) -> Bool {
    DelegationEvidence.logE(successes: successes, failures: failures, floor: floor) >= -log(0.05)
}

/// Where a rule is met, for every number of cases and of successes among them.
private struct Looks {
    var isMet: [[Bool]]

    init(cases: Int, _ rule: (_ successes: Int, _ failures: Int) -> Bool) {
        isMet = (0...cases).map { count in
            count == 0 ? [false] : (0...count).map { rule($0, count - $0) }
        }
    }

    /// The probability that it is first met after 0, 1, 2 … cases at a rate of success.
    func firstPassage(rate: Double) -> [Double] {
        var chances = [1.0]
        var passages = [0.0]
        for cases in 1..<isMet.count {
            var next = Array(repeating: 0.0, count: cases + 1)
            for (successes, chance) in chances.enumerated() {
                next[successes] += chance * (1 - rate)
                next[successes + 1] += chance * rate
            }
            var passed = 0.0
            for successes in next.indices where isMet[cases][successes] {
                passed += next[successes]
                next[successes] = 0
            }
            passages.append(passed)
            chances = next
        }
        return passages
    }
}
