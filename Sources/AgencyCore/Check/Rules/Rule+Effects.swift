// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
    static let effects = [
        flowOrder, effectWithoutChoice, actingEpisode, reachingEpisode, undeclaredEffects, actingCheck,
    ]

    /// Stages are missing, doubled or out of order.
    public static let flowOrder = Rule(
        "OA010",
        "flow-order",
        .error,
        .effects,
        "The stages of the flow do not follow one another.",
        because: "Each stage works on what those before it have made."
    )
    /// An effect that no choice dominates.
    public static let effectWithoutChoice = Rule(
        "OA011",
        "effect-without-choice",
        .error,
        .effects,
        "An effect can be reached without a choice.",
        because:
            "Only what a person has chosen may be carried out. Every path to enactment, from the beginning and from each "
            + "episode that can change the plan, has to lead through a choice."
    )
    /// An episode has a tool that acts.
    public static let actingEpisode = Rule(
        "OA012",
        "acting-episode",
        .error,
        .effects,
        "An episode has a tool that acts.",
        because: "Episodes produce records and never effects; only enactment acts, on a step that was chosen."
    )
    /// An episode has a tool that looks and reaches outside.
    public static let reachingEpisode = Rule(
        "OA013",
        "reaching-episode",
        .error,
        .effects,
        "An episode has a tool that is said to look only, and reaches outside the workspace.",
        because: "A request that leaves is an effect: it tells somebody something, and may change something there."
    )
    /// A tool acts and does not say of which class its effects are.
    public static let undeclaredEffects = Rule(
        "OA014",
        "undeclared-effects",
        .warning,
        .effects,
        "A tool that acts declares no class of effects.",
        because:
            "It is taken for blind, the most dangerous class: after a crash only a person can say whether it happened."
    )
    /// A goal is settled by a tool that acts.
    public static let actingCheck = Rule(
        "OA015",
        "acting-check",
        .error,
        .effects,
        "A check uses a tool that acts.",
        because: "A look that settles a statement must not change what it looks at."
    )
}
