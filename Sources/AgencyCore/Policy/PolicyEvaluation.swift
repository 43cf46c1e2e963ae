// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// Decides the calls of one undertaking, one after another, with no model involved.
///
/// A call that asks counts as carried out for what comes after it: what would be asked then is seen as well.
public struct PolicyEvaluation {
    /// The policy.
    public let policy: Policy
    let trace: Trace
    var flow: Provenances
    private var counts: [StepID: Int] = [:]
    private let places: [StepID: Int]
    /// The place of the first step that has to come about and has not.
    private var pending = 0
    private var asked: [Question: CallID] = [:]
    private var used: [String: (total: Double, calls: Int)] = [:]

    /// What makes two questions the same.
    private struct Question: Hashable {
        var rule: PolicyRule
        var argument: FieldPath?
        var value: JSONValue?
        var sources: [ValueSource]?

        // The sources can be very many, and hardly ever make the difference.
        func hash(into hasher: inout Hasher) {
            hasher.combine(rule)
            hasher.combine(argument)
            hasher.combine(value)
        }
    }

    /// Begins to decide.
    ///
    /// - Parameters:
    ///   - policy: The policy.
    ///   - tools: The manifests of the tools; of two of one name, the first counts.
    ///   - trace: The undertaking.
    public init(policy: Policy = .standard, tools: [ToolManifest], trace: Trace) {
        self.init(policy: policy, tools: tools, trace: trace, named: NamedValues(trace.brief))
    }

