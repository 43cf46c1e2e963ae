// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

extension EpisodeOrder {
    /// Finds what is wrong with an output beyond its shape: references that dangle, circles, arguments that no tool takes.
    ///
    /// - Parameters:
    ///   - output: An output that fits the task's schema.
    ///   - role: The role that performed.
    ///   - tools: The tools there are.
    ///   - options: The proposals that the output may refer to.
    /// - Returns: The faults, each with a pointer into the output; empty when it can be taken.
    public func faults(in output: JSONValue, role: Role, tools: [ToolManifest], options: [Proposal]) -> [SchemaFault] {
        switch task {
        case .propose, .refine, .revise:
            do {
                return try output.decode(ProposalDraft.self).faults(tools: tools)
            } catch {
                return [SchemaFault(pointer: "", message: "\(error)")]
            }
        case .evaluate:
            let named = (output["scores"]?.array ?? []).compactMap { $0["criterion"]?.string }
            let missing = role.criteria.filter { !named.contains($0) }
            let repeated = Set(named.filter { name in named.count { $0 == name } > 1 })
            return missing.map { SchemaFault(pointer: "/scores", message: "no score for “\($0)”") }
                + repeated.sorted().map { SchemaFault(pointer: "/scores", message: "two scores for “\($0)”") }
                + danglingSteps(in: output, options: options)
        case .critique: return danglingSteps(in: output, options: options)
        case .probe:
            guard output["stance"]?.string == ProbeAnswer.Stance.answer.rawValue,
                output["answer"]?.string?.trimmingWhitespace.isEmpty != false
            else { return [] }
            return [SchemaFault(pointer: "/answer", message: "the stance is answer, and there is none")]
        case .explain, .answer, .verify, .advance: return []
        }
    }

    private func danglingSteps(in output: JSONValue, options: [Proposal]) -> [SchemaFault] {
        guard let plan = options.first(where: { $0.id == subject })?.plan else { return [] }
        return (output["objections"]?.array ?? []).enumerated().compactMap { index, objection in
            guard let step = objection["step"]?.string, plan.step(StepID(step)) == nil else { return nil }
            return SchemaFault(pointer: "/objections/\(index)/step", message: "the plan has no step “\(step)”")
        }
    }
}

extension ProposalDraft {
    func faults(tools: [ToolManifest]) -> [SchemaFault] {
        Plan(steps: steps, assumptions: assumptions).faults(tools: tools)
    }
}

extension Plan {
    /// Finds what is wrong with a plan: names used twice, circles, tools that do not exist, arguments that they do not take.
    public func faults(tools: [ToolManifest]) -> [SchemaFault] {
        var faults: [SchemaFault] = []
        var seen: Set<StepID> = []
        for (index, step) in steps.enumerated() {
            let place = "/steps/\(index)"
            if !seen.insert(step.id).inserted {
                faults.append(SchemaFault(pointer: place + "/id", message: "a second step called “\(step.id)”"))
            }
            for other in step.after where self.step(other) == nil {
                faults.append(SchemaFault(pointer: place + "/after", message: "there is no step “\(other)”"))
            }
            let isSource = sources.contains(step.id)
            faults += Self.faults(
                step.action,
                at: place + "/action",
                tools: tools,
                // A look as a step of its own is of use where something is made of what it shows.
                allowed: { $0.acts || isSource },
                "act",
                besides: step.open
            )
            faults += holeFaults(of: step, at: place)
            for (position, forecast) in step.forecasts.enumerated() {
                let look = Action(tool: forecast.check.tool, arguments: forecast.check.arguments)
                let place = "\(place)/forecasts/\(position)/check"
                faults += Self.faults(look, at: place, tools: tools, allowed: \.checks, "settle a forecast")
            }
        }
        if faults.isEmpty, ordered == nil {
            faults.append(SchemaFault(pointer: "/steps", message: "the steps wait for one another in a circle"))
        }
        return faults
    }

    private static func faults(
        _ action: Action,
        at place: String,
        tools: [ToolManifest],
        allowed: (ToolManifest) -> Bool,
        _ purpose: String,
        besides open: [String] = []
    ) -> [SchemaFault] {
        // Without tools nothing can be enacted, and an action is advice in words.
        guard !tools.isEmpty else { return [] }
        guard let tool = tools.first(where: { $0.name == action.tool }) else {
            return [SchemaFault(pointer: place + "/tool", message: "there is no tool “\(action.tool)”")]
        }
        guard allowed(tool) else {
            return [SchemaFault(pointer: place + "/tool", message: "“\(action.tool)” cannot \(purpose)")]
        }
        let taken = tool.parameters.json["properties"]?.object
        let strange = open.filter { name in taken.map { $0[name] == nil } ?? false }
        return tool.parameters.without(required: open).validate(action.arguments).map {
            SchemaFault(pointer: place + "/arguments" + $0.pointer, message: $0.message)
        } + strange.map { SchemaFault(pointer: place, message: "\(action.tool) takes no “\($0.shortened)”") }
    }
}

extension JSONSchema {
    /// The same shape of an object, in which some members may be missing.
    fileprivate func without(required names: [String]) -> JSONSchema {
        guard !names.isEmpty, var object = json.object, let required = object["required"]?.array else { return self }
        object["required"] = .array(required.filter { name in !names.contains { name == .string($0) } })
        return JSONSchema(.object(object))
    }
}
