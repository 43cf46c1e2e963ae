// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
    static let bounds = [noBound, beyondBrief, undecidableVote, noRoomForRepairs, unknownPrice]

    /// A loop, a fan-out or a budget has no bound that is accepted.
    public static let noBound = Rule(
        "OA030",
        "no-bound",
        .error,
        .bounds,
        "A loop, a fan-out or a budget has no bound within what is accepted.",
        because: "The worst case of a run is computed before its first token; without bounds there is none."
    )
    /// The worst case is beyond the brief.
    public static let beyondBrief = Rule(
        "OA031",
        "beyond-brief",
        .warning,
        .bounds,
        "The worst case is more than the brief allows.",
        because: "The run would be stopped where the brief's limit is reached, perhaps shortly before its end."
    )
    /// A vote that can never be decided.
    public static let undecidableVote = Rule(
        "OA032",
        "undecidable-vote",
        .error,
        .bounds,
        "A vote has fewer samples than any decision needs.",
        because: "Every episode of the role would end undecided, after all of its samples are paid for."
    )
    /// Repairs that no call is left for.
    public static let noRoomForRepairs = Rule(
        "OA033",
        "no-room-for-repairs",
        .error,
        .bounds,
        "A role may repair its output more often than its calls allow.",
        because: "The retry that is declared can never happen."
    )
    /// A model whose price nobody knows.
    public static let unknownPrice = Rule(
        "OA034",
        "unknown-price",
        .warning,
        .bounds,
        "A model that is reached over the network has no prices, and its role no limit of money.",
        because: "Its share of the worst case is counted as nothing, which it is not."
    )
}
