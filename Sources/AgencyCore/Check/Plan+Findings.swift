// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Plan {
    /// Finds what a person who is to choose this plan should know of it.
    ///
    /// What is wrong with a plan, so that it cannot be carried out, is told by ``faults(tools:)``.
    ///
    /// - Parameter tools: The tools there are.
    /// - Returns: The findings, with paths that begin at the plan.
    public func findings(tools: [ToolManifest]) -> [Finding] {
        // Steps that wait for one another in a circle are a fault, and have no order to speak of.
        guard let ordered else { return [] }
        var findings: [Finding] = []
        for (index, step) in steps.enumerated() {
            let tool = tools.first { $0.name == step.action.tool }
            let isLasting = tool.map { $0.acts && $0.reachesOut } ?? false
            func find(_ rule: Rule, _ key: String, _ message: String, _ hint: String) {
                let path: [Finding.Part] = ["steps", .index(index), .name(key)]
                findings.append(Finding(rule, path, message, hint: hint, about: step.id.rawValue, in: .plan))
            }
            if step.reversibility == .reversible, isLasting {
                let message =
                    "step \(step.id) is called reversible, and no checkpoint undoes what \(step.action.tool) does"
                find(
                    .falseReversibility,
                    "reversibility",
                    message,
                    "ask for it to be marked, and look at it as irreversible"
                )
            }
            let isFinal = step.reversibility == .irreversible || (isLasting && tool?.effects == .blind)
            if step.forecasts.isEmpty, isFinal || step.stakes == .high {
                let message = "step \(step.id) matters and forecasts nothing, so nothing halts the plan after it"
                find(.unforeseenStep, "forecasts", message, "ask for a forecast that a look can settle")
            }
            guard isFinal, let place = ordered.firstIndex(where: { $0.id == step.id }) else { continue }
            let dependants = followers(of: step.id)
            let free = ordered[(place + 1)...].filter { later in
                later.reversibility != .irreversible && !dependants.contains(later.id)
            }
            guard !free.isEmpty else { continue }
            let list = free.map(\.id.rawValue).joined(separator: ", ")
            let message = "nothing undoes step \(step.id), and it comes before steps that need not wait for it: \(list)"
            find(.irreversibleFirst, "after", message, "ask for it to come after them")
        }
        return findings
    }

    /// The steps that come after a step by what they declare, directly or through others.
    func followers(of id: StepID) -> Set<StepID> {
        var found: Set<StepID> = []
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for step in steps where !found.contains(step.id) {
                guard step.after.contains(id) || !found.isDisjoint(with: step.after) else { continue }
                found.insert(step.id)
                hasChanged = true
            }
        }
        return found
    }
}
