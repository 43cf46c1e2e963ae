// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

/// A plan with holes, carried out on a real workspace by the real program.
@Suite struct HolesTests {
    /// A bench whose proposer leaves holes; victim.txt names the file that is to be deleted.
    private func prepare(_ bench: Bench, victim: String = "old.txt", mandate: String = "") async throws {
        let player = [Binary.python, Binary.fixtures + "/holes.py", bench.diary].joined(separator: ", ")
        try bench.write("agency.yaml", "profiles:\n  player: {provider: program, command: [\(player)]}\n")
        try bench.edit(
            "board.yaml",
            "    instructions: Propose a plan.\n",
            "    instructions: Propose a plan.\n    holes: true\n"
        )
        if !mandate.isEmpty { try bench.edit("brief.md", "resources:", mandate + "\nresources:") }
        try bench.write("ws/victim.txt", victim + "\n")
        try bench.write("ws/old.txt", "old\n")
        try await bench.git("add", "-A")
        try await bench.git("commit", "-q", "-m", "Two more")
    }

    private func filled(_ bench: Bench) async throws -> [JSONValue] {
        try await bench.events().filter { $0["type"]?.string == "step_filled" }
    }

    @Test func `what was read goes on by itself where it decides nothing, and to the person where it does`()
        async throws
    {
        try await Bench.with { bench in
            try await prepare(bench)
            let begun = try await bench.begin()
            #expect(
                begun.out.contains("p1: filled with what is read by then: s2 content from s1 output; s4 path from s3")
            )
            let shown = try await bench.agency("show", "--option", "p1")
            #expect(shown.out.contains("path ← s3 output"), "\(shown.testDescription)")
            try await bench.choose("p1")
            let asked = try await bench.resume(75)
            for part in [
                "Asked before it goes on: step s4", "decides what is changed", "s3 (output)",
                "anyone could have written",
            ] {
                #expect(asked.out.contains(part), "\(part): \(asked.testDescription)")
            }
            #expect(asked.out.contains("old.txt"))
            #expect(asked.out.contains("It was judged as p1, before this was known."))
            #expect(asked.out.contains("None was raised.") == begun.out.contains("None was raised."))
            #expect(asked.out.contains("  … ") == begun.out.contains("  … "), "an evaluation is missing")
            let report = try await bench.agency("report", "--markdown", "asked.md")
            #expect(report.status == 0, "\(report.testDescription)")
            #expect(bench.text("asked.md").contains("p1.h1 was judged as p1, before this was known"))
            #expect(!asked.out.contains("s4 path;") && asked.out.contains("not named in the brief: s3 command; s5"))
            #expect(bench.text("ws/count.txt") == "5")
            #expect(bench.exists("ws/old.txt"))
            // What was chosen before does not do for this.
            let other = try await bench.agency(
                "choose",
                "--option",
                "p1",
                "--shown",
                try await bench.sheet(),
                "--why",
                "x"
            )
            #expect(other.status != 0)
            try await bench.choose("p1.h1")
            try await bench.resume(0)
            #expect(!bench.exists("ws/old.txt"))
            #expect(bench.exists("ws/victim.txt"))
            let decisions = try await filled(bench).map { $0["body"]?["ruling"]?["decision"]?.string }
            #expect(decisions == ["allowed", "asks"])
            try await bench.requireSound()
            let replayed = try await bench.agency("replay", "latest")
            #expect(replayed.status == 0, "\(replayed.testDescription)")
            let policy = try await bench.agency("policy", "evaluate", "--run", "latest", "--json").json()
            #expect(policy["calls"]?.array?.count == 6, "\(policy)")
            #expect(policy["calls"]?.array?.contains { $0["decision"] != "allowed" } == false, "\(policy)")
            let strict = try await bench.agency("report", "--html", "out.html")
            #expect(strict.status == 0, "\(strict.testDescription)")
            #expect(bench.text("out.html").contains("Filled with what is read later"))
        }
    }

    @Test func `a mandate of the brief answers, until it is withdrawn`() async throws {
        let mandate = """
            mandates:
              - id: clearing
                classes: [transactional]
                authority: {object: {one-of: [old.txt]}}
                writers: [person, tool, model, anyone]
            """
        try await Bench.with { bench in
            try await prepare(bench, mandate: mandate)
            try await bench.beginAndWait()
            #expect(try await bench.agency("mandate", "list").json().array?.first?["id"] == "clearing")
            try await bench.choose("p1")
            let done = try await bench.resume(0)
            #expect(done.err.contains("filled with what was read under mandate clearing"), "\(done.testDescription)")
            #expect(!bench.exists("ws/old.txt"))
            try await bench.requireSound()
        }
        try await Bench.with { bench in
            try await prepare(bench, mandate: mandate)
            try await bench.beginAndWait()
            try await bench.choose("p1")
            let unknown = try await bench.agency("mandate", "revoke", "latest", "clear", "--why", "x")
            #expect(unknown.status != 0)
            #expect(unknown.err.contains("there are clearing"), "\(unknown.testDescription)")
            let revoked = try await bench.agency("mandate", "revoke", "latest", "clearing", "--why", "no more")
            #expect(revoked.status == 0, "\(revoked.testDescription)")
            let asked = try await bench.resume(75)
            #expect(asked.out.contains("Asked before it goes on"), "\(asked.testDescription)")
            try await bench.choose("p1.h1")
            try await bench.resume(0)
            try await bench.requireSound()
        }
    }

    @Test func `what has not the shape of its hole, and what a policy refuses, is not carried out`() async throws {
        try await Bench.with { bench in
            try await prepare(bench, victim: "../home/ledger.sqlite")
            try await bench.beginAndWait()
            try await bench.choose("p1")
            let halted = try await bench.resume(75)
            #expect(halted.err.contains("has not the shape"), "\(halted.testDescription)")
            #expect(bench.exists("ws/old.txt"))
            try await bench.requireSound()
        }
        try await Bench.with { bench in
            try await prepare(bench)
            try bench.write(
                "strict.json",
                #"{"name": "strict", "version": 2, "decisions": {"untrusted-authority": "refused"}}"#
            )
            try await bench.beginAndWait("--policy", "strict.json")
            try await bench.choose("p1")
            let halted = try await bench.resume(75)
            #expect(halted.err.contains("refused"), "\(halted.testDescription)")
            #expect(bench.exists("ws/old.txt"))
            let policy = try await bench.agency("policy", "evaluate", "--run", "latest", "--json").json()
            #expect(policy["policy"] == "strict")
            try bench.write("bad.json", #"{"name": "bad"}"#)
            let bad = try await bench.begin("--policy", "bad.json")
            #expect(bad.status == 65, "\(bad.testDescription)")
        }
    }

    @Test func `mandates that cannot hold are refused where they stand`() async throws {
        try await Bench.with { bench in
            for (mandate, said) in [
                ("mandates: [{id: a, classes: [any]}]", "this is no mandate"),
                ("mandates: [{id: a, classes: []}]", "covers no class"),
                ("mandates: [{id: a, classes: [keyed], until: 2026-02-30T00:00:00Z}]", "no such second"),
                ("mandates: [{id: a, classes: [keyed]}, {id: a, classes: [blind]}]", "two mandates"),
            ] {
                try bench.write("other.md", bench.text("brief.md"))
                try bench.edit("other.md", "resources:", mandate + "\nresources:")
                let refused = try await bench.agency("run", "other.md", "-a", "board.yaml", "-w", "ws")
                #expect(refused.status == 65, "\(refused.testDescription)")
                #expect(refused.err.contains(said), "\(said): \(refused.testDescription)")
                #expect(refused.err.contains("other.md:"), "\(refused.testDescription)")
            }
        }
    }
}
