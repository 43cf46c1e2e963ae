// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct PerformerTests {
    /// What a program does wrong, and what is said of it.
    static let troubles = [
        ("flood", "too-large: the program wrote more than"),
        ("die", "program-failed: the program exited(3): a part is missing"),
        ("killed", "program-failed: the program signaled(9)"),
        ("refusal", "refusal: the performer declined: I would rather not."),
        ("invalid", "invalid-output: after 2 repairs"), ("prose", "invalid-output: after 2 repairs"),
        ("notjson", "protocol-violation"), ("bytes", "not valid UTF-8"), ("cycle", "in a circle"),
        ("notool", "/steps/0/action/tool"), ("stranger", "“files.write” was not offered"), ("silent", "empty"),
    ]

    @Test(arguments: troubles)
    func `an episode that comes to nothing fails alone, and can be tried again`(
        _ kind: String,
        _ said: String
    ) async throws {
        try await Bench.with(trouble: kind, in: "0.propose.proposer.1") { bench in
            try bench.raiseFlag()
            let begun = try await bench.begin()
            #expect(begun.status == 75, "\(begun.testDescription)")
            #expect(begun.err.contains("✗ 0.propose.proposer.1: "))
            #expect(begun.err.contains(said), "\(begun.testDescription)")
            // A program's words cannot steer the terminal.
            #expect(!begun.err.contains("\u{1B}"))
            let options = try await bench.state()["options"]?.array?.compactMap { $0["id"]?.string }
            #expect(options == ["p2"])
            try await bench.choose("p2")
            try await bench.resume(75)
            try await bench.requireSound()
        }
    }

    @Test func `a stage in which every episode fails stalls until it is tried again`() async throws {
        try await Bench.with(trouble: "refusal", in: "0.propose") { bench in
            try bench.raiseFlag()
            let begun = try await bench.begin()
            #expect(begun.status == 75)
            #expect(begun.err.contains("stalled: no episode of stage “propose” succeeded"))
            #expect(begun.err.contains("--again; or end it: agency stop"))
            try bench.lowerFlag()
            let before = bench.performances
            let still = try await bench.resume(75)
            #expect(still.err.contains("stalled"))
            #expect(bench.performances == before)
            let again = try await bench.resume(75, "--again")
            #expect(again.out.contains("p1  Split the names"))
            try await bench.finish()
            try await bench.requireSound()
        }
    }

    @Test func `a program that hangs is ended with its time, and performs again when the run is resumed`() async throws
    {
        try await Bench.with(trouble: "hang", in: "0.explain") { bench in
            try bench.raiseFlag()
            try bench.edit("board.yaml", "instructions: Explain.\n", "instructions: Explain.\n    repairs: 0\n")
            try bench.edit("board.yaml", "question]\n    budget: {seconds: 60}", "question]\n    budget: {seconds: 1}")
            let begun = try await bench.begin()
            #expect(begun.status == 69, "\(begun.testDescription)")
            #expect(begun.err.contains("timeout: "))
            #expect(begun.complaints.last?.contains("go on with: agency resume r-") == true)
            let processes = try await Outcome.of("/usr/bin/pgrep", ["-f", bench.diary], in: "/", environment: [:])
            #expect(processes.status == 1, "still there: \(processes.out)")
            try bench.lowerFlag()
            let before = bench.performances
            try await bench.resume(75)
            #expect(Array(bench.performances.dropFirst(before.count)) == ["0.explain.explainer 0"])
            try await bench.requireSound()
        }
    }

    @Test func `a program that is not there is named, and the run goes on when it is`() async throws {
        try await Bench.with { bench in
            try bench.edit("agency.yaml", Binary.python, "/nonexistent/python")
            let begun = try await bench.begin()
            #expect(begun.status == 75, "\(begun.testDescription)")
            #expect(begun.err.contains("/nonexistent/python"))
            try bench.edit("agency.yaml", "/nonexistent/python", Binary.python)
            let again = try await bench.resume(75, "--again")
            #expect(again.out.contains("p1  Split the names"))
        }
    }

    @Test func `a recording that does not fit is said to be so, and the run goes on with live answers`() async throws {
        try await Bench.with { bench in
            try FileManager.default.createDirectory(
                atPath: bench.root + "/recordings",
                withIntermediateDirectories: true
            )
            let begun = try await bench.begin("--replay", "recordings")
            #expect(begun.status == 65, "\(begun.testDescription)")
            #expect(begun.err.contains("there is no recording of 0.propose.proposer."))
            #expect(bench.performances.isEmpty)
            try bench.remove("home")
            try await bench.beginAndWait("--record", "recordings")
            try bench.remove("home")
            try bench.edit("brief.md", "There are five customers", "There are some five customers")
            let changed = try await bench.begin("--replay", "recordings")
            #expect(changed.status == 65, "\(changed.testDescription)")
            #expect(changed.err.contains("prompt-changed: turn 0 of 0.propose.proposer."))
        }
    }
}
