// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencySchema

extension DeclarationSchema {
    /// The shape of a policy.
    public static let policy = document(
        "OpenAgency policy",
        .object(
            [
                "name": .string(minLength: 1),
                "version": .integer("Raised with every change.", in: 1...1_000_000),
                "trusted": .array(of: .string(), "Whose writing is trusted; person, tool and model unless given."),
                "decisions": JSONSchema([
                    "type": "object", "description": "What is decided otherwise than usual, by the name of the rule.",
                    "propertyNames": JSONSchema.oneOf(PolicyRule.allCases.filter(\.isOpen).map(\.rawValue)).json,
                    "additionalProperties": JSONSchema.oneOf(["allowed", "asks", "refused"]).json,
                ]),
            ],
            optional: ["trusted", "decisions"]
        )
    )

    /// The shape of the manifests of tools.
    ///
    /// It is generous: a word that is not known, and whatever is not said, counts as the most dangerous.
    public static let tools = document(
        "OpenAgency tools",
        JSONSchema([
            "type": "array", "description": "What each tool declares of itself.", "maxItems": 10_000,
            "items": manifest,
        ])
    )

    private static let manifest: JSONValue = [
        "type": "object", "required": ["name"],
        "properties": [
            "name": JSONSchema.string("Its name.", minLength: 1, maxLength: 200).json,
            "about": JSONSchema.string("What it does, in a sentence.").json,
            "parameters": ["type": "object", "description": "The JSON Schema of its arguments."],
            "effect": word("read: looks only; run: runs what it is given; write: changes something. Else write."),
            "repeatability": [
                "type": "object", "required": ["class"],
                "description": "What can be done when nobody knows whether a call happened; without it: blind.",
                "properties": [
                    "class": word("pure, transactional, keyed, probeable or blind. Else blind."),
                    "retention": JSONSchema.number("For how many seconds the target knows a key again.").json,
                    "probe": JSONSchema.boolean("Whether it can tell whether one effect has happened.").json,
                    "settling": JSONSchema.number("Seconds that an effect may take to show itself.").json,
                ],
            ],
            "reach": word(
                "local: what it is given stays here; leaves: it does not, as the address of a page. Else leaves."
            ),
            "destructive": JSONSchema.boolean("Whether it removes or overwrites what nothing brings back.").json,
            "pays": JSONSchema.boolean("Whether it moves money or obliges somebody to.").json,
            "arguments": mapping(
                "What each argument decides, by its path.",
                JSONSchema(
                    word(
                        "recipient: who is reached; object: what is changed; amount: how much; code: what is run; "
                            + "none: it is content. Else all of them."
                    )
                )
            ).json,
            "place": JSONSchema.string("The place that it reads or writes. Else it may be any.").json,
            "results": mapping("What is known of each field of what it shows, by its path.", field).json,
        ],
    ]

    private static let field = JSONSchema([
        "type": "object",
        "properties": [
            "writers": JSONSchema.array(of: .string(), "Who could have written it. Else anyone.").json,
            "readers": label.json["properties"]?["readers"] ?? true,
            "repeats": JSONSchema.array(of: .string(), "The arguments that it may repeat. Else all.").json,
        ],
    ])

    private static func word(_ about: String) -> JSONValue { JSONSchema.string(about).json }
}
