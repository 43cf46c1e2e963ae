// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension Fixture {
    var brief: Brief {
        Brief(
            name: text("split-names"),
            title: text("Split the customer name in two"),
            goals: [
                Goal(
                    id: GoalID(text("split")),
                    want: text("The order book keeps names in two columns, and no row is lost."),
                    goals: [
                        Goal(
                            id: GoalID(text("names-split")),
                            want: text("Every customer has a given name, and the old column is gone."),
                            check: look(
                                "select count(*) from pragma_table_info('customers') where name = 'name'",
                                .atMost(0)
                            )
                        ),
                        Goal(
                            id: GoalID(text("nothing-lost")),
                            want: text("Every row that was there is still there."),
                            check: look("select count(*) from customers", .equals(text("6104")))
                        ),
                    ]
                )
            ],
            constraints: [text("No row of any table is lost.")],
            stakes: .high,
            resources: Budget(tokens: 600_000, money: Money(dollars: 10)),
            document: text("# Split the customer name in two")
        )
    }

    var architecture: Architecture {
        func role(
            _ name: String,
            _ kind: Role.Kind,
            _ performer: ProfileName?,
            _ reads: [Role.Input],
            _ tools: [String] = [],
            _ criteria: [String] = []
        ) -> Role {
            Role(
                name: RoleName(text(name)),
                kind: kind,
                performer: performer,
                instructions: text("Do it well."),
                narratives: kind == .propose ? [text("cautious"), text("minimalist"), text("zero-downtime")] : [],
                reads: reads,
                tools: tools.map { ToolName(text($0)) },
                criteria: criteria.map(text)
            )
        }
        return Architecture(
            name: text("change-board"),
            about: text("Careful change to a working system, with a person choosing."),
            roles: [
                role("migrator", .propose, "strong", [.brief, .actions, .tree], ["files.read", "sqlite.query"]),
                role("critic", .critique, "fast", [.brief, .proposal]),
                role(
                    "auditor",
                    .evaluate,
                    "fast",
                    [.brief, .proposal],
                    ["sqlite.query"],
                    ["data safety", "reversibility"]
                ),
                role("costs", .evaluate, "fast", [.brief, .proposal], [], ["effort"]),
                role("saboteur", .redTeam, "strong", [.brief, .proposal], ["sqlite.query"], ["data safety"]),
                role("explainer", .explain, "strong", [.brief, .proposals, .evaluations, .changes]),
                role("enactor", .enact, nil, []),
                role("reviser", .update, "strong", [.brief, .observations]),
            ],
            flow: [
                .propose(role: RoleName(text("migrator")), count: 3),
                .critique(role: RoleName(text("critic")), rounds: 1),
                .evaluate(roles: ["auditor", "costs", "saboteur"].map { RoleName(text($0)) }),
                .explain(role: RoleName(text("explainer"))),
                .choose(expires: 3600, returns: 1),
                .enact(role: RoleName(text("enactor")), surprise: 0.9),
                .update(role: RoleName(text("reviser")), atMost: 3),
            ]
        )
    }

    var settledGoals: [GoalsSettled.Outcome] {
        brief.goals.flatMap(\.flattened).compactMap { goal in
            goal.check.map { check in
                let settlement = Settlement(
                    statement: goal.want,
                    probability: 1,
                    outcome: true,
                    expected: check.expect.words,
                    observed: text(goal.id == brief.goals[0].goals[0].id ? "0" : "6104")
                )
                return GoalsSettled.Outcome(goal: goal.id, settlement: settlement)
            }
        }
    }

    func look(_ sql: String, _ expect: Expectation) -> Check {
        Check(
            tool: ToolName(text("sqlite.query")),
            arguments: ["database": .string(text("orders.db")), "sql": .string(text(sql))],
            expect: expect
        )
    }
}
