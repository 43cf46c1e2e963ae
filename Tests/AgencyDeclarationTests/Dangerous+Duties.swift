// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension Dangerous {
    private static let critic =
        "  critic: {kind: critique, performer: other, instructions: Find faults., reads: [brief, proposal]}\n"
    private static let teller =
        "  teller: {kind: explain, performer: other, instructions: Tell., reads: [brief, proposals, evaluations, changes]}\n"
    private static let reviser =
        "  reviser: {kind: update, performer: strong, instructions: Revise., reads: [brief, actions, proposal, observations]}\n"
    private static let votes = "    budget: {tokens: 20000, calls: 8, seconds: 180}\n"

    private static let judging = "Judge., reads: [brief, proposal], criteria: [cost]}"
    /// Duties that do not stay apart, and judges that are no second opinion.
    static let duties = [
        Dangerous(
            .wrongDuty,
            "architecture:27:22",
            "a judge who criticises",
            Sound.board,
            [(critic, ""), ("{role: critic", "{role: judge")]
        ),
        Dangerous(
            .wrongDuty,
            "architecture:29:40",
            "an author who judges",
            Sound.board,
            [("[judge, breaker]", "[judge, breaker, writer]")]
        ),
        Dangerous(
            .wrongDuty,
            "architecture:29:22",
            "an author who explains",
            Sound.board,
            [(teller, ""), ("{role: teller", "{role: writer")]
        ),
        Dangerous(
            .wrongDuty,
            "architecture:32:22",
            "an author who revises",
            Sound.board,
            [(reviser, ""), ("{role: reviser", "{role: writer")]
        ),
        Dangerous(
            .wrongDuty,
            "architecture:31:22",
            "a judge who enacts",
            Sound.board,
            [("  enactor: {kind: enact}\n", ""), ("{role: enactor", "{role: judge")]
        ),
        Dangerous(
            .selfVerification,
            "architecture:11:20",
            "an author who accepts its own answers",
            Sound.board,
            [(votes, votes + "    vote: {verify: writer}\n")]
        ),
        Dangerous(
            .judgesSeeEachOther,
            "architecture:16:30",
            "a judge who reads the judges",
            Sound.board,
            [("    reads: [brief, proposal]\n    criteria", "    reads: [brief, proposal, evaluations]\n    criteria")]
        ),
        Dangerous(
            .judgesSeeEachOther,
            "architecture:22:30",
            "a red team that reads the critique",
            Sound.board,
            [
                (
                    "instructions: Break it.\n    reads: [brief, proposal]",
                    "instructions: Break it.\n    reads: [brief, proposal, critique]"
                )
            ]
        ),
        Dangerous(
            .ownJudge,
            "architecture:29:16",
            "judges who are the author",
            Sound.board,
            [
                ("evaluate\n    performer: other", "evaluate\n    performer: strong"),
                ("performer: third", "performer: strong"),
            ]
        ),
        Dangerous(
            .ownJudge,
            "architecture:3:110",
            "a verifier who is the author",
            Sound.council,
            [
                ("reads: [brief, actions]}", "reads: [brief, actions], vote: {verify: tester}}"),
                (
                    "  enactor:",
                    "  tester: {kind: verify, performer: strong, instructions: Test., reads: [brief, output]}\n  enactor:"
                ),
            ]
        ),
        Dangerous(
            .relatedJudge,
            "architecture:20:16",
            "a judge of the author's family",
            Sound.board,
            [("performer: third", "performer: cousin")],
            others: [(.settings, "error", "warning")]
        ),
        Dangerous(
            .nobodyEvaluates,
            "architecture:10:5",
            "no judges",
            Sound.council,
            [
                (
                    "  judge: {kind: evaluate, performer: other, instructions: Judge., reads: [brief, proposal], criteria: [cost]}\n",
                    ""
                ),
                ("  - evaluate: {roles: [judge]}\n", ""),
            ]
        ),
        Dangerous(
            .identicalJudges,
            "architecture:6:3",
            "a judge twice",
            Sound.council,
            [
                (
                    "  enactor:",
                    "  umpire: {kind: evaluate, performer: other, instructions: Judge., reads: [brief, proposal], criteria: [cost]}\n  enactor:"
                ),
                ("[judge]", "[judge, umpire]"),
            ]
        ),
        Dangerous(
            .echoingVotes,
            "architecture:9:5",
            "votes of a performer that never differs",
            Sound.tower,
            [("performer: strong", "performer: steady")]
        ),
        Dangerous(
            .strangeInput,
            "architecture:8:49",
            "an author who reads the judges",
            Sound.board,
            [("proposal, critique]", "proposal, critique, evaluations]")]
        ),
        Dangerous(
            .judgedJudge,
            "architecture:4:126",
            "a judge whose judgement the author can reject",
            Sound.council,
            [
                (judging, "Judge., reads: [brief, proposal], criteria: [cost], vote: {verify: tester}}"),
                (
                    "  enactor:",
                    "  tester: {kind: verify, performer: strong, instructions: Test., reads: [brief, output]}\n  enactor:"
                ),
            ]
        ),
    ]
}
