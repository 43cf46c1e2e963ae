// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension DeclarationSchema {
    static let redFlags = JSONSchema.object(
        ["bytes": .integer("The most bytes that an answer may have.", in: Limits.flagBytes)],
        optional: ["bytes"],
        "What discards an answer before it counts, besides not fitting its schema."
    )

    static let vote = JSONSchema.object(
        [
            "ahead-by": .integer("An answer wins when it is so many votes ahead of every other.", in: Limits.lead),
            "majority": .integer("An answer wins with more than half of so many votes.", in: Limits.majority),
            "verify": name("An answer wins when this role of kind verify accepts it."),
            "at-most": .integer(
                "The most samples, discarded ones included. Usually 5 for each vote ahead, all of a majority, 5 to verify.",
                in: Limits.samples
            ),
            "flags": redFlags,
            "same-when": .array(
                of: .string("The way to a part, such as /move.", pattern: "^(/.*)?$"),
                "The parts of an output that must be equal for two answers to be the same. Usually the whole output.",
                maxItems: Limits.sameWhen.upperBound
            ),
        ],
        optional: ["ahead-by", "majority", "verify", "at-most", "flags", "same-when"],
        "Each episode is sampled several times and the answers are counted; one of ahead-by, majority and verify."
    )
}
