// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencySchema

extension DeclarationSchema {
    /// The shape of the head of a brief.
    public static let brief = document(
        "OpenAgency brief",
        .object(
            [
                "brief": name("What the brief is called."),
                "title": .string("What is asked for, in a line.", minLength: 1),
                "stakes": .oneOf(
                    Stakes.allCases.map(\.rawValue),
                    "What a mistake costs: minutes (low), hours (moderate), or days, money or trust (high). Usually moderate."
                ),
                "goals": .array(of: reference("goal"), "What is wanted, as a tree.", minItems: 1),
                "constraints": .array(of: .string(minLength: 1), "What must hold whatever is done."),
                "resources": budget,
                "state": JSONSchema(["description": "Where a long work begins: what its first episode is given."]),
                "mandates": .array(of: mandate, "What may be done without a question while the plan is carried out."),
                "questions": questionList,
            ],
            optional: ["stakes", "constraints", "resources", "state", "mandates", "questions"],
            "What a person asks for."
        ),
        definitions: ["goal": goal.json]
    )

    static let goal = JSONSchema.object(
        [
            "id": name("The goal's name, unique in the tree."),
            "want": .string("The desired state, in a sentence.", minLength: 1),
            "check": check,
            "goals": .array(of: reference("goal"), "The goals that it consists of."),
        ],
        optional: ["check", "goals"],
        "A desired state, and how to tell whether it is reached."
    )

    static let check = JSONSchema.object(
        [
            "tool": .string("The tool that looks, such as sqlite.query.", minLength: 1),
            "arguments": JSONSchema(["type": "object", "description": "The tool's arguments."]),
            "expect": one(
                "What the look shows when the statement is true.",
                [
                    "exit-status": .integer("The program ended with this status."),
                    "equals": JSONSchema([
                        "type": ["string", "number", "boolean"],
                        "description": "The output is this, without white space.",
                    ]),
                    "contains": .string("The output has this in it."),
                    "at-least": .number("The output is a number no smaller than this."),
                    "at-most": .number("The output is a number no larger than this."),
                ]
            ),
        ],
        optional: ["arguments"],
        "A look that changes nothing, and what it should show."
    )
}
