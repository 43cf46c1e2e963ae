// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct PlattScalingTests {
    private func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

    /// Statements whose logit is `slope` times what is said.
    private func cases(_ count: Int, slope: Double, seed: UInt64) throws -> [(Probability, Bool)] {
        var generator = SplitMix64(seed: seed)
        return try (0..<count).map { _ in
            let said = Double.random(in: -3...3, using: &generator)
            let outcome = Double.random(in: 0..<1, using: &generator) < logistic(slope * said)
            return (try #require(Probability(logistic(said))), outcome)
        }
    }

    @Test func `it changes nothing before it has seen anything`() throws {
        let probability = try #require(Probability(0.37))
        #expect(abs(PlattScaling()(probability) - 0.37) < 1e-12)
    }

    /// One outcome for p = 0.8 that came true: the most probable slope and offset, found by Newton's method elsewhere.
    @Test func `one outcome moves it to the most probable point`() throws {
        var scaling = PlattScaling()
        scaling.settle(try #require(Probability(0.8)), outcome: true)
        let (x, a, b) = (log(4.0), scaling.slope, scaling.offset)
        // The gradient of the logarithm of prior times likelihood vanishes there.
        let error = 1 - logistic(b + a * x)
        #expect(abs(error * x - (a - 1) / 0.25) < 1e-9)
        #expect(abs(error - b / 0.09) < 1e-9)
    }

    @Test(arguments: [0.5, 1, 1.6, -0.8]) func `it finds how sure to be, as a fit to all outcomes at once does`(
        slope: Double
    ) throws {
        let cases = try cases(400, slope: slope, seed: 3)
        var scaling = PlattScaling()
        for (probability, outcome) in cases { scaling.settle(probability, outcome: outcome) }
        // Newton's method on the whole history, with the same prior, from a place from which it converges.
        var (a, b) = (scaling.slope, scaling.offset)
        for _ in 0..<50 {
            var (ga, gb, haa, hab, hbb) = ((a - 1) / 0.25, b / 0.09, 4.0, 0.0, 1 / 0.09)
            for (probability, outcome) in cases {
                let x = probability.logit
                let p = logistic(b + a * x)
                ga += (p - (outcome ? 1 : 0)) * x
                gb += p - (outcome ? 1 : 0)
                haa += p * (1 - p) * x * x
                hab += p * (1 - p) * x
                hbb += p * (1 - p)
            }
            let determinant = haa * hbb - hab * hab
            a -= (hbb * ga - hab * gb) / determinant
            b -= (haa * gb - hab * ga) / determinant
        }
        #expect(abs(scaling.slope - a) < 0.06, "\(scaling.slope) \(a)")
        #expect(abs(scaling.offset - b) < 0.06)
    }

    @Test func `extremes for a thousand outcomes leave it finite`() throws {
        var scaling = PlattScaling()
        for round in 0..<1000 {
            scaling.settle(try #require(Probability(round % 2 == 0 ? 0 : 1)), outcome: round % 2 == 0)
        }
        #expect(scaling.slope.isFinite && scaling.offset.isFinite)
        #expect(scaling(try #require(Probability(0))) > 0.95)
    }

    @Test func `a family counts once in the mean of logits`() throws {
        let forecasts = Forecasts(
            (0..<9).map { (Evaluator("copy \($0)", family: "model"), 0.9) } + [(Evaluator("other"), 0.1)]
        )
        #expect(abs(try #require(LogPool.price(of: forecasts)) - 0.5) < 1e-12)
        #expect(abs(try #require(LogPool.price(of: ["a": 0.5, "b": 0.9])) - 0.75) < 1e-12)
    }
}
