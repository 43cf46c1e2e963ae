// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

extension Prompt {
    /// The declared inputs of an episode that there is something to say about, in the order of declaration.
    static func inputs(
        for order: EpisodeOrder,
        role: Role,
        in state: RunState,
        tree: String?,
        output: JSONValue?,
        sharing shared: inout PromptMaterial
    ) -> [PromptInput] {
        // Whoever is probed is given the question alone: whatever else there was would be another question.
        if order.task == .probe { return state.probeQuestion(of: order).map { [question($0)] } ?? [] }
        func proposal(_ proposal: Proposal) -> PromptInput {
            shared.input("proposal/\(proposal.id)") { Self.proposal(proposal) }
        }
        return role.reads.flatMap { input -> [PromptInput] in
            switch input {
            case .brief: state.brief.map { brief in [shared.input("brief") { Self.brief(brief) }] } ?? []
            case .actions:
                [
                    shared.input(role.holes == true ? "actions with holes" : "actions") {
                        actions(state.started?.tools ?? [], holes: role.holes == true)
                    }
                ]
            case .tree:
                tree.map { tree in
                    [
                        shared.input("tree") {
                            PromptInput(label: PromptInput.treeLabel, origin: "the files there are", text: tree)
                        }
                    ]
                } ?? []
            case .proposal: subject(order, state).map { [proposal($0)] } ?? []
            case .critique: critique(order, state)
            case .proposals: state.options.map(proposal)
            case .evaluations:
                state.evaluations.filter { one in state.options.contains { $0.id == one.proposal } }.map(evaluation)
            case .observations: observations(state)
            case .reason:
                state.reason.map { [PromptInput(label: "reason", origin: "why the person sent it back", text: $0)] }
                    ?? []
            case .question: question(order, state)
            case .changes: changes(order, state)
            case .output:
                output.map {
                    [PromptInput(label: "output", origin: "the answer to be verified", json: $0)]
                } ?? []
            }
        }
    }

    private static func subject(_ order: EpisodeOrder, _ state: RunState) -> Proposal? {
        // A proposer's own work comes as the sketch, and is not given twice.
        guard order.task != .refine, order.task != .revise else { return nil }
        return order.subject.flatMap { state.proposals[$0] }
    }

    private static func brief(_ brief: Brief) -> PromptInput {
        var lines = ["# \(brief.title)", "stakes: \(brief.stakes.rawValue)", "", "goals:"]
        func list(_ goals: [Goal], depth: Int) {
            for goal in goals {
                let indent = String(repeating: "  ", count: depth)
                lines.append("\(indent)- \(goal.id): \(goal.want)")
                if let check = goal.check {
                    lines.append(
                        "\(indent)  check: \(check.tool) \(check.arguments.compactText) → \(check.expect.words)"
                    )
                }
                list(goal.goals, depth: depth + 1)
            }
        }
        list(brief.goals, depth: 0)
        if !brief.constraints.isEmpty { lines += ["", "constraints:"] + brief.constraints.map { "- " + $0 } }
        if !brief.document.isEmpty { lines += ["", brief.document.trimmingWhitespace] }
        return PromptInput(label: "brief", origin: "the person who asks", text: lines.joined(separator: "\n"))
    }

    private static func actions(_ tools: [ToolManifest], holes: Bool) -> PromptInput {
        func list(_ title: String, _ tools: [ToolManifest]) -> String {
            title + "\n"
                + tools.map { "- \($0.name): \($0.about)\n  arguments: \($0.parameters.json.compactText)" }
                .joined(separator: "\n")
        }
        let text =
            [
                list("Tools that a step's action may use:", tools.filter(\.acts)),
                list("Tools that a check may use (the workspace is mounted read-only then):", tools.filter(\.checks)),
            ] + (holes ? [Self.holes] : [])
        return PromptInput(
            label: "actions",
            origin: "the tools of this institution",
            text: text.joined(separator: "\n\n")
        )
    }

    private static let holes = """
        A step may use a tool that only looks where a later step has a hole that its result fills. What fills a hole is \
        copied, not thought about: nobody reads it before. Where it decides who is reached, what is changed or how much, \
        the person is asked again once it is known.
        """

    private static func proposal(_ proposal: Proposal) -> PromptInput {
        let origin = proposal.episode.map { "written in episode \($0)" } ?? "written by the person"
        return PromptInput(label: "proposal/\(proposal.id)", origin: origin, json: draft(of: proposal))
    }

