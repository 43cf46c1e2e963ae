// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencySchema

extension DeclarationSchema {
    /// The shape of what was decided about rules and findings.
    public static let baseline = document(
        "OpenAgency baseline",
        .object(
            [
                "severities": JSONSchema([
                    "type": "object", "description": "The rules that weigh otherwise, by their numbers.",
                    "propertyNames": JSONSchema.oneOf(Rule.all.map(\.id)).json, "additionalProperties": setting.json,
                ]),
                "accepted": .array(of: acceptance, "The findings that are known and accepted."),
            ],
            optional: ["severities", "accepted"],
            "Severities of rules, and findings that are known and accepted."
        )
    )

    static let setting = JSONSchema.object([
        "severity": .oneOf(Severity.allCases.map(\.rawValue), "What findings of the rule do."), "reason": reason,
    ])

    static let acceptance = JSONSchema.object([
        "rule": .oneOf(Rule.all.filter { !$0.isFirm && $0.matter != .plans }.map(\.id), "The number of the rule."),
        "fingerprint": .string("The fingerprint of the finding, as agency check --json shows it.", minLength: 1),
        "reason": reason,
    ])

    private static let reason = JSONSchema.string("Why, for whoever reads it in a year.", pattern: "[^\\s]")
}
