// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Spoilt {
    /// Briefs, goals and profiles with a fault.
    static let rest = [
        Spoilt(73, .brief, "---\nbrief:", "brief:", ["1:1: a brief begins with a line of three hyphens"]),
        Spoilt(74, .brief, "---\n\n# Names", "\n# Names", ["24:1: the head of the brief has no end"]),
        Spoilt(75, .brief, "stakes: high", "stakes: hihg", ["4:9: “hihg” cannot stand here"]),
        Spoilt(76, .brief, "stakes: high", "goals: []", ["5:1: the key “goals” comes twice"]),
        Spoilt(77, .brief, "id: tests-pass", "id: no-nulls", ["15:13: two goals are called “no-nulls”"]),
        Spoilt(78, .brief, "id: tests-pass", "id: Tests", ["15:13: “Tests” cannot name a goal"]),
        Spoilt(79, .brief, "title: Split names into two columns", "title: \" \"", ["3:8: an empty title"]),
        Spoilt(80, .brief, ", expect: {exit-status: 0}}", "}", ["17:16: “expect” is missing"]),
        Spoilt(
            81,
            .brief,
            "{exit-status: 0}",
            "{exit-status: 0, equals: 1}",
            [
                "17:124: an expectation has one name, found “exit-status” and “equals”"
            ]
        ),
        Spoilt(82, .brief, "{exit-status: 0}", "{}", ["17:107: an expectation is empty"]),
        Spoilt(83, .brief, "{exit-status: 0}", "{exits: 0}", ["17:108: an expectation has no “exits”"]),
        Spoilt(84, .brief, "{exit-status: 0}", "{at-least: many}", ["17:118: “many” where a number is wanted"]),
        Spoilt(
            85,
            .brief,
            "tool: shell.run",
            "tool: files.write",
            [
                "17:23: a check cannot use “files.write”: its effect is write"
            ]
        ),
        Spoilt(86, .brief, "tool: shell.run", "tool: shell", ["17:23: no tool is called “shell”"]),
        Spoilt(87, .brief, "rows: 5", "rows: 500", ["13:105: more than 100"]),
        Spoilt(
            88,
            .brief,
            "database: app.db",
            "datebase: app.db",
            [
                "13:11: the arguments of sqlite.query: “database” is missing",
                "13:33: unknown name; known: database, sql, rows",
            ]
        ),
        Spoilt(
            89,
            .brief,
            "        check: {tool: shell.run, arguments: {command: [make, test], deep: {a: 1.0, b: no, c: ~}}, expect: {exit-status: 0}}\n",
            "",
            [
                "15:9: nothing tells whether the goal “tests-pass” is reached"
            ]
        ),
        Spoilt(
            90,
            .brief,
            "resources: {tokens: 500000",
            "resources: {token: 500000",
            [
                "19:13: a budget has no “token”"
            ]
        ),
        Spoilt(
            91,
            .brief,
            "constraints: [No row",
            "constraints: [~, No row",
            [
                "18:15: nothing is written where a text is wanted"
            ]
        ),
        Spoilt(92, .profiles, "model: some-model", "key: sk-abcdef", ["4:5: a key must not be written down"]),
        Spoilt(93, .profiles, "model: some-model", "model: sk-abcdefghijkl", ["4:12: this looks like a key"]),
        Spoilt(94, .profiles, "    model: some-model\n", "", ["2:3: “model” is missing"]),
        Spoilt(
            95,
            .profiles,
            "key-variable: OPENAI_API_KEY",
            "key-variable: my key",
            [
                "6:19: this is not the name of an environment variable"
            ]
        ),
        Spoilt(
            96,
            .profiles,
            "http://127.0.0.1:8080/v1",
            "http://example.org/v1",
            [
                "5:10: a key would travel to example.org unencrypted"
            ]
        ),
        Spoilt(
            97,
            .profiles,
            "http://127.0.0.1:8080/v1",
            "ftp://example.org",
            [
                "5:10: this is not the address of a provider"
            ]
        ),
        Spoilt(98, .profiles, "temperature: 0.7", "temperature: 3", ["7:18: 3 is out of range"]),
        Spoilt(99, .profiles, "{input: 2.50, output: 10.00}", "{input: 2.50}", ["10:13: “output” is missing"]),
        Spoilt(100, .profiles, "provider: person", "provider: human", ["17:18: “human” cannot stand here"]),
        Spoilt(
            101,
            .profiles,
            "provider: person",
            "provider: person, command: [a]",
            [
                "17:26: a command is for the provider program, not person"
            ]
        ),
        Spoilt(
            102,
            .profiles,
            "command: [python3, role.py, \"--fast\"]",
            "command: []",
            [
                "16:30: “command” is missing"
            ]
        ),
        Spoilt(103, .profiles, "  fast:", "  Fast One:", ["15:3: “Fast One” cannot name a profile"]),
        Spoilt(104, .goals, nil, "[]", ["1:1: there are no goals"]),
        Spoilt(105, .goals, nil, "- id: a\n  want: b\n", ["1:3: nothing tells whether the goal “a” is reached"]),
        Spoilt(106, .goals, nil, "- id: a\n- b\n", ["1:3: “want” is missing", "2:3: “b” where a goal is wanted"]),
        Spoilt(
            107,
            .profiles,
            "provider: person",
            "provider: person, delivery: whole",
            [
                "17:36: the provider person is not asked over HTTP"
            ]
        ),
        Spoilt(108, .profiles, "delivery: whole", "delivery: later", ["15:61: “later” cannot stand here"]),
    ]
}
