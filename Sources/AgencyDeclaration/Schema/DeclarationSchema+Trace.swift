// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencySchema

extension DeclarationSchema {
    /// The shape of one undertaking as the policy sees it.
    public static let trace = document(
        "OpenAgency trace",
        .object(
            [
                "brief": .object(
                    [
                        "text": .string("What the person asked for, word for word."),
                        "names": .array(
                            of: .string(),
                            "Contacts, links and addresses that the person named elsewhere."
                        ),
                    ],
                    optional: ["names"]
                ),
                "plan": .object(
                    [
                        "steps": .array(of: step, "The planned calls, in order.", maxItems: 10_000),
                        "chosen": .boolean("Whether a person has chosen the plan; true unless given."),
                    ],
                    optional: ["chosen"]
                ),
                "results": .array(of: result, "What was read, in order.", maxItems: 100_000),
                "calls": .array(of: call, "The calls that were attempted, all of them, in order.", maxItems: 100_000),
                "endorsements": .array(of: endorsement, "Values that a person has allowed for this undertaking."),
                "mandates": .array(of: mandate, "What may be done without a question."),
                "answers": .array(of: answer, "What was given back to the person."),
            ],
            optional: ["results", "calls", "endorsements", "mandates", "answers"]
        ),
        definitions: ["derivation": derivation.json, "label": label.json, "guard": condition.json]
    )

    private static let path = "The way to a field: names with strokes between them, * for every element of a list."

    private static let step = JSONSchema.object(
        [
            "id": .string("Its name, unique in the plan.", minLength: 1), "tool": .string(minLength: 1),
            "arguments": mapping("Where the value of each argument comes from, by its path.", reference("derivation")),
            "after": .array(of: .string(), "The steps before it; all that are written before it unless given."),
            "under": .array(
                of: reference("guard"),
                "The conditions and loops that it stands under, the outermost first."
            ),
            "origin": .array(of: reference("derivation"), "What the step itself was taken from, where not the brief."),
            "about": .string("Anything, for people."),
        ],
        optional: ["arguments", "after", "under", "origin", "about"]
    )

    private static let condition = JSONSchema([
        "anyOf": [
            JSONSchema.object(["if": reference("derivation")], "Only if this holds.").json,
            JSONSchema.object(
                [
                    "each": reference("derivation"),
                    "at-most": .integer("The bound; a loop without one is refused.", in: 0...1_000_000),
                ],
                optional: ["at-most"],
                "Once for each element of this."
            ).json,
        ]
    ])

    private static let derivation = JSONSchema([
        "anyOf": [
            form("brief", "It stands in the brief; whether it does is looked up.", ["value": .any]),
            form(
                "model",
                "A model wrote it into the plan, having read what is named besides the brief.",
                ["value": .any, "reads": .array(of: reference("derivation"))],
                optional: ["reads"]
            ),
            form(
                "result",
                "It is copied from a field of a result; a typed hole with “as”.",
                [
                    "result": .string("The name of a result, or of the step or call that it answers.", minLength: 1),
                    "field": .string(path), "as": shape,
                ],
                optional: ["field", "as"]
            ),
            form(
                "extract",
                "A model reads what is named when the call is made; a typed hole with “as”.",
                ["of": .array(of: reference("derivation")), "as": shape],
                optional: ["as"]
            ),
            form("parts", "It is put together from parts.", ["of": .array(of: reference("derivation"), minItems: 1)]),
        ]
    ])

    private static func form(
        _ word: String,
        _ about: String,
        _ members: KeyValuePairs<String, JSONSchema>,
        optional: Set<String> = []
    ) -> JSONValue {
        var properties: JSONObject = ["from": ["const": .string(word)]]
        for member in members { properties[member.key] = member.value.json }
        let required = ["from"] + members.map(\.key).filter { !optional.contains($0) }
        return [
            "type": "object", "description": .string(about), "properties": .object(properties),
            "required": .array(required.map { .string($0) }), "additionalProperties": false,
        ]
    }

    private static let shape = JSONSchema([
        "type": "object",
        "description":
            "A JSON Schema. A boolean, a number within bounds, a date, or one of a list can carry no order.",
    ])

    static let label = JSONSchema.object(
        [
            "writers": .array(of: .string(), "Who could have written it: person, tool, model, anyone, or names."),
            "readers": JSONSchema([
                "anyOf": [["const": "anyone"], ["type": "array", "items": ["type": "string"]]],
                "description": "Who may read it: anyone, or a list, in which “person” is who asks; [] is nobody.",
            ]),
            "closed": .boolean(),
        ],
        optional: ["writers", "readers", "closed"],
        "What is known of a value; what is not told is the most dangerous: writers [anyone], readers [person]."
    )

    private static let result = JSONSchema.object(
        [
            "id": .string("Its name, unique in the trace.", minLength: 1),
            "call": .string("The call that it answers."), "step": .string("The step that it answers."),
            "tool": .string("The tool that showed it, where neither is told."), "value": .any,
            "labels": mapping(
                "What is known of its fields besides what the manifest says, by path.",
                reference("label")
            ),
        ],
        optional: ["call", "step", "tool", "value", "labels"],
        "What a tool showed. Without call and step it was there before the plan."
    )

    private static let call = JSONSchema.object(
        [
            "id": .string("Its name, unique in the trace.", minLength: 1),
            "step": .string("The step that it is said to carry out; looked for unless given."),
            "tool": .string(minLength: 1),
            "arguments": JSONSchema(["type": "object", "description": "Complete, as they would be sent."]),
            "at": instant,
        ],
        optional: ["step", "at"]
    )

    private static let instant = JSONSchema.string(
        "A time in UTC: 2026-11-21T09:00:00Z.",
        pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"
    )

    private static let endorsement = JSONSchema.object(
        [
            "step": .string("The step; any that uses the value so, unless given."), "argument": .string(path),
            "value": .any,
        ],
        optional: ["step"]
    )

    private static let answer = JSONSchema.object(
        ["id": .string(minLength: 1), "of": .array(of: reference("derivation"), "What it was made from.")],
        optional: ["of"],
        "What was given back to the person; without “of” it was made from everything that was read."
    )

    static let mandate = JSONSchema.object(
        [
            "id": .string(minLength: 1),
            "classes": .array(of: .oneOf(EffectClass.allCases.map(\.rawValue)), "The classes of effects."),
            "authority": mapping(
                "What arguments may be, by what they decide: recipient, object, amount, code, undeclared.",
                .object(["one-of": .array(of: .any), "at-most": .number()], optional: ["one-of", "at-most"])
            ),
            "writers": .array(of: .string(), "Who may have written them; person, tool and model unless given."),
            "total": .number("The most that all calls under it amount to together."),
            "calls": .integer("The most calls under it.", in: 0...1_000_000), "until": instant,
        ],
        optional: ["authority", "writers", "total", "calls", "until"]
    )

    static func mapping(_ about: String, _ element: JSONSchema) -> JSONSchema {
        JSONSchema(["type": "object", "description": .string(about), "additionalProperties": element.json])
    }
}
