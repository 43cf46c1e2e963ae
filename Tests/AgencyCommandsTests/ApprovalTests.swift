// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Testing

@Suite struct ApprovalTests {
    @Test func `no option of run or resume approves anything`() async throws {
        try await Bench.with { bench in
            for command in ["run", "resume"] {
                let help = try await bench.agency(command, "--help").out.lowercased()
                for word in ["--yes", "--force", "--approve", "--auto", "--option", "--choose", "-y "] {
                    #expect(!help.contains(word), "\(command) \(word)")
                }
            }
            for flag in ["--yes", "-y", "--approve", "--option=p1", "--choose=p1"] {
                #expect(try await bench.begin(flag).status == 64)
            }
            #expect(!bench.exists("home"))
        }
    }

    static let incomplete = [
        ["--option", "p1"], ["--option", "p1", "--why", "because"], ["--option", "p1", "--shown", "0123456789ab"],
        ["--none"], ["--send-back", "--why", "because"], ["--edit", "p1", "--why", "because"], [],
        ["--option", "p1", "--none", "--why", "because", "--shown", "0123456789ab"],
    ]

    @Test func `a choice needs what was shown and why`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            for arguments in Self.incomplete {
                let refused = try await bench.agency(["choose"] + arguments)
                #expect(refused.status == 64, "\(refused.testDescription)")
                #expect(refused.err.contains("Usage: agency choose"))
            }
            let sheet = try await bench.sheet()
            let empty = try await bench.agency("choose", "--option", "p1", "--shown", sheet, "--why", "  ")
            #expect(empty.status == 65)
            #expect(empty.err.contains("needs a reason"))
            let unknown = try await bench.agency("choose", "--option", "p9", "--shown", sheet, "--why", "because")
            #expect(unknown.status == 65)
            #expect(unknown.err.contains("there are: p1, p2"))
            for wrong in ["0123456789ab", String(sheet.dropLast()), "", sheet + "g", "zzzzzzzzzzzz"] {
                let refused = try await bench.agency("choose", "--option", "p1", "--shown", wrong, "--why", "because")
                #expect(refused.status == 75, "\(refused.testDescription)")
                #expect(refused.err.contains("look again: agency show"))
            }
            #expect(try await bench.events().allSatisfy { $0["type"]?.string != "choice_recorded" })
            let goesOn = try await bench.resume(75)
            #expect(goesOn.out.contains(sheet))
        }
    }

    @Test func `what was shown before can no longer be chosen when the options have changed`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let first = try await bench.sheet()
            let again = try await bench.agency("choose", "--option", "p1", "--shown", first, "--why", "because")
            #expect(again.status == 0)
            let twice = try await bench.agency("choose", "--option", "p2", "--shown", first, "--why", "because")
            #expect(twice.status == 75)
            #expect(twice.err.contains("does not wait for a choice"))
            try await bench.resume(75)
            let stale = try await bench.agency("choose", "--option", "p1.r1", "--shown", first, "--why", "because")
            #expect(stale.status == 75)
            #expect(stale.err.contains("look again"))
            #expect(try await bench.events().count { $0["type"]?.string == "choice_recorded" } == 1)
            try await bench.requireSound()
        }
    }

    static let menu = "[q]uit for now"

    @Test func `pressing Enter at the prompt approves nothing`() async throws {
        try await Bench.with { bench in
            let nothing = ["", "", "c", "c p1"].map { [Self.menu, $0 + "\n"] }
            let noReason = [["Why p1? ", "\n"], ["nothing is chosen", ""], [Self.menu, "c p1\n"]]
            let noName = [
                ["Why p1? ", "because\n"], ["Type p1", "\n"], ["Nothing is chosen", ""], [Self.menu, "c p1\n"],
            ]
            let otherName = [["Why p1? ", "because\n"], ["Type p1", "p2\n"], ["Nothing is chosen", ""]]
            let noVerdict = [
                [Self.menu, "n\n"], ["Why none? ", "\n"], [Self.menu, "s\n"], ["What is missing? ", "\n"],
            ]
            let end = [[Self.menu, "yes\n"], ["There is no", ""], [Self.menu, "q\n"]]
            let script = nothing + noReason + noName + otherName + noVerdict + end
            let left = try await Self.play(bench, script, ["run", "brief.md", "-a", "board.yaml", "-w", "ws"])
            #expect(left.status == 75, "\(left.testDescription)")
            #expect(left.out.contains("agency resume r-"))
            #expect(try await bench.events().allSatisfy { $0["type"]?.string != "choice_recorded" })
            #expect(try await bench.git("status", "--short") == "")
            // The end of input is no approval either.
            let ended = try await Self.play(bench, [[Self.menu, "\u{4}"]], ["resume"])
            #expect(ended.status == 75, "\(ended.testDescription)")
            try await bench.requireSound()
        }
    }

    @Test func `a person at a terminal looks, asks, edits, chooses and sees it through`() async throws {
        try await Bench.with { bench in
            let looks = [
                [Self.menu, "v p1\n"], ["sqlite.execute", ""], [Self.menu, "d p1 p2\n"], ["p1 → p2", ""],
                [Self.menu, "v p9\n"], ["there is no option “p9”; there are: p1, p2", ""],
                [Self.menu, "a What of Cher?\n"], ["What of Cher?", ""],
            ]
            let edit = [
                [Self.menu, "e p2\n"], ["then say here what you changed and why: ", "fewer words\n"], ["p2.e1", ""],
                [Self.menu, "s\n"], ["What is missing? ", "think of Cher\n"], ["choose among p3, p4", ""],
            ]
            let choices = [
                [Self.menu, "c p3\n"], ["Why p3? ", "it is careful\n"], ["Type p3 to have it enacted: ", "p3\n"],
                ["surprise", ""], [Self.menu, "c p3.r1\n"], ["Why p3.r1? ", "it thinks of Cher\n"],
                ["Type p3.r1 to have it enacted: ", "p3.r1\n"], ["goal listed: reached", ""],
            ]
            let command = ["run", "brief.md", "-a", "board.yaml", "-w", "ws"]
            let ended = try await Self.play(bench, looks + edit + choices, command)
            #expect(ended.status == 0, "\(ended.testDescription)")
            #expect(bench.text("ws/list.txt").contains("Cher|\n"))
            let choice = try #require(try await bench.state()["choices"]?.array?.last)
            #expect(choice["reason"]?.string == "it thinks of Cher")
            #expect(choice["identifiedBy"]?.string?.contains("at a terminal") == true, "\(choice)")
            try await bench.requireSound()
        }
    }

    /// Starts the program at a terminal and plays the person.
    private static func play(_ bench: Bench, _ script: [[String]], _ command: [String]) async throws -> Outcome {
        let lines = JSONValue.array(script.map { .array($0.map { .string($0) }) })
        return try await bench.play("terminal.py", [lines.compactText, Binary.agency] + command)
    }
}
