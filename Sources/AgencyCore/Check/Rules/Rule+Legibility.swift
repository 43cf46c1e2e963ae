// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
    static let legibility = [choiceWithoutExplanation, shapelessState, blindExplanation, unseenRevision]
    static let performers = [keyWrittenDown, keyUnencrypted, promptsUnencrypted]
    static let settings = [firmRule, staleAcceptance]

    /// A person chooses without an account of the options.
    public static let choiceWithoutExplanation = Rule(
        "OA070",
        "choice-without-explanation",
        .warning,
        .legibility,
        "A person can come to choose without an explanation of the options.",
        because: "Who has to read every plan and evaluation in full soon reads none."
    )
    /// A long work whose state has no schema.
    public static let shapelessState = Rule(
        "OA071",
        "shapeless-state",
        .warning,
        .legibility,
        "The output of a role has no schema: the state of a long work may be anything.",
        because: "What has no shape can be neither checked nor compared, and hides what it likes."
    )
    /// An explainer that does not see the evaluations.
    public static let blindExplanation = Rule(
        "OA072",
        "blind-explanation",
        .warning,
        .legibility,
        "The explanation is written without the evaluations.",
        because: "Objections and disagreement would be missing from the account that the person decides from."
    )
    /// An explainer that does not see what a revision changed.
    public static let unseenRevision = Rule(
        "OA073",
        "unseen-revision",
        .warning,
        .legibility,
        "Plans are revised, and the explanation is written without their changes.",
        because: "The person is asked again and cannot see what is new in the question."
    )

    /// A key stands in a file.
    public static let keyWrittenDown = Rule(
        "OA080",
        "key-written-down",
        .error,
        .performers,
        "A key is written down.",
        because: "Files are copied, shared and committed; a key in one belongs to everybody who has it."
    )
    /// A key would travel in the clear.
    public static let keyUnencrypted = Rule(
        "OA081",
        "key-unencrypted",
        .error,
        .performers,
        "A key would be sent unencrypted.",
        because: "Everybody on the way could read and use it."
    )
    /// Prompts travel in the clear.
    public static let promptsUnencrypted = Rule(
        "OA082",
        "prompts-unencrypted",
        .warning,
        .performers,
        "Prompts and answers travel unencrypted to another machine.",
        because: "Everybody on the way can read the work, and change the answers."
    )

    /// A rule is to be relaxed that cannot be.
    public static let firmRule = Rule(
        "OA090",
        "firm-rule",
        .error,
        .settings,
        "A setting relaxes a rule that nobody can relax.",
        because: "What these rules refuse could not be run, or must not be."
    )
    /// A finding is accepted that is not there.
    public static let staleAcceptance = Rule(
        "OA091",
        "stale-acceptance",
        .warning,
        .settings,
        "A finding is accepted that is not found.",
        because: "An acceptance that nobody needs any more would cover the same fault when it comes back."
    )
}
