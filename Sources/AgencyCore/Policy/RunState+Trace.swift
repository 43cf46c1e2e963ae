// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension RunState {
    /// The run as the policy sees it: the brief, what was enacted and what stands to be, and where every argument comes from.
    ///
    /// What was on the sheet of the choice counts as allowed by it, value by value.
    public var trace: Trace {
        var builder = TraceBuilder(self)
        builder.addTrials()
        if let plan = enactment.plan, choice != nil {
            for step in plan.ordered ?? [] where !enactment.trials.contains(where: { $0.step.id == step.id }) {
                builder.plan(step, as: step.id)
            }
        }
        return builder.trace
    }

    /// What the policy says of the step that is due, with its holes filled.
    ///
    /// What stood on the sheet was chosen as it stood; what is asked about is what was read since.
    func ruling(on step: Step, now: Int64) -> PolicyRuling {
        var builder = TraceBuilder(self)
        builder.addTrials(isChosen: true)
        let number = enactment.trials.count + 1
        let id = enactment.attempts(of: step.id) == 0 ? step.id : StepID("\(step.id) (\(number))")
        builder.attempt(step, as: id, at: now, isChosen: true)
        let rulings = builder.rulings
        return rulings[rulings.count - 1]
    }
}

/// Makes the trace of a run.
struct TraceBuilder {
    private let state: RunState
    private let untrusted: Set<RoleName>
    private let named: NamedValues
    var trace: Trace
    /// The name under which what a step showed last is found.
    private var latest: [StepID: ResultID] = [:]

    /// What the roles that made a plan had read.
    private static let read = ResultID("before the plan")

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
            results: [TraceResult(id: Self.read, labels: ["": .unknown])],
            mandates: state.mandates
        )
    }

    /// What the run's policy says of what was tried.
    var rulings: [PolicyRuling] {
        let (policy, tools) = (state.started?.policy ?? .standard, state.started?.tools ?? [])
        var evaluation = PolicyEvaluation(policy: policy, tools: tools, trace: trace, named: named)
        return trace.calls.map { evaluation.decide($0) }
    }

    /// Plans a step; where a person has seen and chosen what the plan says itself, that counts as theirs.
    mutating func plan(_ step: Step, as id: StepID, by proposal: Proposal? = nil, isChosen: Bool = false) {
        let isTheirs = isChosen || isTrusted(proposal ?? author(of: step))
        let reads: [Derivation] = isTheirs ? [] : [.result(Self.read, FieldPath(""), as: nil)]
        var arguments: [String: Derivation] = [:]
        let open = step.open
        for (name, value) in step.action.arguments.object ?? [:] where !open.contains(name) {
            let path = "/" + name.pointerEscaped
            arguments[path] = named.contains(value) ? .brief(value) : .model(value, reads: reads)
            trace.endorsements.append(Endorsement(step: id, argument: FieldPath(path), value: value))
        }
        for value in state.endorsed where value.tool == step.action.tool && open.contains(value.argument) {
            let path = FieldPath("/" + value.argument.pointerEscaped)
            trace.endorsements.append(Endorsement(step: id, argument: path, value: value.value))
        }
        for hole in step.holes ?? [] {
            let result = latest[hole.step] ?? ResultID(hole.step.rawValue)
            arguments[hole.pointer] = hole.derivation(from: result)
        }
        trace.plan.steps.append(TraceStep(id: id, tool: step.action.tool, arguments: arguments, after: []))
    }

    private func author(of step: Step) -> Proposal? {
        state.proposals.values.filter { $0.plan.step(step.id)?.action == step.action }.min { $0.id < $1.id }
    }

    /// Plans a step and attempts it.
    mutating func attempt(
        _ step: Step,
        as id: StepID,
        by proposal: Proposal? = nil,
        at milliseconds: Int64? = nil,
        isChosen: Bool = false
    ) {
        plan(step, as: id, by: proposal, isChosen: isChosen)
        trace.calls.append(
            TraceCall(
                id: CallID(id.rawValue),
                step: id,
                tool: step.action.tool,
                arguments: step.action.arguments,
                at: milliseconds.map { Instant(milliseconds: $0).description }
            )
        )
    }

    /// Adds what was tried so far.
    mutating func addTrials(isChosen: Bool = false) {
        for (index, trial) in state.enactment.trials.enumerated() { add(trial, number: index + 1, isChosen: isChosen) }
    }

    /// Plans a try of a step, attempts it, and has read what it showed.
    private mutating func add(_ trial: StepTrial, number: Int, isChosen: Bool) {
        let id = trial.attempt == 1 ? trial.step.id : StepID("\(trial.step.id) (\(number))")
        guard !trace.plan.steps.contains(where: { $0.id == id }) else { return }
        attempt(trial.step, as: id, at: trial.atMilliseconds, isChosen: isChosen)
        guard let result = trial.result else { return }
        latest[trial.step.id] = ResultID(id.rawValue)
        trace.results.append(
            TraceResult(id: ResultID(id.rawValue), call: CallID(id.rawValue), value: result.shown)
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
