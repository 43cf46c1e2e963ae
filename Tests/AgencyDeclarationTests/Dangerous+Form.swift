// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension Dangerous {
    private static let steps = "  - explain:  {role: teller}\n"
    private static let choice = "  - choose:   {by: person, expires: 24h, returns: 1}\n"

    /// What cannot be read, leads nowhere, or lets an effect past a choice.
    static let form = [
        Dangerous(.unreadable, "architecture:31:20", "a model chooses", Sound.board, [("by: person", "by: model")]),
        Dangerous(
            .unreadable,
            "architecture:29:54",
            "judges that are declared dependent",
            Sound.board,
            [("independent: true", "independent: false")]
        ),
        Dangerous(
            .badName,
            "architecture:1:15",
            "a name with a capital",
            Sound.board,
            [("architecture: board", "architecture: Board")]
        ),
        Dangerous(
            .duplicate,
            "architecture:17:22",
            "one criterion twice",
            Sound.board,
            [("[safety, cost]", "[cost, cost]")]
        ),
        Dangerous(
            .unknownReference,
            "architecture:9:13",
            "a tool that there is not",
            Sound.board,
            [("[files.read]", "[files.raed]")]
        ),
        Dangerous(
            .unknownReference,
            "architecture:20:16",
            "a performer that there is not",
            Sound.board,
            [("performer: third", "performer: fourth")]
        ),
        Dangerous(
            .missingPart,
            "architecture:18:3",
            "no instructions",
            Sound.board,
            [("    instructions: Break it.\n", "")]
        ),
        Dangerous(
            .misplacedPart,
            "architecture:24:37",
            "a performer who enacts",
            Sound.board,
            [("{kind: enact}", "{kind: enact, performer: strong}")]
        ),
        Dangerous(
            .outOfLimits,
            "architecture:17:5",
            "more criteria than anybody reads",
            Sound.board,
            [("[safety, cost]", "[a, b, c, d, e, f, g, h, i, j, k, l, m]")]
        ),
        Dangerous(
            .wrongValue,
            "architecture:10:5",
            "a state that is no schema",
            Sound.tower,
            [("      type: object\n", "      type: thing\n")]
        ),
        Dangerous(
            .unusedRole,
            "architecture:18:3",
            "a judge whom nobody asks",
            Sound.board,
            [("[judge, breaker]", "[judge]")]
        ),
        Dangerous(.flowOrder, "architecture:31:5", "two explanations", Sound.board, [(steps, steps + steps)]),
        Dangerous(
            .flowOrder,
            "architecture:31:5",
            "revisions of what is never enacted",
            Sound.board,
            [("  enactor: {kind: enact}\n", ""), ("  - enact:    {role: enactor, surprise: 0.8}\n", "")]
        ),
        Dangerous(.effectWithoutChoice, "architecture:31:5", "no choice", Sound.board, [(choice, "")]),
        Dangerous(
            .effectWithoutChoice,
            "architecture:11:5",
            "a choice after the effect",
            Sound.council,
            [
                (
                    "  - choose:   {by: person}\n  - enact:    {role: enactor}\n",
                    "  - enact:    {role: enactor}\n  - choose:   {by: person}\n"
                )
            ]
        ),
        Dangerous(
            .actingEpisode,
            "architecture:9:13",
            "an author who writes files",
            Sound.board,
            [("[files.read]", "[files.write]")]
        ),
        Dangerous(
            .actingEpisode,
            "architecture:17:13",
            "a judge who runs programs",
            Sound.board,
            [("criteria: [safety", "tools: [shell.run]\n    criteria: [safety")]
        ),
        Dangerous(
            .reachingEpisode,
            "architecture:3:103",
            "an author who asks the world",
            Sound.council,
            [("reads: [brief, actions]}", "reads: [brief, actions], tools: [web.fetch]}")]
        ),
        Dangerous(
            .undeclaredEffects,
            "architecture:12:5",
            "a tool that does not say what it does",
            Sound.council,
            tools: [Sound.tool("mail.send", .write, nil)]
        ),
        Dangerous(
            .actingCheck,
            "brief:7:19",
            "a goal that is settled by writing",
            others: [(.brief, "tool: files.read", "tool: files.write")]
        ),
    ]
}