    private static func critique(_ order: EpisodeOrder, _ state: RunState) -> [PromptInput] {
        guard order.task == .refine, let subject = order.subject, let critique = state.critiques[subject],
            let json = try? JSONValue(encoding: critique)
        else { return [] }
        return [PromptInput(label: "critique/\(subject)", origin: "written by the critic", json: json)]
    }

    private static func evaluation(_ evaluation: Evaluation) -> PromptInput {
        let scores: [JSONValue] = evaluation.scores.map {
            [
                "criterion": .string($0.criterion), "value": $0.value.map { .number($0) } ?? "not determined",
                "reason": .string($0.reason),
            ]
        }
        let json: JSONValue = [
            "summary": .string(evaluation.summary),
            "probability": evaluation.probability.map { .number($0) } ?? "not determined",
            "scores": .array(scores),
            "objections": (try? JSONValue(encoding: evaluation.objections)) ?? [],
        ]
        return PromptInput(
            label: "evaluation/\(evaluation.role)/\(evaluation.proposal)",
            origin: "written in episode \(evaluation.episode)",
            json: json
        )
    }

    private static func question(_ order: EpisodeOrder, _ state: RunState) -> [PromptInput] {
        guard order.task == .answer, let open = state.questions.first(where: { $0.answer == nil && !$0.failed }) else {
            return []
        }
        return [PromptInput(label: "question", origin: "asked by the person who chooses", text: open.text)]
    }

    private static func question(_ question: ProbeQuestion) -> PromptInput {
        let choices = (question.choices ?? []).map { "- " + $0 }
        let lines = [question.text] + (choices.isEmpty ? [] : ["", "The answers to choose from:"] + choices)
        return PromptInput(label: "question", origin: "what you are asked", text: lines.joined(separator: "\n"))
    }

    /// What happened in enactment, as far as there has been one.
    private static func observations(_ state: RunState) -> [PromptInput] {
        // A try that was broken off and undone before anything was observed tells nothing of the plan: a role is to see the
        // same whether or not the program was interrupted.
        let told = state.enactment.trials.filter { $0.reverted?.reason != .interrupted }
        guard !told.isEmpty else { return [] }
        let trials: [JSONValue] = told.map { trial in
            let settlements: [JSONValue] = trial.settlements.map {
                [
                    "statement": .string($0.statement), "probability": .number($0.probability),
                    "expected": .string($0.expected), "observed": .string($0.observed),
                    "outcome": $0.outcome.map { .bool($0) } ?? "could not be settled",
                ]
            }
            return [
                "step": .string(trial.step.id.rawValue), "intent": .string(trial.step.intent),
                "exit status": trial.result.map { .integer(Int64($0.status)) } ?? .null,
                "output": .string(String((trial.result?.output ?? "").prefix(4000))),
                "forecasts": .array(settlements),
                "became": .string(
                    trial.reverted.map { "undone: \($0.note)" } ?? (trial.checkpoint == nil ? "unfinished" : "done")
                ),
            ]
        }
        let goals: [JSONValue] = state.goalOutcomes.map {
            [
                "goal": .string($0.goal.rawValue), "reached": $0.settlement.outcome.map { .bool($0) } ?? .null,
                "observed": .string($0.settlement.observed),
            ]
        }
        let json: JSONValue = [
            "halted because": .string(state.halt?.why ?? ""), "steps tried, in order": .array(trials),
            "done and still standing": .array(state.enactment.done.map { .string($0.step.id.rawValue) }),
            "goals": .array(goals),
        ]
        return [PromptInput(label: "observations", origin: "recorded during enactment", json: json)]
    }

    /// How a revised, edited or combined option differs from the one it was made from.
    private static func changes(_ order: EpisodeOrder, _ state: RunState) -> [PromptInput] {
        let subjects = order.subject.flatMap { state.proposals[$0] }.map { [$0] } ?? state.options
        return subjects.compactMap { proposal in
            guard let parent = proposal.parent.flatMap({ state.proposals[$0] }) else { return nil }
            let lines = PlanDiff(from: parent.plan, to: proposal.plan).changes.map { change in
                switch change {
                case .same(let step): "  \(step.id): as before"
                case .added(let step): "+ \(step.id): \(step.intent)"
                case .removed(let step): "- \(step.id): \(step.intent)"
                case .changed(_, let step, let parts): "~ \(step.id): \(parts.joined(separator: ", ")): \(step.intent)"
                }
            }
            return PromptInput(
                label: "changes/\(proposal.id)",
                origin: "\(proposal.id) compared with \(parent.id)",
                text: lines.joined(separator: "\n")
            )
        }
    }
}
