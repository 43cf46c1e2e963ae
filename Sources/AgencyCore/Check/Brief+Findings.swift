// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Brief {
    /// Finds the rules that this brief breaks; empty when it may be run.
    ///
    /// - Parameter tools: The tools that exist, or `nil` to leave the tools of checks unchecked.
    /// - Returns: The faults, with paths that begin at the brief.
    public func faults(tools: [ToolManifest]? = nil) -> [Finding] {
        var faults: [Finding] = []
        if !Spelling.isName(name) {
            faults.append(
                Finding(.badName, ["brief"], "“\(name.shortened)” cannot name a brief", hint: Spelling.nameHint)
            )
        }
        if title.trimmingWhitespace.isEmpty {
            faults.append(Finding(.missingPart, ["title"], "an empty title", hint: "say in a line what is asked for"))
        }
        for (index, constraint) in constraints.enumerated() where constraint.trimmingWhitespace.isEmpty {
            let path: [Finding.Part] = ["constraints", .index(index)]
            faults.append(
                Finding(.missingPart, path, "an empty constraint", hint: "say what must hold, or leave it out")
            )
        }
        for fault in resources.outOfRange {
            faults.append(Finding(.noBound, ["resources", .name(fault.key)], fault.message, hint: fault.hint))
        }
        if let questions { faults += questions.faults(at: ["questions"]) }
        // A work without a workspace has a state, and that can be looked at.
        faults += goals.faults(at: ["goals"], tools: state == nil ? tools : (tools ?? []) + [.state])
        return faults.map { $0.of(.brief) }
    }
}

extension [Goal] {
    /// Finds the rules that this tree of goals breaks; empty when it may be run.
    ///
    /// - Parameters:
    ///   - path: Where the tree lies in its declaration.
    ///   - tools: The tools that exist, or `nil` to leave the tools of checks unchecked.
    /// - Returns: The faults, with paths that begin as the given one.
    public func faults(at path: [Finding.Part] = [], tools: [ToolManifest]? = nil) -> [Finding] {
        let count = flatMap(\.flattened).count
        guard Limits.goals.contains(count) else {
            let message = count == 0 ? "there are no goals" : "\(count) goals"
            return [Finding(.outOfLimits, path, message, hint: "from \(Limits.goals.words) are accepted")]
        }
        var seen: Set<GoalID> = []
        return faults(at: path, tools: tools, seen: &seen)
    }

    private func faults(at path: [Finding.Part], tools: [ToolManifest]?, seen: inout Set<GoalID>) -> [Finding] {
        var faults: [Finding] = []
        for (index, goal) in enumerated() {
            let place = path + [.index(index)]
            if !Spelling.isName(goal.id.rawValue) {
                let message = "“\(goal.id.rawValue.shortened)” cannot name a goal"
                faults.append(Finding(.badName, place + ["id"], message, hint: Spelling.nameHint))
            } else if !seen.insert(goal.id).inserted {
                let message = "two goals are called “\(goal.id)”"
                faults.append(Finding(.duplicate, place + ["id"], message, hint: "give each goal its own name"))
            }
            if goal.want.trimmingWhitespace.isEmpty {
                faults.append(
                    Finding(
                        .missingPart,
                        place + ["want"],
                        "an empty want",
                        hint: "say the desired state in a sentence"
                    )
                )
            }
            if goal.goals.isEmpty, goal.check == nil {
                faults.append(
                    Finding(
                        .unsettledGoal,
                        place,
                        "nothing tells whether the goal “\(goal.id.rawValue.shortened)” is reached",
                        hint: "add check: {tool: …, arguments: {…}, expect: {…}}, or goals that it consists of"
                    )
                )
            }
            if let check = goal.check { faults += check.faults(at: place + ["check"], tools: tools) }
            faults += goal.goals.faults(at: place + ["goals"], tools: tools, seen: &seen)
        }
        return faults
    }
}

extension Check {
    /// Finds the rules that this check breaks.
    ///
    /// - Parameters:
    ///   - path: Where the check lies in its declaration.
    ///   - tools: The tools that exist, or `nil` to leave the tool and its arguments unchecked.
    /// - Returns: The faults, with paths that begin as the given one.
    public func faults(at path: [Finding.Part] = [], tools: [ToolManifest]? = nil) -> [Finding] {
        guard let tools else { return [] }
        let fitting = tools.filter(\.checks).map(\.name.rawValue)
        guard let manifest = tools.first(where: { $0.name == tool }) else {
            let hint = Spelling.hint(for: tool.rawValue, among: fitting, listedAs: "tools for checks")
            return [
                Finding(
                    .unknownReference,
                    path + ["tool"],
                    "no tool is called “\(tool.rawValue.shortened)”",
                    hint: hint
                )
            ]
        }
        guard manifest.checks else {
            let message = "a check cannot use “\(tool)”: its effect is \(manifest.effect.rawValue)"
            let hint = "a check only looks; tools for checks: \(fitting.joined(separator: ", "))"
            return [Finding(.actingCheck, path + ["tool"], message, hint: hint)]
        }
        return manifest.parameters.validate(arguments).map { fault in
            let parts = fault.pointer.split(separator: "/").map { part in
                let name = String(part).replacing("~1", with: "/").replacing("~0", with: "~")
                return Int(name).map(Finding.Part.index) ?? .name(name)
            }
            let message = fault.pointer.isEmpty ? "the arguments of \(tool): \(fault.message)" : fault.message
            return Finding(.wrongValue, path + ["arguments"] + parts, message, hint: "see the parameters of \(tool)")
        }
    }
}
