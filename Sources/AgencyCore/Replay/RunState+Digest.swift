// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension RunState {
    /// The digest of everything that is known of the run, for comparing what two versions of the program make of a record.
    ///
    /// Members that say nothing (empty, false, zero, absent) are left out before the digest is taken, so that a member
    /// which a later version adds does not change the digest of a record that has none of it.
    public var digest: Digest { Digest(of: Self.pruned(known) ?? .null) }

    private var known: JSONValue {
        [
            "run": .string(run.rawValue), "sequence": .integer(Int64(sequence)), "started": json(started),
            "started-at": .integer(startedAtMilliseconds), "updated-at": .integer(updatedAtMilliseconds),
            "status": .string(status.rawValue), "goals": json(goals), "cycle": .integer(Int64(cycle)),
            "stage": .integer(Int64(stage)), "episodes": .array(episodeOrder.map(episode)), "options": json(options),
            "proposals": json(proposals.values.sorted { $0.id < $1.id }),
            "critiques": .array(
                critiques.sorted { $0.key < $1.key }.map {
                    ["of": .string($0.key.rawValue), "critique": json($0.value)]
                }
            ),
            "evaluations": json(evaluations), "dissents": json(dissents), "explanation": json(explanation),
            "questions": .array(questions.map(question)), "sheet": json(sheet),
            "choice": choice.map(standing) ?? .null, "choices": .array(choices.map(standing)),
            "reason": json(reason), "returns": .integer(Int64(returnsUsed)), "updates": .integer(Int64(updatesUsed)),
            "enactment": carrying,
            "halt": halt.map { ["step": json($0.step), "why": .string($0.why)] } ?? .null,
            "goal-outcomes": json(goalOutcomes), "finished": json(finished), "spent": json(spent),
            "milliseconds": .integer(Int64(spentMilliseconds)), "anomalies": json(anomalies),
            "nonce": json(nonce), "nonces": json(nonces), "targets": json(targets), "votes": json(votes),
            "basis": isSigned ? json(basis) : .null, "permitted": json(permittedEffect),
            "claim": json(claim), "late-results": json(lateResults),
            "choice-deadline": json(choiceDeadline), "given-up": .bool(isGivenUp), "outcomes": json(outcomes),
            "records": json(records),
            "mandate-proposed": json(proposedMandate), "mandates-granted": json(grantedMandates),
            "mandates-withdrawn": json(withdrawnMandates),
            "iteration": json(iteration), "probes": json(probes),
            "agenda": .string(agenda().words),
        ]
    }

    private func episode(_ id: EpisodeID) -> JSONValue {
        guard let record = episodes[id] else { return .null }
        var status: JSONValue
        switch record.status {
        case .started: status = "started"
        case .completed: status = "completed"
        case .failed(let code, let message): status = ["code": .string(code), "message": .string(message)]
        case .reopened: status = "reopened"
        }
        return [
            "order": json(record.order), "status": status, "prompt": json(record.prompt),
            "transcript": json(record.transcript), "performer": .string(record.performer), "usage": json(record.usage),
            "milliseconds": .integer(Int64(record.milliseconds)), "at": .integer(record.startedAtMilliseconds),
            "recorded": .bool(record.isRecorded),
        ]
    }

    private func question(_ question: Question) -> JSONValue {
        [
            "number": .integer(Int64(question.number)), "text": .string(question.text),
            "person": .string(question.person), "answer": json(question.answer), "failed": .bool(question.failed),
        ]
    }

    private func standing(_ choice: StandingChoice) -> JSONValue {
        [
            "choice": json(choice.choice), "sequence": .integer(Int64(choice.sequence)),
            "at": .integer(choice.atMilliseconds), "signature": json(choice.signature),
        ]
    }

    private var carrying: JSONValue {
        var phase: JSONValue = .null
        switch enactment.current?.phase {
        case .intended: phase = "intended"
        case .asked(let question): phase = ["asked": .integer(Int64(question))]
        case .absent(let note): phase = ["absent": .string(note)]
        case .left(let note): phase = ["left": .string(note)]
        case .observed(let result): phase = ["observed": json(result)]
        case .settled(let halt): phase = ["settled": .bool(true), "halt": json(halt)]
        case nil: break
        }
        return [
            "proposal": json(enactment.proposal), "plan": json(enactment.plan), "base": json(enactment.base),
            "done": .array(
                enactment.done.map { ["step": json($0.step), "checkpoint": .string($0.checkpoint)] }
            ),
            "current": [
                "step": json(enactment.current?.step), "effect": json(enactment.current?.effect), "phase": phase,
            ],
            "trials": .array(
                enactment.trials.map { trial in
                    [
                        "step": json(trial.step), "attempt": .integer(Int64(trial.attempt)),
                        "at": .integer(trial.atMilliseconds), "result": json(trial.result),
                        "changed": json(trial.changed), "settlements": json(trial.settlements),
                        "halt": json(trial.halt), "checkpoint": json(trial.checkpoint),
                        "reverted": json(trial.reverted), "effect": json(trial.effect),
                        "reconciliations": json(trial.reconciliations), "question": json(trial.question),
                    ]
                }
            ),
        ]
    }

    private func json(_ value: (some Encodable)?) -> JSONValue {
        value.flatMap { try? JSONValue(encoding: $0) } ?? .null
    }

    private static func pruned(_ value: JSONValue) -> JSONValue? {
        switch value {
        case .null, .bool(false), .integer(0): return nil
        case .string(let text): return text.isEmpty ? nil : value
        case .array(let array): return array.isEmpty ? nil : .array(array.map { pruned($0) ?? .null })
        case .object(let object):
            var kept: JSONObject = [:]
            for (key, value) in object { if let value = pruned(value) { kept[key] = value } }
            return kept.isEmpty ? nil : .object(kept)
        default: return value
        }
    }
}
