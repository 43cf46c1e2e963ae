// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation

/// The leads that were published, the calls a step, and what the planner makes of errors that repeat.
func voteFigures() -> [Figure] { [publishedLeads(), callsAStep()] + repeatedErrors() }

/// The error rates of nine models and the lead that each needs for 1,048,575 steps, from MAKER, arXiv 2511.09030.
private func publishedLeads() -> Figure {
    let published = [
        (0.3571, 29), (0.004, 4), (0.0022, 3), (0.0018, 3), (0.1839, 12), (0.0358, 6), (0.2342, 15), (0.0569, 6),
        (0.0393, 6),
    ]
    let same = published.count { error, lead in
        VotePlan(StepMixture(success: 1 - error, correlation: 0), steps: 1_048_575, risk: 0.05).lead == lead
    }
    return Figure(
        what: "votes: published leads of nine models, 1,048,575 steps at .95",
        method: "planner",
        measured: "\(same) of 9",
        aim: ("9 of 9", same == 9)
    )
}

private func callsAStep() -> Figure {
    var generator = SplitMix64(seed: 61)
    let steps = 200_000
    var calls = 0
    for _ in 0..<steps {
        var ballot = Ballot<Bool>(aheadBy: 8, atMost: 1000)
        while ballot.isOpen { ballot.count(Double.random(in: 0..<1, using: &generator) < 0.9) }
        calls += ballot.samples
    }
    let simulated = Double(calls) / Double(steps)
    let formula = VoteOdds(success: 0.9).samples(aheadBy: 8)
    return Figure(
        what: "votes: calls a step at 10 % error, 8 ahead",
        method: "formula; \(steps) ballots",
        measured: "\(fixed(formula, 3)); \(fixed(simulated, 3))",
        aim: (
            "10.000, within 1 %",
            fixed(formula, 3) == "10.000" && abs(simulated / formula - 1) <= 0.01
        )
    )
}

/// Steps whose errors repeat: the plan that a pilot makes, and how often three hundred steps come out right with it.
private func repeatedErrors() -> [Figure] {
    var generator = SplitMix64(seed: 62)
    func even() -> Double { Double.random(in: 0..<1, using: &generator) }
    // How often a step comes right is drawn from Beta(38, 2), a ratio of sums of exponential variables.
    func sum(_ count: Int) -> Double { (0..<count).reduce(0) { total, _ in total - log(1 - even()) } }
    func rate() -> Double {
        let (right, wrong) = (sum(38), sum(2))
        return right / (right + wrong)
    }
    let pilot = Pilot(
        (0..<4000).map { _ in
            let rate = rate()
            return Pilot.Item(samples: 4, right: (0..<4).count { _ in even() < rate })
        }
    )
    guard let mixture = pilot.mixture else { return [] }
    let plan = VotePlan(mixture, steps: 300, risk: 0.05)
    func share(lead: Int) -> Double {
        let works = 4000
        let right = (0..<works).count { _ in
            (0..<300).allSatisfy { _ in
                let rate = rate()
                var ballot = Ballot<Bool>(aheadBy: lead, atMost: 10_000)
                while ballot.isOpen { ballot.count(even() < rate) }
                return ballot.winner == true
            }
        }
        return Double(right) / Double(works)
    }
    let correlation = fixed(mixture.correlation, 3)
    return [("independence assumed", plan.independentLead, false), ("measured correlation", plan.lead, true)]
        .map { method, lead, isOurs in
            let reached = lead.map { share(lead: $0) }
            return Figure(
                what: "votes: 300 steps to come right at .95, errors repeat (correlation \(correlation) in the pilot)",
                method: "planner, \(method)",
                measured: lead.map { "\($0) ahead: \(fixed(reached ?? 0, 3))" } ?? "no lead will do",
                aim: isOurs ? ("≥ .95, or says that none will do", reached.map { $0 >= 0.95 } ?? true) : nil
            )
        }
}
