// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension RunState {
    /// The run as the policy sees it: the brief, what was enacted and what stands to be, and where every argument comes from.
    ///
    /// What was on the sheet of the choice counts as allowed by it, value by value.
    public var trace: Trace {
        var builder = TraceBuilder(self)
        for (index, trial) in enactment.trials.enumerated() { builder.add(trial, number: index + 1) }
        if let plan = enactment.plan, choice != nil {
            for step in plan.ordered ?? [] where !enactment.trials.contains(where: { $0.step.id == step.id }) {
                builder.plan(step, as: step.id)
            }
        }
        return builder.trace
    }

    /// What an option would decide by values that untrusted text may have had a hand in: what a person should look at.
    public func leanings(of proposal: Proposal) -> [PolicyReason] {
        var builder = TraceBuilder(self)
        for step in proposal.plan.ordered ?? proposal.plan.steps {
            builder.attempt(step, as: step.id, by: proposal)
        }
        builder.trace.endorsements = []
        let account = PolicyEvaluation.account(tools: started?.tools ?? [], trace: builder.trace)
        return account.calls.flatMap { ruling in
            ruling.reasons.filter { $0.rule == .untrustedAuthority }
                .map { reason in
                    var reason = reason
                    reason.askedAt = ruling.call
                    return reason
                }
        }
    }
}

/// Makes the trace of a run.
private struct TraceBuilder {
    let state: RunState
    let untrusted: Set<RoleName>
    let named: NamedValues
    var trace: Trace

    /// What the roles that made a plan had read.
    static let read = ResultID("before the plan")

    init(_ state: RunState) {
        self.state = state
        let brief = state.brief
        untrusted = Set((state.architecture.map(InformationFlow.untrusted)?.ways ?? [:]).keys)
        let wants = state.goals.flatMap(\.flattened).map(\.want)
        let text = [brief?.title, brief?.document].compactMap(\.self) + (brief?.constraints ?? []) + wants
        let words = TraceBrief(text: text.joined(separator: "\n"))
        named = NamedValues(words)
        trace = Trace(
            brief: words,
            plan: TracePlan(steps: []),
            results: [TraceResult(id: Self.read, labels: ["": .unknown])]
        )
    }

    /// Plans a step.
    mutating func plan(_ step: Step, as id: StepID, by proposal: Proposal? = nil) {
        let author = proposal ?? state.proposals.values.first { $0.plan.step(step.id)?.action == step.action }
        let reads: [Derivation] = isTrusted(author) ? [] : [.result(Self.read, FieldPath(""), as: nil)]
        var arguments: [String: Derivation] = [:]
        for (name, value) in step.action.arguments.object ?? [:] {
            let path = "/" + name.pointerEscaped
            arguments[path] = named.contains(value) ? .brief(value) : .model(value, reads: reads)
            trace.endorsements.append(Endorsement(step: id, argument: FieldPath(path), value: value))
        }
        trace.plan.steps.append(TraceStep(id: id, tool: step.action.tool, arguments: arguments, after: []))
    }

    /// Plans a step and attempts it.
    mutating func attempt(_ step: Step, as id: StepID, by proposal: Proposal? = nil) {
        plan(step, as: id, by: proposal)
        trace.calls.append(
            TraceCall(id: CallID(id.rawValue), step: id, tool: step.action.tool, arguments: step.action.arguments)
        )
    }

    /// Plans a try of a step, attempts it, and has read what it showed.
    mutating func add(_ trial: StepTrial, number: Int) {
        let id = trial.attempt == 1 ? trial.step.id : StepID("\(trial.step.id) (\(number))")
        guard !trace.plan.steps.contains(where: { $0.id == id }) else { return }
        attempt(trial.step, as: id)
        guard let result = trial.result else { return }
        trace.results.append(
            TraceResult(
                id: ResultID("\(id)"),
                call: CallID(id.rawValue),
                value: ["status": .integer(Int64(result.status)), "output": .string(result.output)]
            )
        )
    }

    /// Whether a plan was made by somebody whom nothing untrusted has reached.
    private func isTrusted(_ proposal: Proposal?) -> Bool {
        guard let proposal else { return false }
        if let episode = proposal.episode.flatMap({ state.episodes[$0] }) {
            return !untrusted.contains(episode.order.role)
        }
        // What a person changed is still mostly what it was made from.
        return proposal.parent.map { isTrusted(state.proposals[$0]) } ?? true
    }
}
