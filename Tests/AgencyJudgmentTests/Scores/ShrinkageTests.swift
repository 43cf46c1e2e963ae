// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import Foundation
import Testing

@Suite struct ShrinkageTests {
    private func record(_ value: Double, right: Int, wrong: Int) throws -> TrackRecord {
        let probability = try #require(Probability(value))
        var record = TrackRecord()
        for _ in 0..<right { record.settle(probability, outcome: true) }
        for _ in 0..<wrong { record.settle(probability, outcome: false) }
        return record
    }

    @Test func `one of whom nothing is known is expected to know nothing`() {
        let expected = TrackRecord().shrunk(to: nil)
        #expect(expected.log == log(2))
        #expect(expected.brier == 0.25)
        #expect(expected.ownShare == 0)
        #expect(expected.isAdvisory)
    }

    @Test func `a newcomer starts near its parent and not at it`() throws {
        let parent = try record(0.9, right: 90, wrong: 10)
        let score = try #require(parent.logScore)
        let newcomer = TrackRecord().shrunk(to: parent)
        #expect(newcomer.log > score && newcomer.log < log(2))
        #expect(abs(newcomer.log - score) < 0.1 * (log(2) - score))
        // (S + κ ln 2) / (n + κ), by hand.
        #expect(abs(newcomer.log - (100 * score + 10 * log(2)) / 110) < 1e-12)
    }

    @Test func `however long its parent's record is, ten outcomes of its own weigh as much`() throws {
        let parent = try record(0.9, right: 100_000, wrong: 0)
        let own = try record(0.9, right: 0, wrong: 10)
        let expected = own.shrunk(to: parent)
        let middle = (try #require(parent.logScore) + #require(own.logScore)) / 2
        #expect(abs(expected.log - middle) < 1e-3)
        #expect(expected.ownShare == 0.5)
        #expect(expected.outcomes == 10)
    }

    @Test func `the less the parent has shown, the more the group counts`() throws {
        let group = try record(0.8, right: 80, wrong: 20)
        let short = try record(0.95, right: 2, wrong: 0)
        let long = try record(0.95, right: 200, wrong: 0)
        let shortOne = TrackRecord().shrunk(to: short, group: group)
        let longOne = TrackRecord().shrunk(to: long, group: group)
        let (low, high) = (try #require(long.logScore), try #require(group.logScore))
        #expect(abs(shortOne.log - high) < abs(shortOne.log - low))
        #expect(abs(longOne.log - low) < abs(longOne.log - high))
    }

    @Test func `with outcomes enough only its own count`() throws {
        let own = try record(0.7, right: 70_000, wrong: 30_000)
        let expected = own.shrunk(to: try record(0.1, right: 500, wrong: 0))
        #expect(abs(expected.log - (try #require(own.logScore))) < 1e-3)
        #expect(abs(expected.brier - (try #require(own.brierScore))) < 1e-3)
    }

    @Test(arguments: [Double.nan, 0, -1, .infinity]) func `a weight that is none counts as the usual one`(
        weight: Double
    ) {
        #expect(TrackRecord().shrunk(to: nil, weight: weight) == TrackRecord().shrunk(to: nil))
    }
}
