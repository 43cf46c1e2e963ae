// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation

/// False halts over 500 calibrated steps, and the steps until a halt after the world has become worse by 1.5 logits.
///
/// Forecasts are drawn from Beta(16, 4): .8 on average, with a standard deviation of .09. The world gets worse after
/// 100 steps as forecast; a delay is counted from there, in runs that had not halted before.
func surpriseFigures() -> [Figure] {
    // The second spread is wider: a standard deviation of .12.
    figures(of: "β(16, 4)", shape: (16, 4)) + figures(of: "β(8, 2)", shape: (8, 2))
}

private func figures(of name: String, shape: (a: Int, b: Int)) -> [Figure] {
    let calm = Forecasts(shape: shape, runs: 10_000, steps: 500, change: nil, seed: 31)
    let worse = Forecasts(shape: shape, runs: 5000, steps: 400, change: (after: 100, shift: -1.5), seed: 32)
    let plain = SurpriseBets(shifts: [-0.5, -1, -2], onset: nil, runShock: 0)
    let calmHalts = calm.runs.map { firstHalts($0, .worse) }
    let worseHalts = worse.runs.map { firstHalts($0, .worse) }
    func figure(_ method: String, _ calm: [Int?], _ late: [Int?], aim: (halts: Double, delay: Int)?) -> Figure {
        let halts = Double(calm.count { $0 != nil }) / Double(calm.count)
        let delay = worse.medianDelay(late)
        return Figure(
            what: "surprise: false halts in 500 steps, delay at −1.5 logit; forecasts \(name)",
            method: method,
            measured: "\(fixed(halts, 4)), \(delay.map { "\($0)" } ?? "never")",
            aim: aim.map { aim in
                ("≤ \(aim.halts), ≤ \(aim.delay)", halts <= aim.halts && (delay ?? .max) <= aim.delay)
            }
        )
    }
    return [
        figure("z > 2.33 over the last 30", calm.runs.map(naiveHalt), worse.runs.map(naiveHalt), aim: nil),
        figure("e-detector, patience 18,000", calmHalts.map(\.service), worseHalts.map(\.service), aim: (0.02, 30)),
        figure("e-process, α = .01", calmHalts.map(\.run), worseHalts.map(\.run), aim: (0.005, 65)),
        figure(
            "e-process, α = .01, plain mixture of −.5, −1 and −2",
            calm.runs.map { firstHalts($0, plain).run },
            worse.runs.map { firstHalts($0, plain).run },
            aim: nil
        ),
    ]
}

/// A forecast and what came of it.
private struct Settled {
    var p: Double
    var happened: Bool
}

/// Runs of forecasts that are calibrated, up to a change.
private struct Forecasts {
    var runs: [[Settled]]
    var change: Int

    init(
        shape: (a: Int, b: Int),
        runs: Int,
        steps: Int,
        change: (after: Int, shift: Double)?,
        seed: UInt64
    ) {
        var generator = SplitMix64(seed: seed)
        func even() -> Double { Double.random(in: 0..<1, using: &generator) }
        // A Beta variable of whole parameters is a ratio of sums of exponential ones.
        func sum(_ count: Int) -> Double { (0..<count).reduce(0) { total, _ in total - log(1 - even()) } }
        self.change = change?.after ?? 0
        self.runs = (0..<runs).map { _ in
            (0..<steps).map { step in
                let (up, down) = (sum(shape.a), sum(shape.b))
                let p = up / (up + down)
                var truth = p
                if let change, step >= change.after { truth = 1 / (1 + exp(-(log(p / (1 - p)) + change.shift))) }
                return Settled(p: p, happened: even() < truth)
            }
        }
    }

    /// The median over the runs that did not halt before the change; those that never do count as never.
    func medianDelay(_ halts: [Int?]) -> Int? {
        let late = halts.map { $0 ?? .max }.filter { $0 > change }.sorted()
        let median = late[late.count / 2]
        return median == .max ? nil : median - change
    }
}

/// The steps, counted from 1, at which the tests first halt.
private func firstHalts(_ steps: [Settled], _ bets: SurpriseBets) -> (run: Int?, service: Int?) {
    var test = SurpriseTest(alpha: 0.01, patience: 18_000, bets: bets)
    var halts: (run: Int?, service: Int?) = (nil, nil)
    for (index, step) in steps.enumerated() {
        test.see(forecast: step.p, happened: step.happened)
        if halts.run == nil, test.haltsRun { halts.run = index + 1 }
        if halts.service == nil, test.haltsService { halts.service = index + 1 }
        if halts.run != nil, halts.service != nil { break }
    }
    return halts
}

/// The step at which the last 30 are for the first time worse than forecast at the one-sided level of one in a hundred.
private func naiveHalt(_ steps: [Settled]) -> Int? {
    (30..<(steps.count + 1)).first { end in
        let window = steps[(end - 30)..<end]
        let missing = window.reduce(0) { $0 + $1.p - ($1.happened ? 1 : 0) }
        let variance = window.reduce(0) { $0 + $1.p * (1 - $1.p) }
        return missing > 2.33 * variance.squareRoot()
    }
}
