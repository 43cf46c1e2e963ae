// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
    static let reversal = [lastingEffects, unsettledGoal, missingState, nothingScored, neverSurprised]
    static let selection = [searchAgainstJudge]

    /// Effects that nothing undoes, behind one choice for the whole plan.
    public static let lastingEffects = Rule(
        "OA050",
        "lasting-effects",
        .warning,
        .reversibility,
        "Steps may use tools whose effects no checkpoint undoes, behind one choice for the whole plan.",
        because: "An irreversible step deserves a choice of its own, made after the steps before it were observed."
    )
    /// A goal that nothing settles.
    public static let unsettledGoal = Rule(
        "OA051",
        "unsettled-goal",
        .error,
        .reversibility,
        "Nothing tells whether a goal is reached.",
        because: "The run could end and nobody would know how."
    )
    /// A goal about a state that the work does not have.
    public static let missingState = Rule(
        "OA052",
        "missing-state",
        .error,
        .reversibility,
        "A goal is settled on the state of a long work, and the flow has none.",
        because: "The check can never tell, so the goal is never reached."
    )
    /// An evaluating role that scores nothing.
    public static let nothingScored = Rule(
        "OA053",
        "nothing-scored",
        .error,
        .reversibility,
        "A role of kind evaluate has no criteria.",
        because: "A judgement without what it is about cannot be compared with another, and cannot be wrong."
    )
    /// Enactment that no surprise halts.
    public static let neverSurprised = Rule(
        "OA054",
        "never-surprised",
        .warning,
        .reversibility,
        "Enactment halts only where a forecast fails that was given as certain.",
        because: "Forecasts of 0.99 fail without a halt, and the next step builds on what they were wrong about."
    )

    /// Many tries against one judge.
    public static let searchAgainstJudge = Rule(
        "OA060",
        "search-against-judge",
        .warning,
        .selection,
        "An answer is sought by many tries against one verifier.",
        because: "Each further try is another chance for a wrong answer that the verifier happens to accept: what is "
            + "selected for is passing, not being right."
    )
}
