// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
    static let combinations = [readsAndSends, untrustedPlan, uncontainedReader, freeTextState, sharedProgram]

    /// One role reads untrusted text, reads private content, and can send out.
    public static let readsAndSends = Rule(
        "OA040",
        "reads-and-sends",
        .error,
        .combinations,
        "One role reads untrusted text and private content, and has a tool that reaches outside.",
        because: "A text that somebody planted can have the role send what it read to whoever planted it."
    )
    /// Untrusted text flows into a plan that nobody evaluates.
    public static let untrustedPlan = Rule(
        "OA041",
        "untrusted-plan",
        .warning,
        .combinations,
        "Untrusted text flows into a role that chooses steps, and nobody evaluates the plan before it is enacted.",
        because: "A planted text can put a step into the plan, and the person who chooses is the only one to notice."
    )
    /// A program outside of the sandbox reads untrusted text.
    public static let uncontainedReader = Rule(
        "OA042",
        "uncontained-reader",
        .warning,
        .combinations,
        "A program that performs outside the sandbox is given untrusted text.",
        because: "A program can do whatever its user may; what it makes of planted text is contained by nothing."
    )
    /// A long work carries free text from one episode to the next.
    public static let freeTextState = Rule(
        "OA043",
        "free-text-state",
        .warning,
        .combinations,
        "The state that episodes of a long work hand on can carry free text.",
        because:
            "What one episode writes the next one reads, and nobody in between: an unwatched loop from writing to reading."
    )
    /// Two roles are performed by one program that stays.
    public static let sharedProgram = Rule(
        "OA044",
        "shared-program",
        .warning,
        .combinations,
        "Several roles are performed by one program that stays from episode to episode.",
        because:
            "What it remembers of one role can reach the other, beside everything that roles declare to read and with "
            + "nothing of it on the record."
    )
}
