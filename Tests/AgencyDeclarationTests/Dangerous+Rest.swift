// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension Dangerous {
    private static let mail = Sound.tool("mail.send", .write, .keyed(retentionSeconds: 60))
    private static let judging = [
        (
            "  judge: {kind: evaluate, performer: other, instructions: Judge., reads: [brief, proposal], criteria: [cost]}\n",
            ""
        ),
        ("  - evaluate: {roles: [judge]}\n", ""),
    ]
    private static let check = "{tool: files.read, arguments: {path: list.txt}, expect: {contains: a}}"

    /// What has no bound, must not come together, cannot be undone, or cannot be seen.
    static let rest = [
        Dangerous(.noBound, "architecture:27:37", "no proposals", Sound.board, [("count: 2", "count: 0")]),
        Dangerous(.noBound, "architecture:28:38", "critique without end", Sound.board, [("rounds: 1", "rounds: 1000")]),
        Dangerous(
            .noBound,
            "architecture:31:51",
            "work that is sent back for ever",
            Sound.board,
            [("returns: 1", "returns: 100000")]
        ),
        Dangerous(
            .noBound,
            "architecture:33:40",
            "revisions without end",
            Sound.board,
            [("at-most: 2", "at-most: 999")]
        ),
        Dangerous(
            .noBound,
            "architecture:16:37",
            "a long work without end",
            Sound.tower,
            [("at-most: 1000", "at-most: 99999999")]
        ),
        Dangerous(
            .noBound,
            "architecture:9:34",
            "samples without end",
            Sound.tower,
            [("{ahead-by: 3}", "{ahead-by: 3, at-most: 5000}")]
        ),
        Dangerous(
            .noBound,
            "architecture:10:22",
            "a budget that is none",
            Sound.board,
            [("tokens: 20000,", "tokens: 0,")]
        ),
        Dangerous(
            .beyondBrief,
            "brief:8:21",
            "more than the brief allows",
            others: [(.brief, "tokens: 90000000", "tokens: 1000")]
        ),
        Dangerous(
            .undecidableVote,
            "architecture:9:34",
            "fewer samples than votes",
            Sound.tower,
            [("{ahead-by: 3}", "{majority: 5, at-most: 3}")]
        ),
        Dangerous(
            .noRoomForRepairs,
            "architecture:10:36",
            "repairs without calls",
            Sound.board,
            [("calls: 8", "calls: 2")]
        ),
        Dangerous(
            .unknownPrice,
            "profiles:7:3",
            "a model without a price",
            others: [(.profiles, "key-variable: OTHER_KEY, prices: {input: 1, output: 5}", "key-variable: OTHER_KEY")]
        ),
        Dangerous(
            .readsAndSends,
            "architecture:9:25",
            "an author who reads and sends",
            Sound.board,
            [("[files.read]", "[files.read, web.fetch]")]
        ),
        Dangerous(
            .readsAndSends,
            "architecture:11:108",
            "a critic who sends what the author read",
            Sound.board,
            [("Find faults., reads: [brief, proposal]}", "Find faults., reads: [brief, proposal], tools: [web.fetch]}")]
        ),
        Dangerous(
            .untrustedPlan,
            "architecture:10:5",
            "what files say becomes the plan",
            Sound.council,
            judging + [("reads: [brief, actions]}", "reads: [brief, actions], tools: [files.read]}")]
        ),
        Dangerous(
            .untrustedPlan,
            "architecture:10:5",
            "what files are called becomes the plan",
            Sound.council,
            judging + [("reads: [brief, actions]}", "reads: [brief, actions, workspace.tree]}")]
        ),
        Dangerous(
            .uncontainedReader,
            "architecture:20:16",
            "a program that reads what the author read",
            Sound.board,
            [("performer: third", "performer: script")]
        ),
        Dangerous(
            .freeTextState,
            "architecture:10:5",
            "a state that can hold a letter",
            Sound.tower,
            [("tag: {type: string, maxLength: 8}", "tag: {type: string}")]
        ),
        Dangerous(
            .freeTextState,
            "architecture:10:5",
            "a state with names that anybody makes up",
            Sound.tower,
            [("      additionalProperties: false\n", "")]
        ),
        Dangerous(
            .sharedProgram,
            "profiles:11:3",
            "an author and an explainer that are one program",
            Sound.council,
            [("performer: strong", "performer: script"), ("explain, performer: other", "explain, performer: script")],
            others: [(.profiles, "[python3, role.py]", "[python3, role.py], lifetime: resident")]
        ),
        Dangerous(
            .lastingEffects,
            "architecture:12:5",
            "letters that nobody can take back",
            Sound.council,
            tools: [mail]
        ),
        Dangerous(
            .unsettledGoal,
            "brief:5:5",
            "a goal that nothing settles",
            others: [(.brief, "    check: " + check + "\n", "")]
        ),
        Dangerous(
            .missingState,
            "brief:8:19",
            "a goal on a state that there is not",
            others: [
                (.brief, check, "{tool: state, arguments: {}, expect: {contains: a}}"),
                (.brief, "title:", "state: {a: 1}\ntitle:"),
            ]
        ),
        Dangerous(
            .nothingScored,
            "architecture:12:3",
            "a judge of nothing",
            Sound.board,
            [("    criteria: [safety, cost]\n", "")]
        ),
        Dangerous(
            .neverSurprised,
            "architecture:32:41",
            "enactment that nothing halts",
            Sound.board,
            [("surprise: 0.8", "surprise: 1.0")]
        ),
        Dangerous(
            .searchAgainstJudge,
            "architecture:3:127",
            "tries until the verifier gives in",
            Sound.council,
            [
                ("reads: [brief, actions]}", "reads: [brief, actions], vote: {verify: tester, at-most: 30}}"),
                (
                    "  enactor:",
                    "  tester: {kind: verify, performer: other, instructions: Test., reads: [brief, output]}\n  enactor:"
                ),
            ]
        ),
        Dangerous(
            .choiceWithoutExplanation,
            "architecture:9:5",
            "a choice that nobody explains",
            Sound.council,
            [
                (
                    "  teller: {kind: explain, performer: other, instructions: Tell., reads: [brief, proposals, evaluations]}\n",
                    ""
                ),
                ("  - explain:  {role: teller}\n", ""),
            ]
        ),
        Dangerous(
            .shapelessState,
            "architecture:3:3",
            "a state without a schema",
            """
            architecture: tower
            roles:
              mover: {kind: advance, performer: strong, instructions: Move one disk., reads: [brief]}
            flow:
              - iterate: {role: mover, at-most: 100}

            """
        ),
        Dangerous(
            .blindExplanation,
            "architecture:5:66",
            "an account without the judges",
            Sound.council,
            [("proposals, evaluations]", "proposals]")]
        ),
        Dangerous(
            .unseenRevision,
            "architecture:23:66",
            "an account without the changes",
            Sound.board,
            [("evaluations, changes]", "evaluations]")]
        ),
        Dangerous(
            .keyWrittenDown,
            "profiles:7:39",
            "a key in the file",
            others: [(.profiles, "model: claude-y", "model: sk-ant-0123456789")]
        ),
        Dangerous(
            .keyUnencrypted,
            "profiles:7:54",
            "a key in the clear",
            others: [(.profiles, "model: claude-y", "model: claude-y, url: \"http://far.example/v1\"")]
        ),
        Dangerous(
            .promptsUnencrypted,
            "profiles:7:54",
            "prompts in the clear",
            others: [
                (
                    .profiles, "model: claude-y, key-variable: OTHER_KEY",
                    "model: claude-y, url: \"http://far.example/v1\""
                )
            ]
        ),
        Dangerous(
            .firmRule,
            "settings:2:3",
            "effects without a choice, waved through",
            others: [(.settings, "OA024: {severity: error", "OA011: {severity: off")]
        ),
        Dangerous(
            .firmRule,
            "settings:4:5",
            "an error that is accepted",
            others: [
                (
                    .settings, "accepted: []",
                    "accepted:\n  - {rule: OA040, fingerprint: 0123456789abcdef, reason: It is fine.}"
                )
            ]
        ),
        Dangerous(
            .staleAcceptance,
            "settings:4:5",
            "an acceptance of nothing",
            others: [
                (
                    .settings, "accepted: []",
                    "accepted:\n  - {rule: OA050, fingerprint: 0123456789abcdef, reason: It is fine.}"
                )
            ]
        ),
    ]
}