    /// Begins to decide where it is known what the brief names.
    init(policy: Policy, tools: [ToolManifest], trace: Trace, named: NamedValues) {
        self.policy = policy
        self.trace = trace
        places = Dictionary(trace.plan.steps.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var named = named
        // What the person chose to have written is named as well, if nobody else had a hand in it.
        for case .model(let value, reads: []) in trace.plan.steps.flatMap(\.arguments.values) {
            named.add(contactsOf: value)
        }
        flow = Provenances(policy: policy, tools: tools, trace: trace, named: named)
    }

    /// Decides everything that was tried.
    public static func account(policy: Policy = .standard, tools: [ToolManifest], trace: Trace) -> PolicyAccount {
        var evaluation = PolicyEvaluation(policy: policy, tools: tools, trace: trace)
        let rulings = trace.calls.map { evaluation.decide($0) }
        let done = rulings.filter { $0.isConsequential && $0.decision <= .asks }
        let questions = rulings.flatMap(\.reasons).count { $0.decision == .asks && $0.askedAt == nil }
        return PolicyAccount(
            policy: policy.name,
            version: policy.version,
            digest: policy.digest,
            calls: rulings,
            answers: trace.answers.map(evaluation.ruling),
            notLoaded: evaluation.flow.tools.reduce(into: [:]) { $0[$1.key.rawValue] = $1.value.loadFault },
            autonomy: Autonomy(
                consequential: done.count,
                unasked: done.count { $0.decision == .allowed },
                questions: questions
            )
        )
    }

    /// Decides one call, and takes it as carried out unless it cannot be.
    public mutating func decide(_ call: TraceCall) -> PolicyRuling {
        var ruling = PolicyRuling(
            call: call.id,
            step: call.step,
            tool: call.tool,
            decision: .allowed,
            reasons: [],
            labels: [:],
            isConsequential: flow.tools[call.tool]?.isConsequential ?? true
        )
        var written = Provenance.nothing
        do {
            let step = try planned(call)
            ruling.step = step.id
            let tool = try loaded(call)
            ruling.reasons = try reasons(for: call, step, tool, labels: &ruling.labels, written: &written)
            answer(&ruling, call, step, tool)
        } catch {
            ruling.reasons = [error]
        }
        for index in ruling.reasons.indices where ruling.reasons[index].decision == .asks {
            ask(&ruling.reasons[index], call)
        }
        ruling.decision = ruling.reasons.map(\.decision).max() ?? .allowed
        if let step = ruling.step, ruling.decision <= .asks {
            counts[step, default: 0] += 1
            flow.carryOut(call, as: step, writing: written)
            while pending < trace.plan.steps.count, isPast(trace.plan.steps[pending]) { pending += 1 }
        }
        return ruling
    }

    private mutating func ask(_ reason: inout PolicyReason, _ call: TraceCall) {
        let question = Question(
            rule: reason.rule,
            argument: reason.argument?.general,
            value: reason.value,
            sources: reason.sources
        )
        if let earlier = asked[question] { reason.askedAt = earlier } else { asked[question] = call.id }
    }

    /// Lets a mandate answer what would be asked.
    private mutating func answer(
        _ ruling: inout PolicyRuling,
        _ call: TraceCall,
        _ step: TraceStep,
        _ tool: ToolManifest
    ) {
        let questions = ruling.reasons.filter { $0.decision == .asks }
        guard !questions.isEmpty, questions.allSatisfy(\.rule.isMandatable) else { return }
        for mandate in trace.mandates {
            let before = used[mandate.id] ?? (0, 0)
            let amount = tool.amount(of: call.arguments)
            guard mandate.covers(call, of: tool, labels: ruling.labels),
                isNoMore(before.total + amount, than: mandate.total), isNoMore(before.calls + 1, than: mandate.calls)
            else { continue }
            used[mandate.id] = (before.total + amount, before.calls + 1)
            ruling.mandate = mandate.id
            ruling.reasons.removeAll { $0.decision == .asks }
            return
        }
    }

    /// Finds the step of the plan that a call carries out.
    private func planned(_ call: TraceCall) throws(PolicyReason) -> TraceStep {
        let candidates =
            call.step.map { id in places[id].map { [trace.plan.steps[$0]] } ?? [] }
            ?? trace.plan.steps.filter { $0.tool == call.tool }
        guard let first = candidates.first, first.tool == call.tool else {
            throw reason(.notInPlan, "the plan that was chosen has no such call of \(call.tool.rawValue.shortened)")
        }
        var fault: PolicyReason?
        for step in candidates {
            do throws(PolicyReason) {
                try requireTurn(of: step)
                try requireArguments(of: call, as: step)
                return step
            } catch {
                fault = fault ?? error
            }
        }
        throw fault ?? reason(.notInPlan, "the plan that was chosen has no such call")
    }

    private func requireTurn(of step: TraceStep) throws(PolicyReason) {
        guard let atMost = step.atMost else {
            throw reason(.unbounded, "step \(step.id) stands in a loop without a bound; give it at-most")
        }
        let count = counts[step.id] ?? 0
        guard count < atMost else {
            throw reason(.usedUp, "step \(step.id) has been carried out \(count) of \(atMost) times")
        }
        // What stands under a condition or a loop may not have come about at all.
        let isMissing = { (step: TraceStep) in step.under.isEmpty && !isDone(step.id) }
        let missing: StepID?
        if let after = step.after {
            missing = trace.plan.steps.first { after.contains($0.id) && isMissing($0) }?.id
        } else {
            let first = trace.plan.steps[pending...].first(where: isMissing)
            let isBefore = first.map { (places[$0.id] ?? 0) < (places[step.id] ?? 0) } ?? false
            missing = isBefore ? first?.id : nil
        }
        if let missing {
            throw reason(.outOfOrder, "step \(missing) comes before step \(step.id) and has not been carried out")
        }
        try requireConditions(of: step)
    }

    /// Makes sure that no condition is known not to hold, and no list to be at its end.
    private func requireConditions(of step: TraceStep) throws(PolicyReason) {
        for condition in step.under {
            guard let value = value(of: condition.derivation) else { continue }
            switch condition {
            case .branch:
                guard value == .bool(false) || value == .null else { continue }
                throw reason(.notTaken, "the condition of step \(step.id) does not hold")
            case .loop:
                guard step.under.count == 1, let list = value.array, (counts[step.id] ?? 0) >= list.count else {
                    continue
                }
                throw reason(.usedUp, "step \(step.id) has been carried out for each of \(list.count) elements")
            }
        }
    }

    /// The value of a derivation, where it is told.
    private func value(of derivation: Derivation) -> JSONValue? {
        guard case .result(let name, let field, _) = derivation else { return derivation.planned }
        guard let values = flow.values(name, field) else { return nil }
        return values.count == 1 && !field.tokens.contains("*") ? values[0] : .array(values)
    }

    private func isPast(_ step: TraceStep) -> Bool { !step.under.isEmpty || isDone(step.id) }

    private func isDone(_ step: StepID) -> Bool {
        flow.done.contains(step) || trace.results.contains { $0.step == step && $0.call == nil }
    }

    private func loaded(_ call: TraceCall) throws(PolicyReason) -> ToolManifest {
        guard let tool = flow.tools[call.tool] else {
            throw reason(.unknownTool, "no manifest describes \(call.tool.rawValue.shortened)")
        }
        if let fault = tool.loadFault { throw reason(.notLoaded, "\(tool.name) is not loaded: \(fault)") }
        if let fault = tool.parameters.validate(call.arguments).first {
            throw reason(.badArguments, "the arguments of \(tool.name) do not fit: \(fault)")
        }
        return tool
    }

    func reason(_ rule: PolicyRule, _ why: String) -> PolicyReason {
        PolicyReason(rule: rule, decision: policy.decision(rule), why: why)
    }
}

extension PolicyReason: Error {}

extension Mandate {
    /// Whether the mandate covers a call, but for the sums.
    func covers(_ call: TraceCall, of tool: ToolManifest, labels: [String: Label]) -> Bool {
        guard classes.contains(tool.effects) else { return false }
        if let until { guard let at = call.at, at.utf8.count == until.utf8.count, at <= until else { return false } }
        for (name, label) in labels {
            for (path, kind) in tool.authorities(of: FieldPath(name)) where kind.decides {
                guard label.writers.isSubset(of: writers), let bound = authority[kind.rawValue] else { return false }
                let values = path.parts(of: call.arguments).flatMap { $0.array ?? [$0] }
                guard values.allSatisfy(bound.admits) else { return false }
            }
        }
        return true
    }
}

extension ToolManifest {
    /// How much a call amounts to, all its amounts together.
    func amount(of arguments: JSONValue) -> Double {
        (self.arguments ?? [:]).filter { $0.value == .amount }
            .flatMap { FieldPath($0.key).parts(of: arguments) }
            .reduce(0) { $0 + ($1.double ?? 0) }
    }
}
