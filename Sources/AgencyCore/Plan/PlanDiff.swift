// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// How one plan differs from another, step by step.
public struct PlanDiff: Hashable, Sendable {
    /// What became of one step.
    public enum Change: Hashable, Sendable {
        /// In both plans, alike.
        case same(Step)
        /// Only in the new plan.
        case added(Step)
        /// Only in the old plan.
        case removed(Step)
        /// In both, with these parts different.
        case changed(old: Step, new: Step, parts: [String])
    }

    /// The steps of both plans, in the new plan's order with removed steps where they were.
    public var changes: [Change]

    /// Compares two plans by the names of their steps.
    public init(from old: Plan, to new: Plan) {
        var result: [Change] = []
        var pending = old.steps.filter { step in new.step(step.id) == nil }
        for step in new.steps {
            guard let before = old.step(step.id) else {
                result.append(.added(step))
                continue
            }
            let position = old.steps.firstIndex(of: before) ?? 0
            while let first = pending.first, (old.steps.firstIndex(of: first) ?? 0) < position {
                result.append(.removed(pending.removeFirst()))
            }
            let parts = Self.differences(before, step)
            result.append(parts.isEmpty ? .same(step) : .changed(old: before, new: step, parts: parts))
        }
        changes = result + pending.map { .removed($0) }
    }

    /// The number of steps that are not alike.
    public var count: Int {
        changes.count { if case .same = $0 { false } else { true } }
    }

    private static func differences(_ old: Step, _ new: Step) -> [String] {
        var parts: [String] = []
        // Bytes, not characters: a path that is composed differently is another path.
        if !old.intent.utf8.elementsEqual(new.intent.utf8) { parts.append("intent") }
        if old.action.digest != new.action.digest { parts.append("action") }
        if digest(of: old.holes) != digest(of: new.holes) { parts.append("holes") }
        if old.forecasts != new.forecasts || digest(of: old.forecasts) != digest(of: new.forecasts) {
            parts.append("forecasts")
        }
        if old.reversibility != new.reversibility { parts.append("reversibility") }
        if old.stakes != new.stakes { parts.append("stakes") }
        if old.after != new.after { parts.append("order") }
        return parts
    }

    private static func digest(of part: some Encodable) -> Digest? { try? Digest(encoding: part) }
}
