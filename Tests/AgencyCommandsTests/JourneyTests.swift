// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct JourneyTests {
    @Test func `a run without a terminal goes from the brief through a surprise to its goals`() async throws {
        try await Bench.with { bench in
            let begun = try await bench.begin()
            #expect(begun.status == 75, "\(begun.testDescription)")
            let sheet = try await bench.sheet()
            for part in [
                "p1  Split the names", "p2  Only take a note", "Single names are forgotten", "agency choose", sheet,
            ] {
                #expect(begun.out.contains(part), "\(part)")
            }
            #expect(begun.err.contains("● run r-"))
            #expect(begun.err.contains("at most"))

            let chosen = try await bench.choose("p1")
            #expect(chosen.out.contains("agency resume"))
            let surprised = try await bench.resume(75)
            #expect(surprised.err.contains("surprise: forecast at 95%: everybody has a given name"))
            #expect(surprised.err.contains("xpected = 0, observed 1"), "\(surprised.testDescription)")
            #expect(surprised.err.contains("undone: s2 (surprise)"))
            #expect(surprised.out.contains("p1.r1"))
            // The note of the first step stays, and nothing of the second.
            #expect(bench.text("ws/notes.txt") == "splitting names\n")
            #expect(try await bench.contents()["shop.db"]?.contains("family") == false)

            try await Self.look(at: bench)
            try await bench.choose("p1.r1")
            let ended = try await bench.resume(0)
            for part in ["goal split: reached", "goal listed: reached", "done: 3 steps enacted"] {
                #expect(ended.err.contains(part), "\(ended.testDescription)")
            }
            #expect(bench.text("ws/list.txt") == "Ada|Lovelace\nGrace|Hopper\nAlan|Turing\nCher|\nDonald|Knuth\n")
            let over = try await bench.resume(0)
            #expect(over.err.contains("is over: done"))
            try await bench.requireSound()
        }
    }

    /// Looks at a run that waits for its second choice.
    private static func look(at bench: Bench) async throws {
        let shown = try await bench.agency("show")
        for part in ["p1.r1", "observed 1", "undone (surprise)", "sheet "] {
            #expect(shown.out.contains(part), "\(part): \(shown.testDescription)")
        }
        let option = try await bench.agency("show", "--option", "p1.r1")
        #expect(option.out.contains("sqlite.execute"))
        let diff = try await bench.agency("diff")
        #expect(diff.status == 0)
        #expect(diff.out.contains("1 step differs"), "\(diff.testDescription)")
        #expect(diff.out.contains("given = name") || diff.out.contains("= name where given is null"))
        let step = try await bench.agency("show", "--step", "s2")
        #expect(step.out.contains("expected = 0, observed 1"))
        let episode = try await bench.agency("show", "--episode", "0.explain.explainer")
        #expect(episode.out.contains("You play the role “explainer”"))
        #expect(episode.out.contains("It will be fine."))
        let picture = try await bench.agency("show", "--picture")
        #expect(picture.out.hasPrefix("<svg") || picture.out.hasPrefix("<?xml"))
    }

    @Test func `whatever is printed as JSON can be read as JSON`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.finish()
            let looks = [
                ["status", "--json"], ["status", "latest", "--json"], ["show", "--json"],
                ["show", "--option", "p1", "--json"], ["show", "--step", "s2", "--json"],
                ["show", "--episode", "0.explain.explainer", "--json"], ["diff", "--json"],
                ["diff", "--from", "p1", "--to", "p2", "--json"], ["goal", "list", "--json"], ["verify", "--json"],
                ["check", "board.yaml", "--json"], ["check", "board.yaml", "--brief", "brief.md", "--json"],
            ]
            for look in looks {
                let outcome = try await bench.agency(look)
                #expect(outcome.status == 0, "\(outcome.testDescription)")
                _ = try outcome.json()
            }
            let state = try await bench.state()
            #expect(state["status"]?.string == "done")
            #expect(state["finished"]?["outcome"]?.string == "done")
            #expect(state["choices"]?.array?.count == 2)
            let tries = try await bench.agency("show", "--step", "s2", "--json").json().array ?? []
            #expect(tries.map { $0["halt"]?.isNull } == [false, true])
            let verified = try await bench.agency("verify", "--json").json()
            #expect(verified["faults"] == [])
            let events = try await bench.events()
            #expect(events.map { $0["sequence"]?.integer } == events.indices.map { Int64($0) })
            #expect(events.first?["type"]?.string == "run_started")
            #expect(events.last?["type"]?.string == "run_finished")
            let from = try await bench.agency("events", "--json", "--from", "\(events.count - 2)")
            #expect(from.out.split(separator: "\n").count == 2)
            let rows = try await bench.agency("events")
            #expect(rows.out.split(separator: "\n").count == events.count)
            #expect(rows.out.split(separator: "\n").allSatisfy { $0.split(separator: "\t").count == 4 })
        }
    }

    @Test func `a run told as JSON is a line for every event and nothing else`() async throws {
        try await Bench.with { bench in
            let begun = try await bench.begin("--json")
            #expect(begun.status == 75)
            #expect(begun.err == "", "\(begun.testDescription)")
            let told = try begun.out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
            #expect(told == (try await bench.events()))
        }
    }

    @Test func `the report is one page of HTML or Markdown with the whole story`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            try await bench.finish()
            let written = try await bench.agency("report", "--html", "report.html", "--markdown", "report.md")
            #expect(written.status == 0, "\(written.testDescription)")
            for name in ["report.html", "report.md"] {
                for part in [
                    "Split the names", "One should ask Cher first.", "observed", "p1.r1", "are as they were written",
                ] {
                    #expect(bench.text(name).contains(part), "\(name): \(part)")
                }
            }
            #expect(bench.text("report.html").lowercased().hasPrefix("<!doctype html>"))
            #expect(!bench.text("report.html").contains("src=\"http"))
            let printed = try await bench.agency("report", "--markdown", "-")
            #expect(
                printed.out.trimmingCharacters(in: .newlines)
                    == bench.text("report.md").trimmingCharacters(in: .newlines)
            )
            let lost = try await bench.agency("report", "--html", "no-such-folder/report.html")
            #expect(lost.status == 69, "\(lost.testDescription)")
        }
    }

    @Test func `a run that is over can be taken back to any step and to the start`() async throws {
        try await Bench.with { bench in
            let before = try await bench.contents()
            try await bench.beginAndWait()
            try await bench.finish()
            let reverted = try await bench.agency("revert", "--to", "s1", "--why", "too bold")
            #expect(reverted.status == 0)
            #expect(reverted.out.contains("undone: s2, s3"))
            var expected = before
            expected["notes.txt"] = "splitting names\n"
            #expect(try await bench.contents() == expected)
            #expect(try await bench.agency("revert", "--to", "start").status == 0)
            #expect(try await bench.contents() == before)
            #expect(try await bench.git("status", "--short") == "")
            try await bench.requireSound()
        }
    }

    @Test func `a folder without version control is left alone and a copy is worked on`() async throws {
        try await Bench.with { bench in
            try bench.remove("ws/.git")
            let before = try await bench.contents()
            let begun = try await bench.begin()
            #expect(begun.status == 75, "\(begun.testDescription)")
            #expect(begun.err.contains("working on a copy"))
            try await bench.finish()
            #expect(try await bench.contents() == before)
            let run = try #require(try await bench.state()["run"]?.string)
            #expect(bench.text("home/runs/\(run)/workspace/list.txt").contains("Ada|Lovelace"))
        }
    }
}
