// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyReport
import AgencyRuntime
import AgencySchema

/// How two runs differ, as JSON.
enum RunDiffJSON {
    static func json(_ diff: RunDiff) -> JSONValue {
        [
            "left": side(diff.left, diff.after.left), "right": side(diff.right, diff.after.right),
            "shared_events": .integer(Int64(diff.shared)),
            "first_difference": diff.parting.map { parting in
                [
                    "left": parting.left.map(EventText.json) ?? .null,
                    "right": parting.right.map(EventText.json) ?? .null,
                    "parts": .array(parting.parts.map { .string($0) }),
                ]
            } ?? .null,
            "episodes": .array(
                diff.episodes.filter { $0.kind != .same }.map {
                    ["episode": .string($0.episode.rawValue), "difference": .string($0.kind.rawValue)]
                }
            ),
            "scores": .array(diff.scores.filter { $0.left != $0.right }.map(score)), "plan": plan(diff),
        ]
    }

    private static func side(_ state: RunState, _ after: RunDiff.Spent) -> JSONValue {
        [
            "run": .string(state.run.rawValue), "forked_from": StateJSON.encoded(state.forks.last),
            "status": .string(state.statusWord), "finished": StateJSON.encoded(state.finished),
            "choices": StateJSON.encoded(state.choices.map(\.choice)),
            "proposal": StateJSON.encoded(state.enactment.proposal), "usage": StateJSON.encoded(state.spent),
            "milliseconds": .integer(Int64(state.spentMilliseconds)),
            "steps": .array(
                state.enactment.trials.map {
                    [
                        "step": .string($0.step.id.rawValue), "attempt": .integer(Int64($0.attempt)),
                        "kept": .bool($0.reverted == nil && $0.checkpoint != nil),
                        "halt": StateJSON.encoded($0.halt),
                    ]
                }
            ),
            "after_difference": [
                "episodes": .integer(Int64(after.episodes)), "usage": StateJSON.encoded(after.usage),
                "milliseconds": .integer(Int64(after.milliseconds)),
            ],
        ]
    }

    private static func score(_ score: RunDiff.ScoreDifference) -> JSONValue {
        [
            "role": .string(score.role.rawValue), "proposal": .string(score.proposal.rawValue),
            "criterion": score.criterion.map { .string($0) } ?? .null,
            "left": score.left.map { .number($0) } ?? .null, "right": score.right.map { .number($0) } ?? .null,
        ]
    }

    private static func plan(_ diff: RunDiff) -> JSONValue {
        guard let left = diff.left.enactment.proposal.flatMap({ diff.left.proposals[$0] }),
            let right = diff.right.enactment.proposal.flatMap({ diff.right.proposals[$0] })
        else { return .null }
        return StateJSON.diff(left, right)
    }
}
