// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct DeclarationInputTests {
    /// A file, what is put in the place of what in it, and what must be said.
    static let spoilt: [(file: String, passage: String, replacement: String, said: String)] = [
        ("board.yaml", "roles:\n", "roles: [\n", "board.yaml:"),
        ("board.yaml", "proposer:\n", "proposer:\n\t", "board.yaml:"),
        ("board.yaml", "role: proposer", "role: nobody", "board.yaml:"),
        ("board.yaml", "tools: [files.read]", "tools: [rocket.launch]", "rocket.launch"),
        ("board.yaml", "kind: critique", "kind: dance", "dance"),
        ("board.yaml", "by: person", "by: machine", "people make the choices"),
        ("brief.md", "---\nbrief", "brief", "brief.md:1:1"),
        ("brief.md", "goals:\n", "goals: {\n", "brief.md:"),
        ("brief.md", "tool: sqlite.query", "tool: rocket.launch", "rocket.launch"),
        ("brief.md", "stakes: moderate", "stakes: enormous", "enormous"),
        ("agency.yaml", "provider: program", "provider: oracle", "oracle"),
        ("agency.yaml", "profiles:", "profiles: &anchor", "agency.yaml:"),
    ]

    @Test(arguments: spoilt.indices)
    func `a declaration that cannot be used is refused with its place`(_ index: Int) async throws {
        let (file, passage, replacement, said) = Self.spoilt[index]
        try await Bench.with { bench in
            let good = bench.text(file)
            try bench.edit(file, passage, replacement)
            let refused = try await bench.begin()
            #expect(refused.status == 65, "\(refused.testDescription)")
            #expect(refused.err.contains(said), "\(refused.testDescription)")
            #expect(refused.err.contains(try Regex("\(file):[0-9]+:[0-9]+: ")), "\(refused.testDescription)")
            #expect(refused.err.contains("\n  hint: "))
            #expect(refused.out == "")
            #expect(bench.performances.isEmpty)
            // Nothing has been begun, and nothing stands in the way of the mended file.
            try bench.write(file, good)
            let mended = try await bench.agency("check", "board.yaml", "--brief", "brief.md")
            #expect(mended.status == 0, "\(mended.testDescription)")
            if index == 0 { try await bench.beginAndWait() }
        }
    }

    @Test func `files that are not there or not text are named`() async throws {
        try await Bench.with { bench in
            let missing = [
                (["run", "none.md", "-a", "board.yaml", "-w", "ws"], "there is no file none.md"),
                (["run", "brief.md", "-a", "none.yaml", "-w", "ws"], "no stock architecture of that name"),
                (["run", "brief.md", "-a", "board.yaml", "-w", "ws", "-p", "none.yaml"], "none.yaml"),
                (["run", "ws", "-a", "board.yaml", "-w", "ws"], "ws cannot be read"),
                (["check", "none"], "stock: change-board, advice"),
                (["check", "board.yaml", "--brief", "none.md"], "there is no file none.md"),
                (
                    ["run", "brief.md", "-a", "board.yaml", "-w", "ws", "--replay", "none"],
                    "there is no folder of recordings"
                ),
            ]
            for (command, said) in missing {
                let refused = try await bench.agency(command)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.err.contains(said), "\(refused.testDescription)")
            }
            for name in ["brief.md", "board.yaml"] {
                let good = bench.text(name)
                try await bench.script("bytes.py", name)
                let refused = try await bench.begin()
                try bench.write(name, good)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.err.contains("\(name):"))
            }
        }
    }

    @Test func `a role that nobody plays is named before anything is paid for`() async throws {
        try await Bench.with { bench in
            try bench.edit("agency.yaml", "player:", "somebody:")
            let refused = try await bench.begin()
            #expect(refused.status == 65, "\(refused.testDescription)")
            #expect(refused.err.contains("no profile is called “player” [OA004]"))
            #expect(refused.err.contains("agency.yaml"))
            try bench.remove("agency.yaml")
            let alone = try await bench.begin()
            #expect(alone.status == 65)
            #expect(alone.err.contains("agency init"))
            #expect(bench.performances.isEmpty)
        }
    }

    @Test func `a worst case beyond what the brief allows is told by check`() async throws {
        try await Bench.with { bench in
            let within = try await bench.agency("check", "board.yaml", "--brief", "brief.md")
            #expect(within.status == 0, "\(within.testDescription)")
            try bench.edit("brief.md", "tokens: 20000000", "tokens: 1000")
            let beyond = try await bench.agency("check", "board.yaml", "--brief", "brief.md")
            #expect(beyond.status == 65)
            #expect(beyond.out.contains("More than the brief allows"))
        }
    }

    @Test func `an edited plan that cannot be used is refused with its place`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let plan = try await bench.agency("show", "--option", "p1", "--json").out
            let spoilt = [
                ("{\"steps\": [\n  {]", "plan.json:2:4"),
                ("", "plan.json:1:1"),
                ("{\"steps\": [{\"id\": 3}], \"assumptions\": []}", "/steps/0/id"),
                (plan.replacingOccurrences(of: "\"after\": []", with: "\"after\": [\"s3\"]"), "in a circle"),
                (
                    plan.replacingOccurrences(of: "files.write", with: "rocket.launch"),
                    "there is no tool “rocket.launch”"
                ),
                (plan.replacingOccurrences(of: "\"content\"", with: "\"contents\""), "/steps/0/action/arguments"),
                (plan.replacingOccurrences(of: "\"s2\"", with: "\"s1\""), "a second step called “s1”"),
            ]
            for (text, said) in spoilt {
                try bench.write("plan.json", text)
                let refused = try await bench.agency("choose", "--edit", "p1", "--plan", "plan.json", "--why", "better")
                #expect(refused.status == 65, "\(said): \(refused.testDescription)")
                #expect(refused.complaints.count == 1)
                #expect(refused.err.contains(said), "\(refused.testDescription)")
            }
            for parts in ["p1:s9", "p9:s1", "p1", ""] {
                let refused = try await bench.agency("choose", "--combine", parts, "--why", "better")
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.complaints.count == 1)
            }
            #expect(try await bench.state()["options"]?.array?.count == 2)
            try bench.write("plan.json", plan.replacingOccurrences(of: "splitting names", with: "splitting the names"))
            let added = try await bench.agency("choose", "--edit", "p1", "--plan", "plan.json", "--why", "better")
            #expect(added.out.contains("p1.e1"), "\(added.testDescription)")
            let combined = try await bench.agency("choose", "--combine", "p2:s1 p1.e1:s2,s3", "--why", "both")
            #expect(combined.out.contains("p2.e1"), "\(combined.testDescription)")
            try await bench.resume(75)
            try await bench.choose("p1.e1")
            try await bench.resume(75)
            #expect(bench.text("ws/notes.txt") == "splitting the names\n")
            try await bench.requireSound()
        }
    }

    @Test func `names of what is not there are answered with what is`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.finish()
            let unknown = [
                (["show", "r-nobody"], "agency status lists them"), (["resume", "nobody"], "agency status lists them"),
                (["show", "--option", "p9"], "there are: p1, p1.r1, p2"),
                (["show", "--step", "s9"], "tried were: s1, s2"),
                (["show", "--episode", "0.nothing"], "agency events"), (["diff", "--from", "p1", "--to", "p9"], "p9"),
                (["revert", "--to", "s9"], "done are: s1, s2, s3"),
                (["goal", "list", "nobody"], "agency status lists them"),
                (["diff", "--to", "p1"], "--from"),
            ]
            for (command, said) in unknown {
                let refused = try await bench.agency(command)
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.complaints.count == 1)
                #expect(refused.err.contains(said), "\(refused.testDescription)")
            }
        }
    }
}
