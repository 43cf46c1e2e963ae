// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Rule {
    static let duties = [
        wrongDuty, selfVerification, judgesSeeEachOther, ownJudge, relatedJudge, nobodyEvaluates, identicalJudges,
        echoingVotes, strangeInput, judgedJudge,
    ]

    /// A role does the duty of another kind.
    public static let wrongDuty = Rule(
        "OA020",
        "wrong-duty",
        .error,
        .duties,
        "A role is given a duty of another kind.",
        because: "Who proposes does not evaluate, choose or enact the same thing."
    )
    /// A role verifies itself.
    public static let selfVerification = Rule(
        "OA021",
        "self-verification",
        .error,
        .duties,
        "A role verifies its own answers.",
        because: "What slipped past the author slips past the author again."
    )
    /// A judge sees what others judged.
    public static let judgesSeeEachOther = Rule(
        "OA022",
        "judges-see-each-other",
        .error,
        .duties,
        "An evaluating role reads what others have judged.",
        because: "Evaluations are pooled as independent ones. Judges who see each other agree with the first."
    )
    /// All judges are the author's own performer.
    public static let ownJudge = Rule(
        "OA023",
        "own-judge",
        .warning,
        .duties,
        "Everybody who judges a role's work is the performer who did it.",
        because: "A performer finds its own mistakes plausible: they come from the same weights."
    )
    /// A judge is of the author's family.
    public static let relatedJudge = Rule(
        "OA024",
        "related-judge",
        .warning,
        .duties,
        "A judge is a model of the same family as the author that it judges.",
        because:
            "Models of one family share training and so share mistakes; their agreement counts for less than it seems."
    )
    /// A plan is enacted that nobody evaluated.
    public static let nobodyEvaluates = Rule(
        "OA025",
        "nobody-evaluates",
        .warning,
        .duties,
        "A plan can reach enactment that nobody has evaluated.",
        because: "The person who chooses has nothing but the author's word."
    )
    /// Two judges are one.
    public static let identicalJudges = Rule(
        "OA026",
        "identical-judges",
        .warning,
        .duties,
        "Two evaluating roles are the same in all but their names.",
        because: "The second adds cost and the look of agreement, and no second opinion."
    )
    /// Votes of a performer that always says the same.
    public static let echoingVotes = Rule(
        "OA027",
        "echoing-votes",
        .warning,
        .duties,
        "A vote is held among samples of a performer at temperature 0.",
        because: "Samples that are meant to be the same are one opinion, however often it is counted."
    )
    /// A role reads what is not for its kind.
    public static let strangeInput = Rule(
        "OA028",
        "strange-input",
        .error,
        .duties,
        "A role reads an input that roles of its kind cannot have.",
        because: "What a role reads is what it can be swayed by; authors do not read their judges."
    )
    /// The author's performer decides which judgement of it stands.
    public static let judgedJudge = Rule(
        "OA029",
        "judged-judge",
        .warning,
        .duties,
        "A judge's answers are accepted or rejected by the performer of the author whom it judges.",
        because: "Whoever decides which judgement of their work stands, judges their work."
    )
}
