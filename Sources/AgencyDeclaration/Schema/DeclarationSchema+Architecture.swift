// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencySchema

extension DeclarationSchema {
    /// The shape of an architecture file.
    public static let architecture = document(
        "OpenAgency architecture",
        .object(
            [
                "architecture": name("What the architecture is called."),
                "about": .string("What it is for, in a sentence."),
                "roles": named("The roles, by name.", role, count: Limits.roles),
                "flow": .array(of: stage, "The stages, in order.", minItems: 1, maxItems: 8),
            ],
            optional: ["about"],
            "A declared set of roles and the flow between them."
        )
    )

    static func name(_ about: String) -> JSONSchema {
        .string(about, minLength: 1, maxLength: Spelling.longestName, pattern: Spelling.namePattern)
    }

    static let budget = JSONSchema.object(
        [
            "tokens": .integer("Tokens in both directions.", in: Limits.tokens),
            "calls": .integer("Requests to the performer.", in: Limits.calls),
            "seconds": .number("Seconds of wall time.", in: Limits.seconds),
            "money": .number(
                "Dollars.",
                in: Double(Limits.dollars.lowerBound)...Double(Limits.dollars.upperBound)
            ),
        ],
        optional: ["tokens", "calls", "seconds", "money"],
        "The most that may be consumed."
    )

    static let role = JSONSchema.object(
        [
            "kind": .oneOf(Role.Kind.allCases.map(\.rawValue), "What sort of work the role does."),
            "performer": name("The profile of who performs it; a role of kind enact has none."),
            "instructions": .string("What it is told to do."),
            "narratives": .array(
                of: .string("What sets the scene."),
                "Settings of the scene, one for each parallel episode in turn; diversity comes from here.",
                maxItems: Limits.narratives.upperBound
            ),
            "reads": .array(
                of: .oneOf(Role.Input.allCases.map(\.rawValue)),
                "The only inputs that its episodes receive."
            ),
            "tools": .array(of: .string("A tool that only looks."), "Tools that its episodes may call."),
            "budget": budget,
            "criteria": .array(
                of: .string(minLength: 1),
                "For evaluating roles: what each score is about.",
                maxItems: Limits.criteria.upperBound
            ),
            "sketch": .string("A partial result that each episode completes."),
            "repairs": .integer("How often an output that does not fit is sent back. Usually 2.", in: Limits.repairs),
            "vote": vote,
            "state": JSONSchema([
                "type": "object", "description": "For advancing roles: the shape of the state, as a JSON Schema.",
            ]),
            "holes": .boolean("For roles that make plans: whether steps may have holes that what is read later fills."),
        ],
        optional: [
            "performer", "instructions", "narratives", "reads", "tools", "budget", "criteria", "sketch", "repairs",
            "vote", "state", "holes",
        ],
        "A named function: what it is for, what it may read, and within which limits."
    )

    static let stage = one(
        "A stage of the flow.",
        [
            "propose": .object(
                ["role": roleName("propose"), "count": .integer("Proposals. Usually 1.", in: Limits.proposals)],
                optional: ["count"],
                "Independent episodes, each producing a proposal."
            ),
            "critique": .object(
                ["role": roleName("critique"), "rounds": .integer("Rounds. Usually 1.", in: Limits.rounds)],
                optional: ["rounds"],
                "A critic reads each proposal and its proposer mends it."
            ),
            "evaluate": .object(
                [
                    "roles": .array(
                        of: roleName("evaluate or red-team"),
                        minItems: Limits.evaluators.lowerBound,
                        maxItems: Limits.evaluators.upperBound
                    ),
                    "independent": only(true, "Evaluators never see one another's evaluations."),
                ],
                optional: ["independent"],
                "Each role evaluates each proposal."
            ),
            "explain": .object(["role": roleName("explain")], "One episode explains the options."),
            "iterate": .object(
                ["role": roleName("advance"), "at-most": .integer("Episodes.", in: Limits.iterations)],
                "One small episode after another, each from the state that the one before has reached."
            ),
            "choose": .object(
                [
                    "by": only("person", "People make the choices."),
                    "persons": .integer(
                        "How many persons have to choose the same, each at a desk of their own. Usually 1.",
                        in: Limits.persons
                    ),
                    "within": .string(
                        "How long there is to choose once it is asked for: 8h, 3d. Where nobody has by then, nothing is done. "
                            + "Usually there is no end.",
                        pattern: Durations.pattern
                    ),
                    "expires": .string(
                        "When the choice lapses: 30m, 24h, 7d. Usually 24h.",
                        pattern: Durations.pattern
                    ),
                    "returns": .integer("How often work may be sent back in all. Usually 2.", in: Limits.returns),
                    "mandate": choiceMandate,
                ],
                optional: ["persons", "within", "expires", "returns", "mandate"],
                "A person chooses, or several that agree."
            ),
            "enact": .object(
                [
                    "role": roleName("enact"),
                    "checkpoint": only("every-step", "Every step can be gone back to."),
                    "halt-on": only("surprise", "A surprise halts enactment."),
                    "surprise": .number("How improbable a surprise is. Usually 0.8.", in: Limits.surprise),
                    "false-alarms": .number(
                        "How likely the test of all forecasts of a plan may halt it without cause. Usually there is none.",
                        in: Limits.falseAlarms
                    ),
                ],
                optional: ["checkpoint", "halt-on", "surprise", "false-alarms"],
                "The chosen plan is carried out step by step."
            ),
            "update": .object(
                ["role": roleName("update"), "at-most": .integer("Revisions. Usually 1.", in: Limits.updates)],
                optional: ["at-most"],
                "After a halt, a role revises the plan."
            ),
            "probe": .object(
                [
                    "role": name("A role of any kind but enact."),
                    "times": .integer("How often each question is put. Usually 3.", in: Limits.timesOfProbe),
                ],
                optional: ["times"],
                "Each question of the brief is put to a role by itself; a flow of its own."
            ),
        ]
    )

    private static func roleName(_ kind: String) -> JSONSchema { name("A role of kind \(kind).") }

    private static func only(_ value: JSONValue, _ about: String) -> JSONSchema {
        JSONSchema(["const": value, "description": .string(about)])
    }

    /// When choices may be made by rule.
    private static var choiceMandate: JSONSchema {
        .object(
            [
                "success": .number(
                    "The rate of success that the cases have to be shown to surpass.",
                    in: Limits.mandateSuccess
                ),
                "cases": .integer("The fewest settled cases. Usually 20.", in: Limits.mandateCases),
                "false-grants": .number(
                    "The chance that this is ever found where it is not so. Usually 0.05.",
                    in: Limits.falseAlarms
                ),
                "stakes": .oneOf(
                    ["low", "moderate"],
                    "The highest stakes, of the brief and of every step. Usually low."
                ),
                "at-least": .number(
                    "The least probability of what the rule takes. Usually 0.8.",
                    in: Limits.mandateLeast
                ),
            ],
            optional: ["cases", "false-grants", "stakes", "at-least"],
            "When the choice may be made by rule, if a person grants it."
        )
    }
}
