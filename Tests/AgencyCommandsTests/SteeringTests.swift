// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema
import Foundation
import Testing

@Suite struct SteeringTests {
    @Test func `rewritten goals have the options judged again, and what was shown before is stale`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let before = try await bench.sheet()
            try bench.write("goals.yaml", try await bench.agency("goal", "list").out)
            try bench.edit("goals.yaml", "Everybody has a given name.", "Each and every customer has a given name.")
            let edited = try await bench.agency("goal", "edit", "latest", "--file", "goals.yaml", "--why", "clearer")
            #expect(edited.status == 0, "\(edited.testDescription)")
            let early = try await bench.agency("choose", "--option", "p1", "--shown", before, "--why", "x")
            #expect(early.status == 75)
            #expect(early.err.contains("agency resume"))
            let performed = bench.performances.count
            let judged = try await bench.resume(75)
            #expect(judged.err.contains("1.evaluate.auditor.p1"), "\(judged.testDescription)")
            #expect(
                bench.performances.dropFirst(performed).allSatisfy { $0.contains("evaluate") || $0.contains("explain") }
            )
            #expect(try await bench.sheet() != before)
            let stale = try await bench.agency("choose", "--option", "p1", "--shown", before, "--why", "x")
            #expect(stale.status == 75)
            #expect(stale.err.contains("look again"))
            let listed = try await bench.agency("goal", "list", "--json").json()
            #expect(listed.array?.first?["want"]?.string == "Each and every customer has a given name.")
            try await bench.finish()
            try await bench.requireSound()
        }
    }

    @Test func `goals that cannot be used are refused and change nothing`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let sheet = try await bench.sheet()
            let good = try await bench.agency("goal", "list").out
            let spoilt = [
                ("- id: [\n", "goals.yaml:"), (good.replacingOccurrences(of: "id: listed", with: "id: split"), "split"),
                (good.replacingOccurrences(of: "sqlite.query", with: "rocket.launch"), "rocket.launch"),
                ("", "goals.yaml"),
            ]
            for (text, said) in spoilt {
                try bench.write("goals.yaml", text)
                let refused = try await bench.agency("goal", "edit", "latest", "--file", "goals.yaml", "--why", "x")
                #expect(refused.status == 65, "\(said): \(refused.testDescription)")
                #expect(refused.err.contains(said), "\(refused.testDescription)")
            }
            let none = try await bench.agency("goal", "edit", "latest", "--file", "none.yaml", "--why", "x")
            #expect(none.status == 65)
            #expect(try await bench.sheet() == sheet)
            try await bench.requireSound()
        }
    }

    @Test func `a question is answered on the record, and the answer is part of what is shown`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let before = try await bench.sheet()
            #expect(try await bench.agency("choose", "--ask", "What of Cher?").status == 0)
            let early = try await bench.agency("choose", "--option", "p1", "--shown", before, "--why", "x")
            #expect(early.status == 75, "\(early.testDescription)")
            let answered = try await bench.resume(75)
            #expect(answered.err.contains("0.answer.explainer.q1"))
            #expect(answered.out.contains("What of Cher?"))
            #expect(answered.out.contains("Answer"))
            #expect(try await bench.sheet() != before)
            let asked = try await bench.state()["questions"]?.array
            #expect(asked?.first?["text"]?.string == "What of Cher?", "\(asked ?? [])")
            #expect(asked?.first?["answer"]?["claims"]?.array?.count == 2)
            for number in 2...5 {
                #expect(try await bench.agency("choose", "--ask", "And \(number)?").status == 0)
            }
            let tooMany = try await bench.agency("choose", "--ask", "And now?")
            #expect(tooMany.status == 75)
            #expect(tooMany.err.contains("no more may be"))
            try await bench.resume(75)
            try await bench.finish()
            try await bench.requireSound()
        }
    }

    @Test func `work is sent back as often as the architecture allows`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let first = try await bench.sheet()
            let sent = try await bench.agency("choose", "--send-back", "--why", "think of Cher", "--shown", first)
            #expect(sent.status == 0, "\(sent.testDescription)")
            let anew = try await bench.resume(75)
            #expect(anew.err.contains("choose among p3, p4"))
            // Why it was sent back is told to those who propose.
            let prompt = try await bench.agency("show", "--episode", "1.propose.proposer.1")
            #expect(prompt.out.contains("think of Cher"))
            let again = try await bench.agency(
                "choose",
                "--send-back",
                "--why",
                "more",
                "--shown",
                try await bench.sheet()
            )
            #expect(again.status == 75)
            #expect(again.err.contains("the architecture's bound is reached"))
            try await bench.choose("p3")
            try await bench.resume(75)
            try await bench.choose("p3.r1")
            try await bench.resume(0)
            try await bench.requireSound()
        }
    }

    @Test func `choosing none ends a run with status 0 and nothing done`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let declined = try await bench.agency(
                "choose",
                "--none",
                "--why",
                "no need",
                "--shown",
                try await bench.sheet()
            )
            #expect(declined.status == 0)
            let ended = try await bench.resume(0)
            #expect(ended.err.contains("declined"))
            #expect(try await bench.state()["finished"]?["outcome"]?.string == "declined")
            #expect(try await bench.git("status", "--short") == "")
            #expect(try await bench.agency("choose", "--ask", "Why?").status == 75)
            try await bench.requireSound()
        }
    }

    @Test func `a paused run waits, and a run can be named by the beginning of its name`() async throws {
        try await Bench.with { bench in
            try await bench.beginAndWait()
            let run = try #require(try await bench.state()["run"]?.string)
            let part = String(run.dropFirst(2).prefix(5))
            #expect(try await bench.agency("pause", part, "--why", "lunch").status == 0)
            let status = try await bench.agency("status", run)
            #expect(status.out.contains("paused"), "\(status.testDescription)")
            let listed = try await bench.agency("status")
            #expect(listed.out.hasPrefix(run + "  paused"))
            try await bench.resume(75, part)
            #expect(try await bench.state()["waits_for_choice"] == true)
            try await bench.requireSound()
        }
    }
}
