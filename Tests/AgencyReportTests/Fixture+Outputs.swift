// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension Fixture {
    private func draft(_ title: String, _ summary: String, _ steps: [Step], _ assumptions: [String]) throws -> JSONValue
    {
        [
            "title": .string(text(title)), "summary": .string(text(summary)),
            "assumptions": .array(assumptions.map { .string(text($0)) }), "steps": try JSONValue(encoding: steps),
            "dissent": nil,
        ]
    }

    private func make(
        _ name: String,
        _ intent: String,
        _ tool: String,
        _ arguments: JSONValue,
        _ forecasts: [Forecast],
        _ reversibility: Step.Reversibility = .reversible,
        _ stakes: Stakes = .moderate,
        after: [String] = []
    ) -> Step {
        Step(
            id: step(name),
            intent: text(intent),
            action: Action(tool: ToolName(text(tool)), arguments: arguments),
            forecasts: forecasts,
            reversibility: reversibility,
            stakes: stakes,
            after: after.map(step)
        )
    }

    private func forecast(_ statement: String, _ sql: String, _ expect: Expectation, _ probability: Double) -> Forecast
    {
        Forecast(statement: text(statement), check: look(sql, expect), probability: probability)
    }

    private var addColumns: Step {
        make(
            "s1",
            "Add the two new columns.",
            "sqlite.change",
            [
                "database": .string(text("orders.db")),
                "sql": .string(
                    text(
                        "alter table customers add column given_name text;\nalter table customers add column family_name text;\n"
                    )
                ),
            ],
            [
                forecast(
                    "both columns are there",
                    "select count(*) from pragma_table_info('customers')",
                    .equals(text("2")),
                    0.995
                )
            ]
        )
    }

    private func fill(_ script: String) -> Step {
        make(
            "s2",
            "Fill them from the old column.",
            "python.run",
            ["path": .string(text("migrate.py")), "script": .string(text(script)), "seconds": 60],
            [
                forecast(
                    "no customer is without a family name",
                    "select count(*) from customers where family_name is null",
                    .atMost(0),
                    0.92
                ),
                forecast("no row is lost", "select count(*) from customers", .equals(text("6104")), 0.99),
            ],
            after: ["s1"]
        )
    }

    private func drop(after: [String]) -> Step {
        make(
            "s3",
            "Drop the old column.",
            "sqlite.change",
            [
                "database": .string(text("orders.db")),
                "sql": .string(text("alter table customers drop column name;\n")),
            ],
            [forecast("the old column is gone", "select count(*) from old", .atMost(0), 0.98)],
            .irreversible,
            .high,
            after: after
        )
    }

    private static let script = """
        import sqlite3

        database = sqlite3.connect("orders.db")
        rows = database.execute("select id, name from customers").fetchall()
        for row, name in rows:
            given, family = name.rsplit(" ", 1)
            database.execute(
                "update customers set given_name = ?, family_name = ? where id = ?",
                (given, family, row),
            )
        database.commit()

        """

    func proposal(_ number: Int) throws -> JSONValue {
        switch number {
        case 1:
            try draft(
                "One transaction",
                "Rebuilds the table in one transaction, so that there is never a half-way state.",
                [
                    make(
                        "s1",
                        "Rebuild the table with two columns.",
                        "sqlite.change",
                        [
                            "database": .string(text("orders.db")),
                            "sql": .string(text("begin;\n-- rebuild\ncommit;\n")),
                        ],
                        [forecast("the table has two name columns", "select 2", .equals(text("2")), 0.9)],
                        .compensable,
                        .high
                    )
                ],
                ["Nobody writes to the database meanwhile."]
            )
        case 2:
            try draft(
                "Add, fill, drop",
                "Small steps: adds the new columns first and drops the old one last, with a look after each.",
                [addColumns, fill(Self.script), drop(after: ["s2"])],
                ["Every name has at least two words."]
            )
        default:
            try draft(
                "A view over the old column",
                "Keeps the old column and computes both names in a view.",
                [
                    make(
                        "s1",
                        "Make the view.",
                        "sqlite.change",
                        [
                            "sql": .string(text("create view names as select 1")),
                            "database": .string(text("orders.db")),
                        ],
                        [forecast("the view answers", "select count(*) from names", .atLeast(1), 0.7)],
                        .reversible,
                        .low
                    )
                ],
                []
            )
        }
    }

    var revised: JSONValue {
        get throws {
            let script = Self.script.replacing(
                "    given, family = name.rsplit(\" \", 1)",
                with:
                    "    given, _, family = name.rpartition(\" \")\n    given, family = (given, family) if given else (family, None)"
            )
            var filled = fill(script)
            filled.forecasts[0].probability = 0.35
            let queries = make(
                "s4",
                "Show single names as they are.",
                "files.write",
                ["path": .string(text("app/queries.py")), "content": .string(text("def shown(given, family): ..."))],
                [forecast("the application still starts", "select 1", .exitStatus(0), 0.9)],
                .reversible,
                .low,
                after: ["s2"]
            )
            return try draft(
                "Add, fill with single names, drop",
                "As before, but a name of one word is a given name.",
                [addColumns, filled, queries, drop(after: ["s2", "s4"])],
                []
            )
        }
    }

    func critique(_ order: EpisodeOrder) throws -> JSONValue {
        guard order.subject == "p2" else { return ["objections": [], "suggestions": [], "dissent": nil] }
        return [
            "objections": [], "suggestions": [.string(text("Look after each step."))], "dissent": nil,
        ]
    }

    func evaluation(_ order: EpisodeOrder) throws -> JSONValue? {
        let role = String(order.role.rawValue.prefix(7))
        let option = order.subject?.rawValue ?? ""
        if role == "auditor", option == "p3" { return nil }
        let criteria = state.architecture?.role(order.role)?.criteria ?? []
        let table: [String: [Double?]] = [
            "auditorp1": [5, 6], "auditorp2": [8.5, 9], "auditorp2.r1": [9, 9], "costsp1": [7], "costsp2": [6],
            "costsp3": [9], "costsp2.r1": [5], "sabotep1": [3], "sabotep2": [4.5], "sabotep3": [nil],
            "sabotep2.r1": [8],
        ]
        let key = (role.hasPrefix("costs") ? "costs" : role == "auditor" ? "auditor" : "sabote") + option
        let values = table[key] ?? []
        let probability: [String: Double] = [
            "auditorp1": 0.6, "auditorp2": 0.85, "auditorp2.r1": 0.93, "costsp1": 0.7, "costsp2": 0.8, "costsp3": 0.2,
            "sabotep1": 0.35, "sabotep2": 0.55, "sabotep2.r1": 0.9,
        ]
        let scores: [JSONValue] = zip(criteria, values).map { criterion, value in
            [
                "criterion": .string(criterion), "reason": .string(text("as the plan shows")),
                "value": value.map { .number($0) } ?? nil,
            ]
        }
        return [
            "summary": .string(text("every step but the last goes back to a checkpoint")), "scores": .array(scores),
            "objections": .array(objections(key)), "probability": probability[key].map { .number($0) } ?? nil,
            "dissent": key == "sabotep2"
                ? .string(
                    text(
                        "I hold that names of one word exist, and that this plan should not be enacted before a count."
                    )
                )
                : nil,
        ]
    }

    private func objections(_ key: String) -> [JSONValue] {
        func objection(_ severity: String, _ statement: String, _ evidence: String, _ step: String?) -> JSONValue {
            [
                "severity": .string(severity), "statement": .string(text(statement)),
                "evidence": .string(text(evidence)),
                "step": step.map { .string(text($0)) } ?? nil,
            ]
        }
        return switch key {
        case "sabotep1":
            [
                objection(
                    "blocking",
                    "A trigger still names the old column, so that the rebuilt table refuses every order.",
                    "select sql from sqlite_master where type = 'trigger'",
                    "s1"
                )
            ]
        case "sabotep2":
            [
                objection(
                    "serious",
                    "A name of one word makes the script stop.",
                    "name.rsplit(\" \", 1) gives one part",
                    "s2"
                )
            ]
        case "auditorp2": [objection("minor", "The script could print how many rows it changed.", "", nil)]
        case "costsp3":
            [objection("serious", "The old column stays, so that the first goal is missed.", "the goal says gone", nil)]
        default: []
        }
    }

    var explanation: JSONValue {
        get throws {
            let option = state.cycle == 0 ? "p2" : "p2.r1"
            return [
                "summary": .string(text("Option \(option) takes the smallest steps; its risk is names of one word.")),
                "claims": [
                    claim("The plan adds before it drops.", [("proposal/p2", "adds the new columns first")]),
                    claim("Most of it can be undone.", [("evaluation/auditor/p2", "goes back to a checkpoint")]),
                    claim("No name has one word.", [("brief", "all names have two words")]),
                    claim("The night is a good time for it.", []),
                ],
                "dissent": nil,
            ]
        }
    }

    var answer: JSONValue {
        [
            "summary": .string(text("The script would stop at it, and the step would be reverted.")),
            "claims": [claim("Nothing is lost then.", [("brief", "no row is lost")])],
            "dissent": nil,
        ]
    }

    private func claim(_ words: String, _ citations: [(String, String)]) -> JSONValue {
        let cited: [JSONValue] = citations.map { record, quote in
            ["record": .string(record), "quote": .string(quote)]
        }
        return ["text": .string(text(words)), "citations": .array(cited)]
    }
}
