// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What more thinking buys: the reliability and the cost of a role in several settings, and the cheapest that is
/// reliable enough.
///
/// A setting is a way to spend thought: samples, votes, rounds of critique, a verifier, an effort of reasoning. Of
/// each it is known how many tasks came out right. The bounds hold for all settings together and as often as one
/// looks, so that one may go on with trials until a setting has shown enough.
///
/// > Source: the bounds are ``DelegationEvidence``'s, with an equal share of the error for each setting (Bonferroni).
public struct ThinkingCurve: Hashable, Sendable, Codable {
    /// One way to spend thought, and what was measured of it.
    public struct Setting: Hashable, Sendable, Codable {
        /// What it is called.
        public let name: String
        /// The tasks that came out right.
        public let successes: Int
        /// The tasks that were tried.
        public let trials: Int
        /// What a task cost on average; `nil` where that is not known.
        public let cost: Double?

        /// Makes a setting.
        ///
        /// - Parameters:
        ///   - name: What it is called.
        ///   - successes: Cut to the trials.
        ///   - trials: Below 0 counts as 0.
        ///   - cost: What is negative or not finite counts as not known.
        public init(_ name: String, successes: Int, trials: Int, cost: Double) {
            self.name = name
            self.trials = max(0, trials)
            self.successes = min(max(0, successes), max(0, trials))
            self.cost = cost >= 0 && cost.isFinite ? cost : nil
        }
    }

    /// One point of the curve.
    public struct Point: Hashable, Sendable, Codable {
        /// The setting.
        public let setting: Setting
        /// The share that came out right; `nil` without trials.
        public let rate: Double?
        /// The lower bound of the reliability.
        public let lower: Double
        /// The upper bound of the reliability.
        public let upper: Double
        /// Whether no other setting is known to be both as cheap and as reliable.
        public let isWorthwhile: Bool
    }

    /// What the curve says of a wanted reliability.
    public enum Choice: Hashable, Sendable, Codable {
        /// This setting is the cheapest that has shown it.
        case setting(Point)
        /// None has shown it yet. This one would be the first to do so if it went on as it did, after so many more
        /// trials.
        case undetermined(next: Setting, moreTrials: Int)
        /// None has shown it, and none would by going on as it did.
        case outOfReach
    }

    /// The points, the cheapest first; those whose cost is not known come last.
    public let points: [Point]
    /// The chance that any of the bounds is wrong.
    public let alpha: Double

    /// The most trials that are asked for.
    public static let mostTrials = 1_000_000

    /// Draws the curve.
    ///
    /// - Parameters:
    ///   - settings: Those of the same name are taken together: their trials are added, and their costs weighed by
    ///     trials.
    ///   - alpha: Above 0 and below 1; what is not counts as .05.
    public init(_ settings: [Setting], alpha: Double = 0.05) {
        let alpha = alpha > 0 && alpha < 1 ? alpha : 0.05
        let merged = Self.merged(settings)
        // Two bounds for each setting.
        let share = alpha / Double(max(1, 2 * merged.count))
        let bounds = merged.map { setting in
            let failures = setting.trials - setting.successes
            let lower = DelegationEvidence.lowerBound(successes: setting.successes, failures: failures, alpha: share)
            let upper =
                1 - DelegationEvidence.lowerBound(successes: failures, failures: setting.successes, alpha: share)
            return ParetoSet.Range(lower, upper)
        }
        let set = ParetoSet(
            zip(merged, bounds).map { setting, range in
                [range, setting.cost.map { ParetoSet.Range(exactly: -$0) } ?? .unknown]
            }
        )
        self.alpha = alpha
        points = merged.indices
            .map { place in
                let setting = merged[place]
                return Point(
                    setting: setting,
                    rate: setting.trials > 0 ? Double(setting.successes) / Double(setting.trials) : nil,
                    lower: bounds[place].lower,
                    upper: bounds[place].upper,
                    isWorthwhile: set.standings[place] != .dominated
                )
            }
            .sorted {
                ($0.setting.cost ?? .infinity, $0.setting.name) < ($1.setting.cost ?? .infinity, $1.setting.name)
            }
    }

    /// Picks the cheapest setting that is shown to be reliable enough.
    ///
    /// - Parameter reliability: The share of tasks that must come out right. 0 or less is enough for any setting that
    ///   was tried; NaN and 1 or more cannot be shown.
    /// - Returns: What the curve says; a setting whose cost is not known is never picked.
    public func choice(reliability: Double) -> Choice {
        guard reliability < 1 else { return .outOfReach }
        let known = points.filter { $0.setting.cost != nil && $0.setting.trials > 0 }
        if let first = known.first(where: { $0.lower >= reliability }) { return .setting(first) }
        var best: (setting: Setting, more: Int)?
        for point in known {
            guard let more = moreTrials(point.setting, reliability: reliability) else { continue }
            // Of those that take equally long, the cheaper.
            if more < best?.more ?? .max { best = (point.setting, more) }
        }
        return best.map { .undetermined(next: $0.setting, moreTrials: $0.more) } ?? .outOfReach
    }

    /// How many more trials show a reliability if the share of successes stays as it is; `nil` where none would.
    func moreTrials(_ setting: Setting, reliability: Double) -> Int? {
        let rate = Double(setting.successes) / Double(setting.trials)
        guard rate > reliability, reliability > 0 else { return nil }
        let enough = -log(alpha / Double(max(1, 2 * points.count)))
        func isEnough(_ trials: Int) -> Bool {
            let successes = Int((rate * Double(trials)).rounded(.down))
            let logE = DelegationEvidence.logE(
                successes: successes,
                failures: trials - successes,
                floor: reliability
            )
            return logE >= enough
        }
        var high = max(1, setting.trials)
        while !isEnough(high) {
            guard high < setting.trials + Self.mostTrials else { return nil }
            high *= 2
        }
        var low = setting.trials
        while low + 1 < high {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return high - setting.trials
    }

    private static func merged(_ settings: [Setting]) -> [Setting] {
        Set(settings.map(\.name)).sorted()
            .map { name in
                let same = settings.filter { $0.name == name }
                let trials = same.reduce(0) { $0 + $1.trials }
                let cost =
                    same.count == 1
                    ? same[0].cost ?? .nan
                    : same.reduce(0) { $0 + ($1.cost ?? .nan) * Double($1.trials) } / Double(trials)
                return Setting(name, successes: same.reduce(0) { $0 + $1.successes }, trials: trials, cost: cost)
            }
    }
}
