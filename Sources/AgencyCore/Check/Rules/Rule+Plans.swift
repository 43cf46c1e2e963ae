// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
    static let plans = [irreversibleFirst, falseReversibility, unforeseenStep]

    /// A step that cannot be undone comes before one that could have come first.
    public static let irreversibleFirst = Rule(
        "OA100",
        "irreversible-first",
        .warning,
        .plans,
        "A step that nothing undoes comes before steps that need not wait for it.",
        because:
            "Whatever the later steps show comes too late to stop it. Put last, it happens only when all else went well."
    )
    /// A step is called reversible and is not.
    public static let falseReversibility = Rule(
        "OA101",
        "false-reversibility",
        .warning,
        .plans,
        "A step is called reversible, and no checkpoint undoes what its tool does.",
        because: "Whoever chooses believes that there is a way back."
    )
    /// A step that matters has no forecast.
    public static let unforeseenStep = Rule(
        "OA102",
        "unforeseen-step",
        .warning,
        .plans,
        "A step with much at stake, or that nothing undoes, has no forecast.",
        because: "Nothing that is seen after it can be a surprise, so nothing halts the plan."
    )
}
