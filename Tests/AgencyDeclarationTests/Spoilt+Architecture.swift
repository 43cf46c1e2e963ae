// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Spoilt {
    /// Architectures that break a rule.
    static let architectures = [
        Spoilt(
            41,
            .architecture,
            "[files.read, sqlite.query]",
            "[files.read, sqlite.qery]",
            [
                "10:25: no tool is called “sqlite.qery”"
            ]
        ),
        Spoilt(
            42,
            .architecture,
            "[files.read, sqlite.query]",
            "[files.write]",
            [
                "10:13: an episode cannot have the tool “files.write”: its effect is write"
            ]
        ),
        Spoilt(
            43,
            .architecture,
            "[files.read, sqlite.query]",
            "[shell.run, files.read, files.read]",
            [
                "10:13: an episode cannot have the tool “shell.run”: its effect is run",
                "10:36: the tool “files.read” is listed twice",
            ]
        ),
        Spoilt(
            44,
            .architecture,
            "[files.read, sqlite.query]",
            "files.read",
            [
                "10:12: “files.read” where a list is wanted"
            ]
        ),
        Spoilt(
            45,
            .architecture,
            "[files.read, sqlite.query]",
            "[files.read, sqlite.query",
            [
                "11:11: a “,” or the closing bracket is missing; it began in line 10"
            ]
        ),
        Spoilt(
            46,
            .architecture,
            "reads: [brief, actions, proposal, critique]",
            "reads: [brief, actions, proposal]",
            [
                "9:5: “writer” cannot mend its proposal without reading critique"
            ]
        ),
        Spoilt(
            47,
            .architecture,
            "reads: [brief, actions, proposal, critique]",
            "reads: [brief, actions, critique, proposal, evaluations]",
            [
                "9:49: a role of kind propose cannot read evaluations"
            ]
        ),
        Spoilt(
            48,
            .architecture,
            "reads: [brief, actions, proposal, critique]",
            "reads: [brief, actons, proposal, critique]",
            [
                "9:20: “actons” cannot stand here"
            ]
        ),
        Spoilt(
            49,
            .architecture,
            "    performer: fast\n    instructions: |",
            "    instructions: |",
            [
                "13:3: “performer” is missing"
            ]
        ),
        Spoilt(
            50,
            .architecture,
            "enactor: {kind: enact}",
            "enactor: {kind: enact, performer: fast}",
            [
                "28:37: a role of kind enact has no performer"
            ]
        ),
        Spoilt(51, .architecture, "    criteria: [data-safety, cost]\n", "", ["13:3: there are no criteria"]),
        Spoilt(
            52,
            .architecture,
            "criteria: [data-safety, cost]",
            "criteria: [cost, cost]",
            [
                "20:22: the same criterion twice"
            ]
        ),
        Spoilt(
            53,
            .architecture,
            "{role: critic, rounds: 1}",
            "{role: critik, rounds: 1}",
            [
                "12:3: the role “critic” is never used",
                "38:22: no role is called “critik”",
            ]
        ),
        Spoilt(
            54,
            .architecture,
            "{role: critic, rounds: 1}",
            "{role: judge, rounds: 1}",
            [
                "12:3: the role “critic” is never used",
                "38:22: “judge” is a role of kind evaluate, and critique needs kind critique",
            ]
        ),
        Spoilt(
            55,
            .architecture,
            "independent: true",
            "independent: false",
            [
                "39:55: independent can only be true, found “false”"
            ]
        ),
        Spoilt(
            56,
            .architecture,
            "roles: [judge, saboteur]",
            "roles: [judge]",
            [
                "21:3: the role “saboteur” is never used"
            ]
        ),
        Spoilt(
            57,
            .architecture,
            "roles: [judge, saboteur]",
            "roles: [judge, saboteur, judge]",
            [
                "39:41: “judge” is listed twice"
            ]
        ),
        Spoilt(58, .architecture, "by: person", "by: model", ["41:20: by can only be person, found “model”"]),
        Spoilt(59, .architecture, "by: person, ", "", ["41:15: “by” is missing"]),
        Spoilt(60, .architecture, "expires: 7d", "expires: soon", ["41:37: “soon” where a span of time is wanted"]),
        Spoilt(61, .architecture, "expires: 7d", "expires: 30s", ["41:37: 30 is out of range"]),
        Spoilt(62, .architecture, "expires: 7d", "expires: 24", ["41:37: “24” where a span of time is wanted"]),
        Spoilt(
            63,
            .architecture,
            "checkpoint: every-step",
            "checkpoint: never",
            [
                "42:43: checkpoint can only be every-step, found “never”"
            ]
        ),
        Spoilt(
            64,
            .architecture,
            "halt-on: surprise",
            "halt-on: failure",
            [
                "42:64: halt-on can only be surprise, found “failure”"
            ]
        ),
        Spoilt(65, .architecture, "surprise: 0.9", "surprise: 0.2", ["42:84: 0.2 is out of range"]),
        Spoilt(
            66,
            .architecture,
            "  - choose:   {by: person, expires: 7d, returns: 1}\n",
            "",
            [
                "41:5: no effect without a choice: nothing is chosen before enact"
            ]
        ),
        Spoilt(
            67,
            .architecture,
            "  - enact:    {role: enactor, checkpoint: every-step, halt-on: surprise, surprise: 0.9}\n",
            "",
            [
                "28:3: the role “enactor” is never used",
                "42:5: there is no enact before update",
            ]
        ),
        Spoilt(
            68,
            .architecture,
            "  - propose:  {role: writer, count: 2}\n  - critique: {role: critic, rounds: 1}\n",
            "  - critique: {role: critic, rounds: 1}\n  - propose:  {role: writer, count: 2}\n",
            [
                "37:5: the flow begins with critique",
                "38:5: propose stands after critique",
            ]
        ),
        Spoilt(
            69,
            .architecture,
            "  - explain:  {role: teller}\n",
            "  - explain:  {role: teller}\n  - explain:  {role: teller}\n",
            [
                "41:5: a second explain stage"
            ]
        ),
        Spoilt(
            70,
            .architecture,
            "  - explain:  {role: teller}\n",
            "  - explane:  {role: teller}\n",
            [
                "40:5: a stage has no “explane”"
            ]
        ),
        Spoilt(
            71,
            .architecture,
            "  - explain:  {role: teller}\n",
            "  - explain:  {role: teller}\n    choose: {by: person}\n",
            [
                "41:5: a stage has one name, found “explain” and “choose”"
            ]
        ),
        Spoilt(
            72,
            .architecture,
            "  - explain:  {role: teller}\n",
            "  - explain\n",
            [
                "40:5: “explain” where a stage is wanted"
            ]
        ),
    ]
}
