// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

/// What became of one step from one plan to the next, in parts that can be shown.
struct StepChange: Hashable, Sendable {
    /// One difference.
    enum Part: Hashable, Sendable {
        /// A value before and after; `nil` where there was or is none.
        case value(name: String, old: String?, new: String?)
        /// The arguments, line by line.
        case lines([LineDiff.Change])
    }

    var step: Step
    var mark: String
    var word: String
    var tone: TextStyle.Tone
    var parts: [Part]

    /// The changes of all steps from one plan to another.
    static func all(_ old: Plan, _ new: Plan) -> [StepChange] {
        PlanDiff(from: old, to: new).changes.map { change in
            switch change {
            case .same(let step): StepChange(step: step, mark: "=", word: "same", tone: .quiet, parts: [])
            case .added(let step):
                StepChange(step: step, mark: "+", word: "added", tone: .good, parts: whole(step, isNew: true))
            case .removed(let step):
                StepChange(step: step, mark: "-", word: "removed", tone: .bad, parts: whole(step, isNew: false))
            case .changed(let before, let after, let names):
                StepChange(
                    step: after,
                    mark: "~",
                    word: "changed: " + names.joined(separator: ", "),
                    tone: .caution,
                    parts: parts(before, after)
                )
            }
        }
    }

    private static func whole(_ step: Step, isNew: Bool) -> [Part] {
        func value(_ name: String, _ text: String) -> Part {
            .value(name: name, old: isNew ? nil : text, new: isNew ? text : nil)
        }
        let lines = ArgumentLine.lines(of: step.action.arguments)
        return [
            value("tool", step.action.tool.rawValue), .lines(lines.map { isNew ? .added($0) : .removed($0) }),
        ] + (step.holes ?? []).map { value("hole", $0.words) } + step.forecasts.map { value("forecast", $0.words) } + [
            value("risk", step.risk)
        ]
    }

    private static func parts(_ old: Step, _ new: Step) -> [Part] {
        var parts: [Part] = []
        func compare(_ name: String, _ before: String, _ after: String) {
            if before != after { parts.append(.value(name: name, old: before, new: after)) }
        }
        compare("intent", old.intent, new.intent)
        compare("tool", old.action.tool.rawValue, new.action.tool.rawValue)
        if old.action.arguments != new.action.arguments {
            let before = ArgumentLine.lines(of: old.action.arguments)
            parts.append(.lines(LineDiff(from: before, to: ArgumentLine.lines(of: new.action.arguments)).changes))
        }
        compare("holes", words(old.holes), words(new.holes))
        parts += forecasts(old.forecasts, new.forecasts)
        compare("reversibility", old.reversibility.rawValue, new.reversibility.rawValue)
        compare("stakes", old.stakes.rawValue, new.stakes.rawValue)
        compare("after", words(old.after), words(new.after))
        return parts
    }

    private static func words(_ holes: [Hole]?) -> String {
        (holes ?? []).isEmpty ? "none" : (holes ?? []).map(\.words).joined(separator: "; ")
    }

    private static func words(_ steps: [StepID]) -> String {
        steps.isEmpty ? "nothing" : steps.map(\.rawValue).inWords
    }

    /// Forecasts are paired by their statements, and otherwise stand alone.
    private static func forecasts(_ old: [Forecast], _ new: [Forecast]) -> [Part] {
        guard old != new else { return [] }
        var parts: [Part] = []
        var rest = old
        for forecast in new {
            if let index = rest.firstIndex(where: { $0.statement == forecast.statement }) {
                let before = rest.remove(at: index)
                if before != forecast {
                    parts.append(.value(name: "forecast", old: before.words, new: forecast.words))
                }
            } else {
                parts.append(.value(name: "forecast", old: nil, new: forecast.words))
            }
        }
        return rest.map { .value(name: "forecast", old: $0.words, new: nil) } + parts
    }
}

extension Forecast {
    /// The forecast in a line: `85% statement [check]`.
    var words: String { "\(probability.percent) \(statement) [\(check.words)]" }
}
