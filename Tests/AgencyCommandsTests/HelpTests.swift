// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

@Suite struct HelpTests {
    static let commands = [
        ["init"], ["check"], ["plan-votes"], ["schema"], ["run"], ["choose"], ["resume"], ["pause"], ["stop"],
        ["revert"],
        ["reconcile"], ["worker"], ["status"],
        ["show"],
        ["diff"], ["events"], ["report"], ["goal"], ["goal", "list"], ["goal", "edit"], ["verify"], ["crashtest"],
        ["prove"], ["checkpoint"], ["key"], ["key", "new"], ["key", "show"], ["export"], ["import"], ["gc"],
    ]

    @Test func `every command explains itself`() async throws {
        try await Bench.with { bench in
            let top = try await bench.agency("--help")
            #expect(top.status == 0)
            #expect(top.out.contains("75"))
            for command in Self.commands {
                #expect(top.out.contains(command[0]))
                let help = try await bench.agency(command + ["--help"])
                #expect(help.status == 0, "\(help.testDescription)")
                #expect(help.out.contains("USAGE: agency " + command.joined(separator: " ")))
                #expect(help.err == "")
            }
            let version = try await bench.agency("--version")
            #expect(version.status == 0)
            #expect(version.out.split(separator: ".").count == 3)
            #expect(!bench.exists("home"))
        }
    }

    @Test func `a wrong command line ends with status 64 and says how it goes`() async throws {
        try await Bench.with { bench in
            let wrong = [
                ["frobnicate"], ["run"], ["run", "brief.md", "--bogus"],
                ["run", "brief.md", "--record", "a", "--replay", "b"],
                ["revert"], ["schema"], ["schema", "nonsense"], ["goal", "edit", "latest"],
                ["events", "--from", "two"], ["check"], ["reconcile", "--step", "s1", "--why", "w"],
                ["reconcile", "--step", "s1", "--happened", "--leave", "--why", "w"], ["reconcile", "--happened"],
                ["worker", "--runs", "0"], ["worker", "--lease", "0.5"], ["worker", "--grace", "-1"],
                ["worker", "--name", "two words"],
            ]
            for arguments in wrong {
                let refused = try await bench.agency(arguments)
                #expect(refused.status == 64, "\(refused.testDescription)")
                #expect(refused.out == "")
                #expect(refused.err.contains("Usage: agency"))
            }
        }
    }

    @Test func `the schemas of declarations are JSON Schemas`() async throws {
        try await Bench.with { bench in
            for name in ["architecture", "brief", "profiles"] {
                let printed = try await bench.agency("schema", name)
                #expect(printed.status == 0)
                #expect(try printed.json()["type"]?.string == "object")
            }
        }
    }

    @Test func `what init writes can be checked, and nothing is overwritten`() async throws {
        try await Bench.with { bench in
            let written = try await bench.agency("init", "fresh")
            #expect(written.status == 0, "\(written.testDescription)")
            for name in ["change-board.yaml", "advice.yaml"] {
                let checked = try await bench.agency(
                    "check",
                    "fresh/" + name,
                    "--brief",
                    "fresh/brief.md",
                    "--profiles",
                    "fresh/agency.yaml"
                )
                #expect(checked.status == 0, "\(checked.testDescription)")
                #expect(checked.out.contains("tokens"))
            }
            try bench.write("fresh/brief.md", "mine")
            let again = try await bench.agency("init", "fresh")
            #expect(again.status == 0)
            #expect(again.out.contains("kept  fresh/brief.md"))
            #expect(!again.out.contains("wrote"))
            #expect(bench.text("fresh/brief.md") == "mine")
            let blocked = try await bench.agency("init", "brief.md/below")
            #expect([65, 69].contains(blocked.status), "\(blocked.testDescription)")
            #expect(blocked.complaints.count == 1)
        }
    }
}
