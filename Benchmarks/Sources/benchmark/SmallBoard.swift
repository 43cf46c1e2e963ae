// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import OpenAgency

/// The work that others were measured with: 5 proposals, 15 evaluations of them, an explanation, and 5 steps one after
/// another, each asked for in a line and answered in a line or two.
enum SmallBoard {
    /// The proposals, the evaluations of each and the steps.
    private static let (proposals, evaluators, steps) = (5, 3, 5)
    /// The calls of a run.
    static let episodes = proposals + proposals * evaluators + 1 + steps
    /// Those that wait for one another: propose, evaluate, explain, and each step.
    static let latencies = 3 + steps
    /// Who takes the steps.
    static let stepper: RoleName = "enacter"

    static let architecture: Architecture = {
        let judges = (0..<evaluators).map { number in
            var judge = role(RoleName("evaluator-\(number)"), .evaluate, "Judge the proposal by criterion \(number).")
            judge.criteria = ["criterion \(number)"]
            return judge
        }
        let proposer = role("proposer", .propose, "Propose a plan.")
        let explainer = role("explainer", .explain, "Explain the options and scores.", reads: [.evaluations])
        return Architecture(
            name: "small",
            roles: [proposer] + judges + [explainer, role(stepper, .advance, "Enact the next step.")],
            flow: [
                .propose(role: proposer.name, count: proposals), .evaluate(roles: judges.map(\.name)),
                .explain(role: explainer.name), .iterate(role: stepper, atMost: steps),
                .choose(expires: 86_400, returns: 0),
            ]
        )
    }()

    /// A goal of its own for each run, so that no two runs share what they record.
    static func brief(of number: Int) -> Brief {
        let done = Check(tool: "state", arguments: ["pointer": "/step"], expect: .atLeast(Double(steps)))
        return Brief(
            name: "small",
            title: "Goal \(number)",
            goals: [Goal(id: "goal", want: "Goal \(number) is reached.", check: done)],
            state: ["step": 0, "of": .integer(Int64(steps))]
        )
    }

    /// How many episodes of a run have come to what was wanted.
    static func completed(in state: RunState) -> Int {
        let done = state.iteration.map { $0.isDone ? $0.number : 0 } ?? 0
        return state.episodes.values.count { $0.status == .completed } + done
    }

    private static func role(
        _ name: RoleName,
        _ kind: Role.Kind,
        _ instructions: String,
        reads: [Role.Input] = []
    ) -> Role {
        Role(
            name: name,
            kind: kind,
            performer: "model",
            instructions: instructions,
            reads: kind.neededReads + reads
        )
    }
}
