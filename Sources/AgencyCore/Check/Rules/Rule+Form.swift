// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
    static let form = [
        unreadable, badName, duplicate, unknownReference, missingPart, misplacedPart, outOfLimits, wrongValue,
        unusedRole,
    ]

    /// The declaration cannot be read as one.
    public static let unreadable = Rule(
        "OA001",
        "unreadable",
        .error,
        .form,
        "The declaration cannot be read.",
        because:
            "What is only half understood cannot be checked. Unknown names and wrong types are refused, not guessed at."
    )
    /// A name is none.
    public static let badName = Rule(
        "OA002",
        "bad-name",
        .error,
        .form,
        "A name has a form that names cannot have.",
        because: "Names become parts of identifiers on the ledger and of file names."
    )
    /// The same thing twice.
    public static let duplicate = Rule(
        "OA003",
        "duplicate",
        .error,
        .form,
        "The same thing is there twice.",
        because: "Nobody can tell which of the two is meant, or the second does nothing."
    )
    /// A name leads nowhere.
    public static let unknownReference = Rule(
        "OA004",
        "unknown-reference",
        .error,
        .form,
        "A name leads to nothing that is declared.",
        because: "A role, profile or tool that does not exist would be found missing only in the middle of a run."
    )
    /// Something that is needed is not there.
    public static let missingPart = Rule(
        "OA005",
        "missing-part",
        .error,
        .form,
        "A part is missing that is needed.",
        because: "An episode is given what its role declares and nothing else, so what is missing stays missing."
    )
    /// Something is where it does nothing.
    public static let misplacedPart = Rule(
        "OA006",
        "misplaced-part",
        .error,
        .form,
        "A part is where it has no meaning.",
        because: "It would be ignored without a word, and its author believes that it does something."
    )
    /// There is too much of something.
    public static let outOfLimits = Rule(
        "OA007",
        "out-of-limits",
        .error,
        .form,
        "There is more or less of something than is accepted.",
        because: "What no person can oversee is better split."
    )
    /// A value cannot be what it is there for.
    public static let wrongValue = Rule(
        "OA008",
        "wrong-value",
        .error,
        .form,
        "A value cannot be used for what it is there for.",
        because: "It would fail in the middle of a run."
    )
    /// A role does nothing.
    public static let unusedRole = Rule(
        "OA009",
        "unused-role",
        .error,
        .form,
        "A role is never used.",
        because: "Whoever reads the declaration believes that a duty is done which nobody does."
    )
}
