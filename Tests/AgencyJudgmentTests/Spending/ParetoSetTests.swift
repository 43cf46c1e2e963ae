// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Testing

@Suite struct ParetoSetTests {
    private func set(_ points: [[Double]], within radius: Double) -> ParetoSet {
        ParetoSet(points.map { $0.map { ParetoSet.Range($0, within: radius) } })
    }

    @Test func `what is beaten on every criterion leaves, once that is known`() {
        let points = [[0.9, 0.2], [0.5, 0.5], [0.4, 0.4], [0.2, 0.9]]
        #expect(set(points, within: 0).members == [0, 1, 3])
        #expect(set(points, within: 0.04).members == [0, 1, 3])
        #expect(set(points, within: 0.04).undecided == [])
        // The bounds of the second and the third overlap now, so that either may be the better one.
        #expect(set(points, within: 0.06).members == [0, 1, 2, 3])
        #expect(set(points, within: 0.06).undecided == [1, 2])
    }

    @Test func `equals stay, and one that is equal but for one criterion leaves`() {
        #expect(set([[1, 2], [1, 2]], within: 0).standings == [.undominated, .undominated])
        #expect(set([[1, 2], [1, 3]], within: 0).standings == [.dominated, .undominated])
    }

    @Test func `what is not known decides nothing`() {
        let unknown = ParetoSet([[.unknown, .unknown], [.init(exactly: 1), .init(exactly: 1)]])
        #expect(unknown.standings == [.undecided, .undecided])
        let nan = ParetoSet([[.init(.nan, 1)], [.init(exactly: 5)], [.init(3, 2)]])
        #expect(nan.members == [0, 1, 2])
        // A criterion that one of them lacks.
        #expect(ParetoSet([[.init(exactly: 1)], [.init(exactly: 2), .init(exactly: 0)]]).members == [0, 1])
        #expect(ParetoSet([]).members == [])
        #expect(ParetoSet([[.init(exactly: 1)]]).standings == [.undominated])
        #expect(ParetoSet([[], []]).members == [0, 1])
    }

    @Test func `without error it is the set of those that nothing beats`() {
        var generator = SplitMix64(seed: 41)
        let points = (0..<300).map { _ in
            (0..<3).map { _ in Double(Int.random(in: 0...9, using: &generator)) }
        }
        let found = Set(set(points, within: 0).members)
        for (place, point) in points.enumerated() {
            let isBeaten = points.contains { other in other != point && zip(other, point).allSatisfy { $0 >= $1 } }
            #expect(found.contains(place) == !isBeaten)
        }
    }
}
