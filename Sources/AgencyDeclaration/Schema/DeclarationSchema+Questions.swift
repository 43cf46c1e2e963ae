// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
public import AgencySchema

extension DeclarationSchema {
    /// The shape of a file of questions.
    public static let questions = document(
        "OpenAgency questions",
        .object(["questions": questionList], "Fixed questions that a role is asked to see how it answers.")
    )

    static let questionList = JSONSchema.array(
        of: question,
        "What a probed role is asked, each by itself.",
        minItems: Limits.questionsOfProbe.lowerBound,
        maxItems: Limits.questionsOfProbe.upperBound
    )

    static let question = JSONSchema.object(
        [
            "id": name("The name of the question."),
            "text": .string("What is asked.", minLength: 1),
            "choices": .array(
                of: .string(minLength: 1),
                "The answers to choose from. Usually any text can be one.",
                minItems: Limits.choices.lowerBound,
                maxItems: Limits.choices.upperBound
            ),
            "right": .string("The right answer, where it is known; the role never sees it.", minLength: 1),
        ],
        optional: ["choices", "right"],
        "A question that is put to a role by itself."
    )
}
