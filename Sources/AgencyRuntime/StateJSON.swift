// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

package import AgencyCore
package import AgencySchema

/// A run as JSON.
package enum StateJSON {
    /// A run in short: where it stands, its options, its choice, its steps.
    package static func summary(_ state: RunState) -> JSONValue {
        let waits = state.agenda() == .wait(.choice)
        return [
            "run": .string(state.run.rawValue), "title": .string(state.brief?.title ?? ""),
            "forked_from": encoded(state.forks.last),
            "architecture": .string(state.architecture?.name ?? ""), "status": .string(state.statusWord),
            "whereabouts": .string(state.whereabouts), "cycle": .integer(Int64(state.cycle)),
            "waits_for_reconciliation": question(of: state), "waits_for_choice": .bool(waits),
            "sheet": waits ? .string(state.sheet?.digest.hex ?? "") : nil,
            "options": .array(state.options.map { option(($0), state) }),
            "explanation": encoded(state.explanation), "questions": .array(state.questions.map(question)),
            "dissents": encoded(state.dissents),
            "choices": encoded(state.choices.map(\.choice)), "steps": trials(state.enactment.trials),
            "halt": state.halt.map { .string($0.why) } ?? .null, "goals": encoded(state.goals),
            "goal_outcomes": encoded(state.goalOutcomes), "finished": encoded(state.finished),
            "check": encoded(state.started?.check),
            "episodes": .integer(Int64(state.episodes.values.count(where: \.isOver))), "usage": encoded(state.spent),
            "anomalies": .array(state.anomalies.map { .string($0) }),
        ]
    }

    /// The question to a person whether a step's action happened, if one is open.
    package static func question(of state: RunState) -> JSONValue {
        guard let (question, sequence) = state.openQuestion else { return .null }
        return [
            "step": .string(question.step.rawValue), "question": .integer(Int64(sequence)),
            "effect": .string(question.effect.hex), "action": encoded(question.action),
            "intended_at": .integer(question.intendedAtMilliseconds), "why": .string(question.why),
        ]
    }

    /// Tries of steps.
    package static func trials(_ trials: [StepTrial]) -> JSONValue {
        .array(
            trials.map { trial in
                [
                    "step": encoded(trial.step), "attempt": .integer(Int64(trial.attempt)),
                    "effect": .string(trial.effect.hex), "effect_state": .string(trial.effectState.rawValue),
                    "question": encoded(trial.question), "reconciliations": encoded(trial.reconciliations),
                    "result": encoded(trial.result),
                    "changed": .array(trial.changed.map { .string($0) }), "settlements": encoded(trial.settlements),
                    "halt": trial.halt.map { .string($0) } ?? .null,
                    "checkpoint": trial.checkpoint.map { .string($0) } ?? .null, "reverted": encoded(trial.reverted),
                ]
            }
        )
    }

    /// How one option differs from another.
    package static func diff(_ old: Proposal, _ new: Proposal) -> JSONValue {
        let changes: [JSONValue] = PlanDiff(from: old.plan, to: new.plan).changes.map { change in
            switch change {
            case .same(let step): ["change": "same", "step": .string(step.id.rawValue)]
            case .added(let step): ["change": "added", "step": encoded(step)]
            case .removed(let step): ["change": "removed", "step": encoded(step)]
            case .changed(let old, let new, let parts):
                [
                    "change": "changed", "parts": .array(parts.map { .string($0) }), "old": encoded(old),
                    "new": encoded(new),
                ]
            }
        }
        return ["from": .string(old.id.rawValue), "to": .string(new.id.rawValue), "changes": .array(changes)]
    }

    private static func question(_ question: Question) -> JSONValue {
        [
            "number": .integer(Int64(question.number)), "text": .string(question.text),
            "person": .string(question.person),
            "answer": encoded(question.answer), "failed": .bool(question.failed),
        ]
    }

    private static func option(_ proposal: Proposal, _ state: RunState) -> JSONValue {
        [
            "id": .string(proposal.id.rawValue), "title": .string(proposal.title), "summary": .string(proposal.summary),
            "parent": proposal.parent.map { .string($0.rawValue) } ?? .null,
            "plan_digest": .string(proposal.plan.digest.hex), "plan": encoded(proposal.plan),
            "findings": .array(
                proposal.plan.findings(tools: state.started?.tools ?? []).map { finding in
                    [
                        "rule": .string(finding.rule.id), "place": .string(finding.place),
                        "message": .string(finding.message), "fix": .string(finding.hint),
                    ]
                }
            ),
            "evaluations": encoded(state.evaluations.filter { $0.proposal == state.judged(proposal) }),
        ]
    }

    package static func encoded(_ value: (some Encodable)?) -> JSONValue {
        value.flatMap { try? JSONValue(encoding: $0) } ?? .null
    }
}
