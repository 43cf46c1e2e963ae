// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Foundation
import Testing

@Suite struct TrackRecordTests {
    private func record(_ cases: [(Double, Bool)]) -> TrackRecord {
        var record = TrackRecord()
        for (value, outcome) in cases {
            if let probability = Probability(value) { record.settle(probability, outcome: outcome) }
        }
        return record
    }

    /// Forecasts from a seed, which come true as often as they say when `bias` is 0.
    private func simulated(_ count: Int, bias: Double = 0, seed: UInt64) -> [(Double, Bool)] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in
            let truth = Double.random(in: 0.05...0.95, using: &generator)
            let said = min(0.99, max(0.01, truth + bias))
            return (said, Double.random(in: 0..<1, using: &generator) < truth)
        }
    }

    @Test func `an empty record is advice and has no scores`() {
        let empty = TrackRecord()
        #expect(empty.isAdvisory)
        #expect(empty.logScore == nil && empty.brierScore == nil && empty.decomposition == nil)
        #expect(empty.logScoreInterval == nil && empty.sharpness == nil && empty.calibrationError == nil)
        #expect(empty.curve.isEmpty)
    }

    /// Ten forecasts of 0.8 of which seven come true and ten of 0.2 of which three do, by hand.
    @Test func `the parts of the Brier score are those of Murphy`() throws {
        var cases = (0..<10).map { (0.8, $0 < 7) }
        cases += (0..<10).map { (0.2, $0 < 3) }
        let record = record(cases)
        let parts = try #require(record.decomposition)
        #expect(abs(parts.reliability - 0.01) < 1e-12)
        #expect(abs(parts.resolution - 0.04) < 1e-12)
        #expect(abs(parts.uncertainty - 0.25) < 1e-12)
        #expect(abs(parts.withinBins) < 1e-12)
        #expect(abs(try #require(record.brierScore) - 0.22) < 1e-12)
        #expect(abs(try #require(record.sharpness) - 0.09) < 1e-12)
        #expect(abs(try #require(record.calibrationError) - 0.1) < 1e-12)
    }

    @Test func `a curve has a point and an interval for each bin that is used`() throws {
        let record = record((0..<10).map { (0.8, $0 < 7) } + [(1, true), (0, false)])
        #expect(record.curve.map(\.count) == [1, 10, 1])
        let point = record.curve[1]
        #expect(abs(point.forecast - 0.8) < 1e-12)
        #expect(abs(point.frequency - 0.7) < 1e-12)
        // Wilson's interval for seven of ten.
        #expect(abs(point.interval.low - 0.39677814746114537) < 1e-9)
        #expect(abs(point.interval.high - 0.8922087325936989) < 1e-9)
    }

    @Test func `calibrated forecasts have little unreliability, biased ones more`() throws {
        let calibrated = try #require(record(simulated(4000, seed: 1)).decomposition)
        let biased = try #require(record(simulated(4000, bias: 0.2, seed: 1)).decomposition)
        #expect(calibrated.reliability < 0.002)
        #expect(biased.reliability > 0.025)
        #expect(calibrated.uncertainty == biased.uncertainty)
    }

    @Test func `merged records are the record of both`() throws {
        let cases = simulated(400, seed: 3)
        var first = record(Array(cases[..<150]))
        first.merge(record(Array(cases[150...])))
        let whole = record(cases)
        #expect(first.count == whole.count && first.successes == whole.successes)
        let (mean, expected) = try (#require(first.logScore), #require(whole.logScore))
        #expect(abs(mean - expected) < 1e-12)
        #expect(first.bins.map(\.count) == whole.bins.map(\.count))
        let (spread, wanted) = try (#require(first.sharpness), #require(whole.sharpness))
        #expect(abs(spread - wanted) < 1e-12)
    }

    @Test func `a record that was written and read goes on with the same numbers`() throws {
        let cases = simulated(300, seed: 5)
        var straight = record(Array(cases[..<200]))
        var restored = try JSONDecoder().decode(TrackRecord.self, from: JSONEncoder().encode(straight))
        #expect(restored == straight)
        for (value, outcome) in cases[200...] {
            let probability = try #require(Probability(value))
            straight.settle(probability, outcome: outcome)
            restored.settle(probability, outcome: outcome)
        }
        #expect(restored == straight)
    }

    @Test func `a record whose counts do not add up is not read`() throws {
        let data = try JSONEncoder().encode(record([(0.8, true)]))
        let text = String(decoding: data, as: UTF8.self)
        let start = try #require(text.range(of: "\"count\":1,\"successes\":1") ?? text.range(of: "\"count\":1"))
        let broken = text.replacingCharacters(in: start, with: "\"count\":2")
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(TrackRecord.self, from: Data(broken.utf8))
        }
    }

    /// The share of simulated records of calibrated forecasts whose interval holds the true mean.
    @Test(arguments: [(0.05, 0.95), (0.9, 0.98)] as [(Double, Double)], [20, 50, 200])
    func `intervals hold as often as they say, for the cautious and for the sure`(
        range: (low: Double, high: Double),
        size: Int
    ) throws {
        // The expected scores of one who is calibrated are the means of the entropy and of p (1 − p).
        func entropy(_ p: Double) -> Double { -p * log(p) - (1 - p) * log(1 - p) }
        let steps = 2000
        let grid = (0..<steps).map { range.low + (range.high - range.low) * (Double($0) + 0.5) / Double(steps) }
        let expected = grid.reduce(0) { $0 + entropy($1) } / Double(steps)
        let brier = grid.reduce(0) { $0 + $1 * (1 - $1) } / Double(steps)
        var (logHeld, brierHeld, width) = (0.0, 0.0, 0.0)
        let rounds = 500
        for round in 0..<rounds {
            var generator = SplitMix64(seed: UInt64(round + 1))
            var record = TrackRecord()
            for _ in 0..<size {
                let truth = Double.random(in: range.low...range.high, using: &generator)
                let probability = try #require(Probability(truth))
                record.settle(probability, outcome: Double.random(in: 0..<1, using: &generator) < truth)
            }
            let interval = try #require(record.logScoreInterval)
            logHeld += interval.contains(expected) ? 1 : 0
            width += (interval.high - interval.low) / Double(rounds)
            let other = try #require(record.brierScoreInterval)
            brierHeld += other.contains(brier) ? 1 : 0
        }
        #expect(logHeld / Double(rounds) > 0.935)
        #expect(brierHeld / Double(rounds) > 0.935)
        #expect(width < 3.5 / Double(size).squareRoot())
    }
}
