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
    let calm = Forecasts(shape: (16, 4), runs: 4000, steps: 500, change: nil, seed: 31)
    let worse = Forecasts(shape: (16, 4), runs: 2000, steps: 600, change: (after: 100, shift: -1.5), seed: 32)
    let wide = Forecasts(shape: (8, 2), runs: 4000, steps: 500, change: nil, seed: 33)
    let wideWorse = Forecasts(shape: (8, 2), runs: 2000, steps: 600, change: (after: 100, shift: -1.5), seed: 34)
    var figures: [Figure] = []
    func add(_ method: String, aim: (halts: Double, delay: Double)?, _ halt: ([Settled]) -> Int?) {
        for (what, calm, worse) in [("β(16, 4)", calm, worse), ("β(8, 2)", wide, wideWorse)] {
            let halts = calm.shareHalted(halt)
            let delay = worse.medianDelay(halt)
            figures.append(
                Figure(
                    what: "surprise: false halts in 500 steps, delay at −1.5 logit; forecasts \(what)",
                    method: method,
                    measured: "\(fixed(halts, 4)), \(delay.map { "\($0)" } ?? "never")",
                    aim: aim.map { aim in
                        ("≤ \(aim.halts), ≤ \(Int(aim.delay))", halts <= aim.halts && Double(delay ?? .max) <= aim.delay)
                    }
                )
            )
        }
    }
    add("z > 2.33 over the last 30", aim: nil) { naiveHalt($0) }
    add("e-detector, patience 20,000", aim: (0.02, 30)) { steps in
        firstHalt(steps, \.haltsService)
    }
    add("e-process, α = .01", aim: (0.005, 65)) { steps in
        firstHalt(steps, \.haltsRun)
    }
    add("e-process, α = .01, all laid out at the first step", aim: nil) { steps in
        firstHalt(steps, \.haltsRun, SurpriseBets(onset: nil, runShock: 0))
    }
    return figures
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

    func shareHalted(_ halt: ([Settled]) -> Int?) -> Double {
        Double(runs.count { halt($0) != nil }) / Double(runs.count)
    }

    /// The median over the runs that did not halt before the change; those that never do count as never.
    func medianDelay(_ halt: ([Settled]) -> Int?) -> Int? {
        let delays = runs.map { halt($0) ?? .max }.filter { $0 > change }.sorted()
        let median = delays[delays.count / 2]
        return median == .max ? nil : median - change
    }
}

/// The step, counted from 1, at which a test first halts.
private func firstHalt(_ steps: [Settled], _ halts: KeyPath<SurpriseTest, Bool>, _ bets: SurpriseBets = .worse) -> Int? {
    var test = SurpriseTest(alpha: 0.01, patience: 20_000, bets: bets)
    for (index, step) in steps.enumerated() {
        test.see(forecast: step.p, happened: step.happened)
        if test[keyPath: halts] { return index + 1 }
    }
    return nil
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
