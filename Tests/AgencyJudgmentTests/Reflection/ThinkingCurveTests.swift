// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyJudgment
import AgencyTestKit
import Testing

@Suite struct ThinkingCurveTests {
    private static let curve = ThinkingCurve([
        .init("5 samples", successes: 194, trials: 200, cost: 5.2),
        .init("1 sample", successes: 150, trials: 200, cost: 1),
        .init("3 samples", successes: 184, trials: 200, cost: 3.1),
        .init("2 rounds of critique", successes: 140, trials: 200, cost: 6),
    ])

    @Test func `the cheapest that is shown to be reliable enough is picked`() throws {
        #expect(
            Self.curve.points.map(\.setting.name) == ["1 sample", "3 samples", "5 samples", "2 rounds of critique"]
        )
        for (wanted, name) in [(0.5, "1 sample"), (0.8, "3 samples"), (0.9, "5 samples")] {
            guard case .setting(let point) = Self.curve.choice(reliability: wanted) else {
                Issue.record("\(wanted)")
                continue
            }
            #expect(point.setting.name == name)
            let rate = try #require(point.rate)
            #expect(point.lower >= wanted && point.lower < rate && rate < point.upper)
        }
    }

    @Test func `what is dearer and no better is not worthwhile`() {
        #expect(Self.curve.points.map(\.isWorthwhile) == [true, true, true, false])
    }

    @Test func `when none has shown enough it says how many more trials would do`() {
        guard case .undetermined(let next, let more) = Self.curve.choice(reliability: 0.95) else {
            Issue.record("\(Self.curve.choice(reliability: 0.95))")
            return
        }
        #expect(next.name == "5 samples")
        // It would do with so many, and not with a tenth less.
        func isEnough(_ more: Int) -> Bool {
            let trials = 200 + more
            let settings = Self.curve.points.map { point in
                point.setting.name == next.name
                    ? ThinkingCurve.Setting(next.name, successes: trials * 97 / 100, trials: trials, cost: 5.2)
                    : point.setting
            }
            if case .setting = ThinkingCurve(settings).choice(reliability: 0.95) { return true }
            return false
        }
        #expect(isEnough(more) && !isEnough(more * 9 / 10))
        #expect(Self.curve.choice(reliability: 0.98) == .outOfReach)
    }

    @Test func `of several that would do, the one that would do first is named`() {
        let curve = ThinkingCurve([
            .init("slow", successes: 46, trials: 50, cost: 1), .init("soon", successes: 49, trials: 50, cost: 2),
            .init("never", successes: 30, trials: 50, cost: 0.5),
        ])
        if case .undetermined(let next, let more) = curve.choice(reliability: 0.9) {
            #expect(next.name == "soon")
            #expect(more > 0 && more < 200)
        } else {
            Issue.record("\(curve.choice(reliability: 0.9))")
        }
    }

    @Test func `all bounds hold together as often as was chosen`() {
        var generator = SplitMix64(seed: 71)
        var wrong = 0
        for _ in 0..<200 {
            let settings = (0..<5).map { place in
                let rate = 0.6 + 0.08 * Double(place)
                let successes = (0..<80).count { _ in Double.random(in: 0..<1, using: &generator) < rate }
                return ThinkingCurve.Setting("\(place)", successes: successes, trials: 80, cost: Double(place))
            }
            let curve = ThinkingCurve(settings, alpha: 0.1)
            let isWrong = curve.points.enumerated().contains { place, point in
                let rate = 0.6 + 0.08 * Double(place)
                return point.lower > rate || point.upper < rate
            }
            wrong += isWrong ? 1 : 0
        }
        // 200 at .1 are 20, with a spread of 4.2; the bounds hold at all times and so more often at one.
        #expect(wrong <= 20)
    }

    @Test func `bad input decides nothing`() {
        #expect(ThinkingCurve([]).choice(reliability: 0.5) == .outOfReach)
        let untried = ThinkingCurve([.init("none", successes: 0, trials: 0, cost: 1)])
        #expect(untried.points[0].rate == nil && untried.points[0].lower == 0 && untried.points[0].upper == 1)
        #expect(untried.choice(reliability: 0.5) == .outOfReach)
        for wanted in [1, 2, .nan] as [Double] { #expect(Self.curve.choice(reliability: wanted) == .outOfReach) }
        if case .setting(let point) = Self.curve.choice(reliability: 0) {
            #expect(point.setting.name == "1 sample")
        } else {
            Issue.record("a reliability of 0 is shown by anything")
        }
        // What costs nobody knows what cannot be the cheapest.
        let free = ThinkingCurve([.init("free", successes: 100, trials: 100, cost: .nan)])
        #expect(free.points[0].setting.cost == nil)
        #expect(free.choice(reliability: 0.5) == .outOfReach)
        let cut = ThinkingCurve.Setting("cut", successes: 9, trials: 5, cost: -1)
        #expect(cut.successes == 5 && cut.cost == nil)
        #expect(ThinkingCurve([cut], alpha: .nan).alpha == 0.05)
        // All successes, all failures.
        let sure = ThinkingCurve([
            .init("a", successes: 50, trials: 50, cost: 1), .init("b", successes: 0, trials: 50, cost: 2),
        ])
        #expect(sure.points[0].upper == 1 && sure.points[1].lower == 0 && sure.points[1].upper < 0.2)
    }

    @Test func `settings of one name are one setting`() {
        let curve = ThinkingCurve([
            .init("a", successes: 10, trials: 10, cost: 1), .init("a", successes: 20, trials: 30, cost: 3),
        ])
        #expect(curve.points.count == 1)
        #expect(curve.points[0].setting.trials == 40 && curve.points[0].setting.successes == 30)
        #expect(curve.points[0].setting.cost == 2.5)
    }
}
