// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

extension EpisodeOrder.Task {
    /// The shape of the output of an episode with this task.
    ///
    /// - Parameters:
    ///   - role: The role that performs, for its criteria.
    ///   - tools: The tools there are, of which steps and checks name theirs.
    ///   - question: What a probe asks, for its choices.
    /// - Returns: The schema that the output is validated against, and that performers are asked to keep to.
    public func outputSchema(role: Role, tools: [ToolManifest], question: ProbeQuestion? = nil) -> JSONSchema {
        switch self {
        case .propose, .refine, .revise: ProposalDraft.schema(tools: tools, holes: role.holes == true)
        case .advance:
            .object(
                [
                    "done": .boolean("Whether the work is done with this step."),
                    "state": role.state ?? JSONSchema([:]),
                    "dissent": Dissent.schema,
                ],
                optional: ["dissent"]
            )
        case .critique:
            .object(
                [
                    "objections": .array(
                        of: Objection.schema,
                        "The faults found; empty when there is none.",
                        maxItems: 20
                    ),
                    "suggestions": .array(of: .string(maxLength: 2000), "What would make it better.", maxItems: 20),
                    "dissent": Dissent.schema,
                ]
            )
        case .evaluate: EvaluationDraft.schema(criteria: role.criteria)
        case .verify: Verdict.schema
        case .probe: ProbeAnswer.schema(of: question)
        case .explain, .answer:
            .object(
                [
                    "summary": .string("The account in a paragraph or two.", minLength: 1, maxLength: 6000),
                    "claims": .array(
                        of: Claim.schema,
                        "What the account claims, one by one.",
                        minItems: 1,
                        maxItems: 60
                    ),
                    "dissent": Dissent.schema,
                ]
            )
        }
    }
}

extension Dissent {
    static let schema = JSONSchema.string(
        "A formal disagreement that the person must see, or null. Nobody can suppress it.",
        maxLength: 4000
    ).orNull
}

extension Objection {
    static let schema = JSONSchema.object(
        [
            "severity": .oneOf(Severity.allCases.map(\.rawValue), "blocking: must not be enacted as it is."),
            "statement": .string("What is wrong, in a sentence.", minLength: 1, maxLength: 2000),
            "evidence": .string(
                "What shows it: a query and its answer, a line of a file, an argument.",
                maxLength: 4000
            ),
            "step": JSONSchema.string("The id of the step that it is about, or null.").orNull,
        ],
        optional: ["step"]
    )
}

extension Claim {
    static let schema = JSONSchema.object(
        [
            "text": .string("One claim, in a sentence.", minLength: 1, maxLength: 1000),
            "citations": .array(
                of: .object(
                    [
                        "record": .string(
                            "The label of the input that bears it out, such as proposal/p1.",
                            minLength: 1
                        ),
                        "quote": .string("Its words, copied byte for byte.", minLength: 1, maxLength: 600),
                    ]
                ),
                maxItems: 6
            ),
        ]
    )
}

extension ProposalDraft {
    static func schema(tools: [ToolManifest], holes: Bool) -> JSONSchema {
        let acting = tools.filter { $0.acts || holes }.map(\.name.rawValue)
        let looking = tools.filter(\.checks).map(\.name.rawValue)
        return .object(
            [
                "title": .string("What the plan does, in a line.", minLength: 1, maxLength: 200),
                "summary": .string("Why this way, in a paragraph.", minLength: 1, maxLength: 6000),
                "assumptions": .array(
                    of: .string(maxLength: 1000),
                    "What must be true for the plan to work and no step checks.",
                    maxItems: 30
                ),
                "steps": .array(
                    of: step(acting: acting, looking: looking, holes: holes),
                    minItems: 1,
                    maxItems: Limits.steps
                ),
                "dissent": Dissent.schema,
            ]
        )
    }

    private static func step(acting: [String], looking: [String], holes: Bool) -> JSONSchema {
        var step = step(acting: acting, looking: looking)
        guard holes, var properties = step["properties"]?.object else { return JSONSchema(step) }
        properties["holes"] =
            JSONSchema.array(
                of: Hole.schema,
                "Arguments that only an earlier step can tell, to be copied from what it shows; name it under after.",
                maxItems: 20
            ).json
        if var object = step.object {
            object["properties"] = .object(properties)
            step = .object(object)
        }
        return JSONSchema(step)
    }

    private static func step(acting: [String], looking: [String]) -> JSONValue {
        JSONSchema.object(
            [
                "id": .string("s1, s2, …; keep the id of a step that stays.", pattern: "^[a-z][a-z0-9-]{0,30}$"),
                "intent": .string("What the step is for, in a sentence.", minLength: 1, maxLength: 1000),
                "action": .object(
                    [
                        "tool": tool(acting, "The tool that acts."),
                        "arguments": JSONSchema(["type": "object", "description": "The tool's arguments, complete."]),
                    ]
                ),
                "forecasts": .array(of: forecast(looking), "What will be seen after the step.", maxItems: 12),
                "reversibility": .oneOf(Step.Reversibility.allCases.map(\.rawValue)),
                "stakes": .oneOf(Stakes.allCases.map(\.rawValue)),
                "after": .array(of: .string(), "The ids of the steps that must be done before.", maxItems: 40),
            ]
        ).json
    }

    private static func forecast(_ looking: [String]) -> JSONSchema {
        .object(
            [
                "statement": .string("What will be true after the step.", minLength: 1, maxLength: 600),
                "check": .object(
                    [
                        "tool": tool(looking, "The read-only look that settles it."),
                        "arguments": JSONSchema(["type": "object", "description": "The tool's arguments, complete."]),
                        "expect": Expectation.schema,
                    ]
                ),
                "probability": .number("How likely it is, honestly.", in: 0...1),
            ]
        )
    }

    private static func tool(_ names: [String], _ about: String) -> JSONSchema {
        names.isEmpty ? .string(about, minLength: 1) : .oneOf(names, about)
    }
}

extension EvaluationDraft {
    static func schema(criteria: [String]) -> JSONSchema {
        .object(
            [
                "summary": .string("The verdict in a few sentences.", minLength: 1, maxLength: 4000),
                "objections": .array(of: Objection.schema, "The faults found; empty when there is none.", maxItems: 20),
                "scores": .array(
                    of: .object(
                        [
                            "criterion": criteria.isEmpty ? .string(minLength: 1) : .oneOf(criteria),
                            "reason": .string("Why.", maxLength: 2000),
                            "value": JSONSchema.number("0 is worst, 10 is best; null when not determined.", in: 0...10)
                                .orNull,
                        ]
                    ),
                    "One for each criterion.",
                    minItems: criteria.count,
                    maxItems: max(criteria.count, 1)
                ),
                "probability": JSONSchema.number(
                    "How likely the plan, as written, is to reach every goal; null when not determined.",
                    in: 0...1
                ).orNull,
                "dissent": Dissent.schema,
            ]
        )
    }
}
