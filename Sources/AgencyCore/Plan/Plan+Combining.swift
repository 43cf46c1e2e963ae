// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Plan {
    /// This plan, followed by what only the other one does: its steps come after all of this one's, under names of their own.
    ///
    /// It is where a person begins who wants something of both; whether it makes sense is theirs to say.
    public func combined(with other: Plan) -> Plan {
        var plan = self
        let known = Set(steps.map(\.action.digest))
        let others = other.steps.filter { !known.contains($0.action.digest) }
        var names: [StepID: StepID] = [:]
        var taken = Set(steps.map(\.id))
        for step in others {
            var name = step.id
            var number = 2
            while taken.contains(name) {
                name = StepID("\(step.id)-\(number)")
                number += 1
            }
            taken.insert(name)
            names[step.id] = name
        }
        let last = steps.map(\.id)
        for var step in others {
            let before = step.after.compactMap { names[$0] }
            step.id = names[step.id] ?? step.id
            step.after = before.isEmpty ? last : before
            plan.steps.append(step)
        }
        return plan
    }
}
