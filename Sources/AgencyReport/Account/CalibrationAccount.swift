// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
public import AgencyJudgment
public import AgencySchema

/// What more thought buys a role: how reliable it was in several settings on tasks with known answers, and at what cost.
public struct CalibrationAccount: Sendable {
    /// The role.
    public let role: RoleName
    /// The architecture that it belongs to.
    public let work: String
    /// How many tasks each setting was tried on.
    public let tasks: Int
    /// The share of tasks that has to come out right.
    public let reliability: Double
    /// What the cost of a task is measured in.
    public let unit: Unit
    /// The settings with their bounds.
    public let curve: ThinkingCurve
    /// The run that shows each setting, by its name.
    public let runs: [String: RunID]
    /// What is picked.
    public let choice: ThinkingCurve.Choice

    /// What the cost of a task is measured in.
    public enum Unit: String, Sendable {
        /// Dollars, where every setting cost some.
        case dollars
        /// Tokens in both directions.
        case tokens
        /// Requests to performers, where nobody counts tokens.
        case calls

        /// The finest unit in which every one of some settings has cost something.
        public init(_ usages: [Usage]) {
            if usages.allSatisfy({ $0.money > .zero }) {
                self = .dollars
            } else {
                self = usages.allSatisfy { $0.tokens > 0 } ? .tokens : .calls
            }
        }

        /// What was consumed, in this unit.
        public func amount(_ usage: Usage) -> Double {
            switch self {
            case .dollars: Double(usage.money.microdollars) / 1_000_000
            case .tokens: Double(usage.tokens)
            case .calls: Double(usage.calls)
            }
        }

        /// An amount for people.
        func words(_ amount: Double?) -> String {
            guard let amount else { return "unknown" }
            switch self {
            case .dollars: return Money(dollars: amount).description
            case .tokens, .calls:
                let tenths = (amount * 10).rounded() / 10
                return "\(tenths == tenths.rounded() ? Int(tenths).grouped : "\(tenths)") \(rawValue)"
            }
        }
    }

    /// Draws the curve.
    ///
    /// - Parameters:
    ///   - role: The role.
    ///   - work: The architecture that it belongs to.
    ///   - tasks: How many tasks each setting was tried on.
    ///   - reliability: The share of tasks that has to come out right, above 0 and below 1.
    ///   - trials: The settings, each with the tasks that came out right, what they consumed and the run that shows it.
    public init(
        of role: RoleName,
        in work: String,
        tasks: Int,
        reliability: Double,
        trials: [(setting: String, right: Int, usage: Usage, run: RunID)]
    ) {
        let unit = Unit(trials.map(\.usage))
        (self.role, self.work, self.tasks, self.reliability, self.unit) = (role, work, tasks, reliability, unit)
        curve = ThinkingCurve(
            trials.map {
                let cost = unit.amount($0.usage) / Double(max(1, tasks))
                return ThinkingCurve.Setting($0.setting, successes: $0.right, trials: tasks, cost: cost)
            }
        )
        runs = Dictionary(trials.map { ($0.setting, $0.run) }) { first, _ in first }
        choice = curve.choice(reliability: reliability)
    }

    /// The setting that is picked; `nil` where none has shown enough.
    public var picked: String? {
        if case .setting(let point) = choice { return point.setting.name }
        return nil
    }

    /// The points in lines, the cheapest first.
    public var lines: [String] { curve.points.map(line) }

    func line(_ point: ThinkingCurve.Point) -> String {
        let rest = point.isWorthwhile ? "" : "; not worthwhile"
        return "\(point.setting.name): \(point.setting.successes) of \(point.setting.trials) right "
            + "(\(point.lower.percent) to \(point.upper.percent)), \(unit.words(point.setting.cost)) a task\(rest)"
    }

    /// What the curve says of the reliability that is wanted, in a sentence.
    public var verdict: String {
        switch choice {
        case .setting(let point):
            return
                "\(point.setting.name) is the cheapest that is shown to be right in at least \(reliability.percent) of tasks: "
                + "the lower bound is \(point.lower.percent)."
        case .undetermined(let next, let more):
            return
                "Not determined: none is shown to be right in \(reliability.percent) of tasks yet; \(next.name) would be first, "
                + "after \(more.grouped) more tasks, if it went on as it did."
        case .outOfReach:
            return
                "Out of reach: none is shown to be right in \(reliability.percent) of tasks, and none would be by going on as it did."
        }
    }

    /// The curve for programs.
    public var json: JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        let points: [JSONValue] = curve.points.map { point in
            [
                "setting": .string(point.setting.name), "right": .integer(Int64(point.setting.successes)),
                "tasks": .integer(Int64(point.setting.trials)), "rate": number(point.rate),
                "lower": .number(point.lower), "upper": .number(point.upper), "cost": number(point.setting.cost),
                "worthwhile": .bool(point.isWorthwhile),
                "run": runs[point.setting.name].map { .string($0.rawValue) } ?? .null,
            ]
        }
        var object: JSONObject = [
            "role": .string(role.rawValue), "work": .string(work), "reliability": .number(reliability),
            "alpha": .number(curve.alpha), "unit": .string(unit.rawValue), "points": .array(points),
            "picked": picked.map { .string($0) } ?? .null, "words": .string(verdict),
        ]
        switch choice {
        case .setting: object["verdict"] = "setting"
        case .undetermined(let next, let more):
            object["verdict"] = "undetermined"
            object["next"] = .string(next.name)
            object["more_tasks"] = .integer(Int64(more))
        case .outOfReach: object["verdict"] = "out-of-reach"
        }
        return .object(object)
    }
}
